/** Topics to ClickHouse: migrations, exactly-once loading, shared views. */
@NullMarked
package dev.tributary.sink.clickhouse;

import org.jspecify.annotations.NullMarked;
