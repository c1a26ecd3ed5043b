package dev.tributary.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.runtime.config.ConfigException;
import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.testing.ReadmeSettings;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The console's settings. */
final class ConsoleConfigTest {
  private static ConsoleConfig of(Map<String, String> given) {
    return ConsoleConfig.from(Settings.of(given, ConsoleConfig.allSettings()));
  }

  @Test
  void readme_settings_areThoseOfTheCode() {
    ReadmeSettings.assertTable(ConsoleConfig.settings());
  }

  @Test
  void from_nothingGiven_listensOnThisHostOnly() {
    ConsoleConfig config = of(Map.of());

    assertThat(config.host()).isEqualTo("127.0.0.1");
    assertThat(config.port()).isEqualTo(8080);
    assertThat(config.access()).isNull();
    assertThat(config.tenants()).containsExactly("default");
  }

  @Test
  void from_userWithoutPassword_isRefused() {
    assertThatThrownBy(() -> of(Map.of(ConsoleConfig.ACCESS_USER.key(), "ops")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("tributary.console.access-password")
        .hasMessageContaining("both");
    assertThatThrownBy(() -> of(Map.of(ConsoleConfig.ACCESS_PASSWORD.key(), "s3cret")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("tributary.console.access-user");
  }

  @Test
  void from_noTenant_isRefused() {
    assertThatThrownBy(() -> of(Map.of(ConsoleConfig.TENANTS.key(), " , ")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("tributary.console.tenants");
  }

  @Test
  void toString_always_hidesPasswords() {
    ConsoleConfig config =
        of(
            Map.of(
                ConsoleConfig.ACCESS_USER.key(), "ops",
                ConsoleConfig.ACCESS_PASSWORD.key(), "s3cret",
                ConsoleConfig.CLICKHOUSE_PASSWORD.key(), "hidden"));

    assertThat(config + " " + config.access()).doesNotContain("s3cret").doesNotContain("hidden");
  }
}
