/**
 * Says how two arms differ - prompt versions, models, branches of an experiment - and whether that
 * is enough to release one. Pure functions over sums: no Kafka, no I/O, no clock; randomness is an
 * argument. Effects are estimates with an error, so amounts are doubles here and nothing computed
 * here is ever booked.
 */
@NullMarked
package dev.tributary.quality;

import org.jspecify.annotations.NullMarked;
