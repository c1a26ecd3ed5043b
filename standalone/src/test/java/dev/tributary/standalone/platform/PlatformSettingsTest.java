package dev.tributary.standalone.platform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.cost.CostConfig;
import dev.tributary.runtime.config.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Windows that close too early lose the money of what comes after. */
class PlatformSettingsTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({"1, 90", "2, 90", "9, 90", "10, 100", "60, 600", "120, 1200", "7200, 1200"})
  void grace_isTenSecondsOfWallTime_atLeastTheUsual_atMostTwentyMinutes(long speed, long seconds) {
    assertThat(load(speed, null).get(CostConfig.GRACE)).isEqualTo(Duration.ofSeconds(seconds));
  }

  @Test
  void grace_isTheUsualAgain_atSpeedOne() {
    Settings slow = PlatformSettings.atSpeed(load(60, null), 60, 1);

    assertThat(slow.get(CostConfig.GRACE)).isEqualTo(Duration.ofSeconds(90));
  }

  @Test
  void graceOfTheUser_stays_atEverySpeed() throws Exception {
    Path config =
        Files.writeString(
            folder.resolve("own.properties"),
            CostConfig.GRACE.key() + "=7m" + System.lineSeparator());
    Settings fast = load(60, config);

    assertThat(fast.get(CostConfig.GRACE)).isEqualTo(Duration.ofMinutes(7));
    assertThat(PlatformSettings.atSpeed(fast, 60, 1).get(CostConfig.GRACE))
        .isEqualTo(Duration.ofMinutes(7));
  }

  private Settings load(long speed, @Nullable Path config) {
    return PlatformSettings.load(
        new PlatformOptions(folder, Ports.USUAL, null, config, speed, Map.of()),
        Platform.APPLICATIONS);
  }
}
