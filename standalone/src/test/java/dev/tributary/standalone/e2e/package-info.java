/**
 * The whole chain, end to end, from OTLP bytes to sums in ClickHouse, whatever is killed on the
 * way.
 */
@NullMarked
package dev.tributary.standalone.e2e;

import org.jspecify.annotations.NullMarked;
