/**
 * The arithmetic of windows: which line enters which series, signed sums, signed distributions, and
 * when a minute is closed. Pure: no Kafka, no clock, no file; time is an argument. No sum here is a
 * floating point number; the one class that turns a value into a bucket number is {@link
 * dev.tributary.cost.core.SketchMapping}.
 */
@NullMarked
package dev.tributary.cost.core;

import org.jspecify.annotations.NullMarked;
