/**
 * The web console: pages over the shared views of ClickHouse, for browsers. It reads and never
 * writes; no Kafka, no Kafka Streams.
 */
@NullMarked
package dev.tributary.console;

import org.jspecify.annotations.NullMarked;
