/**
 * The embedded ClickHouse: libchdb (the real engine) in a child JVM behind ClickHouse's HTTP
 * interface. {@link dev.tributary.embedded.clickhouse.EmbeddedClickHouse} starts and supervises the
 * child; any ClickHouse client talks to its URL. One process owns a data path.
 */
@NullMarked
package dev.tributary.embedded.clickhouse;

import org.jspecify.annotations.NullMarked;
