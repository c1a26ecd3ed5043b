/**
 * The arithmetic of anomalies: baseline, surprise, rule and latch of one series, the search for the
 * slice that carries a change, and its exact split. Pure: no Kafka, no clock, no file; time is an
 * argument. Floating point is right here for statistics; money that is split stays decimal.
 */
@NullMarked
package dev.tributary.anomaly.core;

import org.jspecify.annotations.NullMarked;
