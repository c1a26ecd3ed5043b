package dev.tributary.anomaly;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.processor.StreamPartitioner;

/** Findings and cells by tenant and environment; the end of a step to every partition. */
final class DeskPartitioner implements StreamPartitioner<String, DeskInput> {

  @Override
  public Optional<Set<Integer>> partitions(
      String topic, String key, DeskInput value, int partitions) {
    if (value instanceof DeskInput.Closed) {
      return Optional.of(
          IntStream.range(0, partitions).boxed().collect(Collectors.toUnmodifiableSet()));
    }
    byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
    return Optional.of(Set.of(Utils.toPositive(Utils.murmur2(bytes)) % partitions));
  }
}
