/**
 * The pure part of normalising: OTLP spans in, records of {@code dev.tributary.schemas} out. No
 * Kafka, no files, no network, no clock: the time is an argument.
 */
@NullMarked
package dev.tributary.normalize.core;

import org.jspecify.annotations.NullMarked;
