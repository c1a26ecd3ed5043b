/** Queues of evaluations. */
@NullMarked
package dev.tributary.anomaly.core.watch;

import org.jspecify.annotations.NullMarked;
