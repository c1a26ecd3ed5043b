/** Runs topologies: settings in, exit code out, and everything around a {@code KafkaStreams}. */
@NullMarked
package dev.tributary.runtime.run;

import org.jspecify.annotations.NullMarked;
