package dev.tributary.cost;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.utils.Utils;

/**
 * The partition of a series: Kafka's default for its key. One function for the repartition topic
 * and for llm.windows, so that the windows a task merges go to the partition it speaks for.
 */
final class SeriesPartition {
  private SeriesPartition() {}

  static int of(String key, int partitions) {
    byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
    return Utils.toPositive(Utils.murmur2(bytes)) % partitions;
  }
}
