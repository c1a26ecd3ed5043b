package dev.tributary.cost;

import dev.tributary.cost.core.MergeInput;
import dev.tributary.cost.core.Series;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.streams.processor.StreamPartitioner;

/**
 * Parts of windows by series, of cells by feature, of spend by scope; clocks to every partition.
 */
final class PartialsPartitioner implements StreamPartitioner<String, MergeInput> {

  @Override
  public Optional<Set<Integer>> partitions(
      String topic, String key, MergeInput value, int partitions) {
    if (value instanceof MergeInput.SourceClock) {
      return Optional.of(
          IntStream.range(0, partitions).boxed().collect(Collectors.toUnmodifiableSet()));
    }
    return Optional.of(Set.of(SeriesPartition.of(Series.partitionKey(key), partitions)));
  }
}
