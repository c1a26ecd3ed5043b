/** {@code /live /ready /metrics} over HTTP. No Kafka Streams import. */
@NullMarked
package dev.tributary.runtime.health;

import org.jspecify.annotations.NullMarked;
