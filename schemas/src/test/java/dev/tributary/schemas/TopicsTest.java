package dev.tributary.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class TopicsTest {

  @Test
  void names_areUnique() {
    assertThat(Topics.all()).extracting(Topic::name).doesNotHaveDuplicates();
  }

  @Test
  void coPartitionedTopics_agreeOnPartitionsAndKey() {
    var groups =
        Topics.all().stream()
            .filter(topic -> topic.coPartitionGroup() != null)
            .collect(Collectors.groupingBy(Topic::coPartitionGroup));

    assertThat(groups).isNotEmpty();
    assertThat(groups.values())
        .allSatisfy(
            group -> {
              assertThat(group)
                  .extracting(Topic::partitions)
                  .containsOnly(group.get(0).partitions());
              assertThat(group)
                  .extracting(Topic::keyMeaning)
                  .containsOnly(group.get(0).keyMeaning());
            });
  }

  @Test
  void everyTopicExceptProducersAndDeadLetters_carriesARecordOfOurs() {
    assertThat(Topics.all())
        .filteredOn(topic -> !topic.owner().equals("producers") && topic != Topics.DLQ)
        .allSatisfy(
            topic -> assertThat(topic.value().getPackageName()).isEqualTo("dev.tributary.schemas"));
  }

  @Test
  void keys_tenantIsUnambiguous() {
    assertThat(Keys.isTenant("acme-1.eu")).isTrue();
    assertThat(Keys.isTenant("acme|1")).isFalse();
    assertThat(Keys.isTenant("")).isFalse();
    assertThat(Keys.tenantOf(Keys.session("acme", "a|b"))).isEqualTo("acme");
  }
}
