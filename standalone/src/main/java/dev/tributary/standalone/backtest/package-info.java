/** A policy tried on a series in a file, offline: a line per window, and the episodes. */
@NullMarked
package dev.tributary.standalone.backtest;

import org.jspecify.annotations.NullMarked;
