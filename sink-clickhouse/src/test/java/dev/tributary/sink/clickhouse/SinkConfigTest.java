package dev.tributary.sink.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.runtime.config.ConfigException;
import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.testing.ReadmeSettings;
import dev.tributary.sink.clickhouse.core.ContentPolicies.Workspace;
import dev.tributary.sink.clickhouse.core.SinkLayouts;
import dev.tributary.sink.clickhouse.core.TopicLayout;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The sink's settings. */
final class SinkConfigTest {
  @Test
  void readme_settings_areThoseOfTheCode() {
    ReadmeSettings.assertTable(SinkConfig.settings());
  }

  @Test
  void from_nothingGiven_loadsEveryTopicWithATable() {
    // When
    SinkConfig config = SinkConfig.from(Settings.of(Map.of(), SinkConfig.allSettings()));

    // Then
    assertThat(config.layouts())
        .extracting(TopicLayout::topic)
        .containsExactlyElementsOf(SinkLayouts.all().stream().map(TopicLayout::topic).toList())
        .doesNotHaveDuplicates()
        .contains("llm.ledger.v1", "llm.traces.v1", "llm.windows.v1");
    assertThat(config.limits().rows()).isEqualTo(20_000);
  }

  @Test
  void from_unknownTopic_namesWhatIsAllowed() {
    // Given
    Settings settings =
        Settings.of(Map.of(SinkConfig.TOPICS.key(), "llm.nonsense"), SinkConfig.allSettings());

    // When / Then
    assertThatThrownBy(() -> SinkConfig.from(settings))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("tributary.sink.topics")
        .hasMessageContaining("llm.nonsense")
        .hasMessageContaining("llm.ledger.v1");
  }

  @Test
  void from_retryMostBelowFirst_refused() {
    // Given
    Settings settings =
        Settings.of(
            Map.of(SinkConfig.RETRY_FIRST.key(), "5s", SinkConfig.RETRY_MOST.key(), "1s"),
            SinkConfig.allSettings());

    // When / Then
    assertThatThrownBy(() -> SinkConfig.from(settings))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("tributary.sink.retry-most");
  }

  private static SinkConfig keeping(String policies) {
    Map<String, String> texts =
        Map.of(
            SinkConfig.CONTENT_RETENTION.key(), "5d", SinkConfig.CONTENT_POLICIES.key(), policies);
    return SinkConfig.from(Settings.of(texts, SinkConfig.allSettings()));
  }

  /** ClickHouse drops whole days: 36 hours would be one. */
  @Test
  void from_retentionOfPartOfADay_isRefused() {
    Map<String, String> texts = Map.of(SinkConfig.CONTENT_RETENTION.key(), "36h");

    assertThatThrownBy(() -> SinkConfig.from(Settings.of(texts, SinkConfig.allSettings())))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("tributary.sink.content-retention = ")
        .hasMessageContaining("whole days");
  }

  @Test
  void from_policiesOfWorkspaces_uptoTheRetentionOfAll() {
    assertThat(keeping("").contentPolicies().isEmpty()).isTrue();
    assertThat(keeping("default/a=1h, other/b%2Cc=5d").contentPolicies().byWorkspace())
        .isEqualTo(
            Map.of(
                new Workspace("default", "a"), Duration.ofHours(1),
                new Workspace("other", "b,c"), Duration.ofDays(5)));
  }

  @Test
  void from_policiesThatCannotBeKept_nameKeyValueAndWhatIsAllowed() {
    for (String wrong : List.of("default/a=121h", "default/a=59min", "default/a=0s", "b=3d")) {
      assertThatThrownBy(() -> keeping("default/z=3d," + wrong))
          .as(wrong)
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("tributary.sink.content-retention-by-workspace = ")
          .hasMessageContaining(wrong.startsWith("b=") ? "b; allowed: tenant/" : wrong)
          .hasMessageContaining("allowed: ");
    }
    assertThatThrownBy(() -> keeping("default/a=6d"))
        .hasMessageContaining("at most tributary.sink.content-retention = 5d");
  }
}
