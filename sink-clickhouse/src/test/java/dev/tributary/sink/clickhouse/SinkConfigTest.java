package dev.tributary.sink.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.runtime.config.ConfigException;
import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.testing.ReadmeSettings;
import dev.tributary.sink.clickhouse.core.SinkLayouts;
import dev.tributary.sink.clickhouse.core.TopicLayout;
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
}
