/**
 * The pure part of the sink: columns and how records become columns, blocks and the protocol that
 * loads each exactly once. No Kafka, no I/O, no clock.
 */
@NullMarked
package dev.tributary.sink.clickhouse.core;

import org.jspecify.annotations.NullMarked;
