package dev.tributary.cost;

import dev.tributary.schemas.MinuteClosed;
import dev.tributary.schemas.WindowRecord;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.streams.processor.StreamPartitioner;

/**
 * Windows by series; the end of a minute to the partition it speaks for.
 *
 * @param expected partitions of the repartition topic; llm.windows must have as many, or the end of
 *     a minute would overtake windows on another partition
 */
record WindowsPartitioner(int expected) implements StreamPartitioner<String, WindowRecord> {

  @Override
  public Optional<Set<Integer>> partitions(
      String topic, String key, WindowRecord value, int partitions) {
    if (partitions != expected) {
      throw new IllegalStateException(
          topic
              + " has "
              + partitions
              + " partitions, tributary.topics.partitions says "
              + expected
              + "; they must be equal");
    }
    int partition =
        value.getBody() instanceof MinuteClosed closed
            ? closed.getPartition()
            : SeriesPartition.of(key, partitions);
    return Optional.of(Set.of(partition));
  }
}
