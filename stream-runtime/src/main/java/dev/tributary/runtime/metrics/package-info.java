/** The counters that every module has, under the same names. No Kafka Streams import. */
@NullMarked
package dev.tributary.runtime.metrics;

import org.jspecify.annotations.NullMarked;
