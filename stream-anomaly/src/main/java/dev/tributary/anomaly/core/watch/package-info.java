/**
 * Fixed rules for queues of evaluations: how long answers may be waited for and how many jobs may
 * wait. Pure; the time is that of the record that tells of the queue.
 */
@NullMarked
package dev.tributary.anomaly.core.watch;

import org.jspecify.annotations.NullMarked;
