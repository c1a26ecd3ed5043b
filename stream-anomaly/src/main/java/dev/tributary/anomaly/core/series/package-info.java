/**
 * From the sums of a window to findings: metrics, the rules that watch them, and the state of a
 * series. Pure: no Kafka, no clock.
 */
@NullMarked
package dev.tributary.anomaly.core.series;

import org.jspecify.annotations.NullMarked;
