/** The one shared runtime: config, runner, serdes, error routes, metrics, health, test kit. */
@NullMarked
package dev.tributary.runtime;

import org.jspecify.annotations.NullMarked;
