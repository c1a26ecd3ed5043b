/**
 * Windows to anomalies: per series a seasonal baseline and a latch, per episode its cause, per
 * owner an alert. The core is pure; a replay of the same windows gives the same episodes.
 */
@NullMarked
package dev.tributary.anomaly;

import org.jspecify.annotations.NullMarked;
