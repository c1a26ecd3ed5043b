/**
 * The pure core of attribution: what a set of spans is worth and to whom it belongs, and when a
 * trace is booked, revised and forgotten. No Kafka, no files, no clock: time, reference data and
 * storage are arguments.
 */
@NullMarked
package dev.tributary.attribution.core;

import org.jspecify.annotations.NullMarked;
