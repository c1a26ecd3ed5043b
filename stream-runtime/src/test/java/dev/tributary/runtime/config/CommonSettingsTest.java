package dev.tributary.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.runtime.testing.ReadmeSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CommonSettingsTest {
  private static List<Setting<?>> all() {
    List<Setting<?>> all = new ArrayList<>(CommonSettings.CLIENTS);
    all.addAll(CommonSettings.STREAMS);
    return all;
  }

  @Test
  void readme_containsTheTable() {
    ReadmeSettings.assertTable(all());
  }

  @Test
  void defaults_areAllowedAndKeysAreUnique() {
    Settings settings = Settings.of(Map.of(), all());

    assertThat(settings.effective()).contains("tributary.streams.commit-interval = 1s\n");
    assertThat(all().stream().map(Setting::key)).doesNotHaveDuplicates();
    assertThat(all().stream().map(Setting::environmentName)).doesNotHaveDuplicates();
  }
}
