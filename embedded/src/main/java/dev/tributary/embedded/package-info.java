/**
 * Embedded Kafka broker, schema registry and ClickHouse engine: what standalone and the tests run
 * on.
 */
@NullMarked
package dev.tributary.embedded;

import org.jspecify.annotations.NullMarked;
