/** Metrics, rules and policies. */
@NullMarked
package dev.tributary.anomaly.core.series;

import org.jspecify.annotations.NullMarked;
