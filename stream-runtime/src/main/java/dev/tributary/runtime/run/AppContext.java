package dev.tributary.runtime.run;

import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.serde.TopicSerdes;
import dev.tributary.schemas.TopicNames;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;

/**
 * What a topology is made from.
 *
 * @param settings the resolved settings of the process
 * @param serdes serdes of the catalogue's topics
 * @param topics names of the catalogue's topics on the cluster
 * @param meters where the module's counters go
 * @param clock the wall clock; a topology never asks the system for the time
 */
public record AppContext(
    Settings settings, TopicSerdes serdes, TopicNames topics, MeterRegistry meters, Clock clock) {}
