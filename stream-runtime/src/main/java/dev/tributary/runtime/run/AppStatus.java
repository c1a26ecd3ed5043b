package dev.tributary.runtime.run;

import org.apache.kafka.streams.KafkaStreams;
import org.jspecify.annotations.Nullable;

/**
 * How an application is now.
 *
 * @param name the application's
 * @param applicationId also its consumer group, see {@link GroupLag}
 * @param state Kafka's word for it
 * @param activeTasks tasks it runs in this process
 * @param standbyTasks tasks whose state it copies
 * @param failure what stopped it: class names and position, no record content; null: nothing did
 */
public record AppStatus(
    String name,
    String applicationId,
    KafkaStreams.State state,
    int activeTasks,
    int standbyTasks,
    @Nullable String failure) {}
