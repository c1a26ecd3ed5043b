/**
 * OTLP over HTTP into Kafka: what a Collector with a Kafka exporter does, for those without one.
 */
@NullMarked
package dev.tributary.standalone.otlp;

import org.jspecify.annotations.NullMarked;
