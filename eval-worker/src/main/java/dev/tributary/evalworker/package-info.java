/**
 * Takes evaluation jobs, fetches content by reference, runs evaluators, writes results. Plain Kafka
 * clients, no Streams.
 */
@NullMarked
package dev.tributary.evalworker;

import org.jspecify.annotations.NullMarked;
