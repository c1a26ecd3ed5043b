/** Drift between two periods of a running instance, from its ClickHouse. */
@NullMarked
package dev.tributary.standalone.drift;

import org.jspecify.annotations.NullMarked;
