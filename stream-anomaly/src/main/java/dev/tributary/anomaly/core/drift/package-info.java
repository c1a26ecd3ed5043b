/**
 * Has the behaviour of a feature changed between two periods? Distributions against a reference:
 * how far apart (population stability index), whether by chance (two-sample tests), and how many
 * tests were made (correction). Pure.
 */
@NullMarked
package dev.tributary.anomaly.core.drift;

import org.jspecify.annotations.NullMarked;
