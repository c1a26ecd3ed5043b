package dev.tributary.standalone.platform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.runtime.errors.DeadLetters;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

/** Which dead letters are read, and what is said of them. */
class DeadLetterCountTest {
  private static TopicPartition partition(int number) {
    return new TopicPartition("dlq", number);
  }

  @Test
  void starts_whatFits_isReadWhole() {
    Map<TopicPartition, Long> begins = Map.of(partition(0), 5L, partition(1), 0L);
    Map<TopicPartition, Long> ends = Map.of(partition(0), 65L, partition(1), 40L);

    assertThat(DeadLetterCount.starts(begins, ends, 100)).isEqualTo(begins);
  }

  @Test
  void starts_moreThanTheBound_theLastOfEach_andAShortOneLeavesItsShare() {
    Map<TopicPartition, Long> begins =
        Map.of(partition(0), 0L, partition(1), 0L, partition(2), 990L);
    Map<TopicPartition, Long> ends =
        Map.of(partition(0), 1_000L, partition(1), 2_000L, partition(2), 1_000L);

    assertThat(DeadLetterCount.starts(begins, ends, 100))
        .isEqualTo(Map.of(partition(0), 955L, partition(1), 1_955L, partition(2), 990L));
  }

  @Test
  void starts_nothing_isNothing() {
    assertThat(DeadLetterCount.starts(Map.of(), Map.of(), 100)).isEmpty();
    assertThat(DeadLetterCount.starts(Map.of(partition(0), 7L), Map.of(partition(0), 7L), 100))
        .isEqualTo(Map.of(partition(0), 7L));
  }

  /** A record that was a dead letter before has the header twice. */
  @Test
  void module_isThatOfTheLastHeader() {
    RecordHeaders headers = new RecordHeaders();
    assertThat(DeadLetterCount.moduleOf(headers)).isEqualTo("unknown");
    headers.add(DeadLetters.MODULE, "cost".getBytes(StandardCharsets.UTF_8));
    headers.add(DeadLetters.MODULE, "anomaly".getBytes(StandardCharsets.UTF_8));
    assertThat(DeadLetterCount.moduleOf(headers)).isEqualTo("anomaly");
  }

  @Test
  void text_saysWhetherItIsAll() {
    TreeMap<String, Long> some = new TreeMap<>(Map.of("cost", 1_200L, "sink", 34L));

    assertThat(new DeadLetterCount(new TreeMap<>(), true).text()).isEqualTo("none");
    assertThat(new DeadLetterCount(some, true).text()).isEqualTo("1,234 records");
    assertThat(new DeadLetterCount(some, false).text()).isEqualTo("at least 1,234 records");
    assertThat(new DeadLetterCount(new TreeMap<>(), false).text()).isEqualTo("at least 0 records");
    TreeMap<String, Long> one = new TreeMap<>(Map.of("cost", 1L));
    assertThat(new DeadLetterCount(one, true).text()).isEqualTo("1 record");
    assertThat(new DeadLetterCount(one, false).text()).isEqualTo("at least 1 record");
  }
}
