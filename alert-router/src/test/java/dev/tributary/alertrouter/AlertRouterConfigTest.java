package dev.tributary.alertrouter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.alertrouter.core.RouteKind;
import dev.tributary.runtime.config.ConfigException;
import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.testing.ReadmeSettings;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The router's settings. */
final class AlertRouterConfigTest {
  private static Settings settings(Map<String, String> values) {
    return Settings.of(values, AlertRouterConfig.allSettings());
  }

  @Test
  void readme_settings_areThoseOfTheCode() {
    ReadmeSettings.assertTable(AlertRouterConfig.settings());
  }

  @Test
  void from_routes_readAndMasked() {
    // Given
    Settings given =
        settings(
            Map.of(
                "tributary.alerts.route.am.kind", "alertmanager",
                "tributary.alerts.route.am.url", "http://am:9093",
                "tributary.alerts.route.chat.kind", "slack",
                "tributary.alerts.route.chat.secret.url", "https://hooks.example/T0/B0/planted",
                "tributary.alerts.route.hook.kind", "webhook",
                "tributary.alerts.route.hook.url", "https://hook.example",
                "tributary.alerts.route.hook.secret", "planted",
                "tributary.alerts.default-routes", "chat:#ops, am"));

    // When
    AlertRouterConfig config = AlertRouterConfig.from(given);

    // Then
    assertThat(config.kinds())
        .containsEntry("am", RouteKind.ALERTMANAGER)
        .containsEntry("chat", RouteKind.SLACK)
        .containsEntry("hook", RouteKind.WEBHOOK);
    assertThat(given.effective()).doesNotContain("planted");
    assertThat(config.toString()).doesNotContain("planted");
  }

  @Test
  void from_nothingGiven_hasNoRoutes() {
    assertThat(AlertRouterConfig.from(settings(Map.of())).endpoints()).isEmpty();
  }

  @Test
  void from_wrongRoutes_everyProblemNamed_noSecretShown() {
    Settings given =
        settings(
            Map.of(
                "tributary.alerts.route.a.kind", "mail",
                "tributary.alerts.route.a.url", "http://x",
                "tributary.alerts.route.b.kind", "slack",
                "tributary.alerts.route.b.secret.url", "planted not an address",
                "tributary.alerts.route.c.kind", "webhook",
                "tributary.alerts.route.d.colour", "red"));
    assertThatThrownBy(() -> AlertRouterConfig.from(given))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("tributary.alerts.route.a.kind = \"mail\"")
        .hasMessageContaining("tributary.alerts.route.b.secret.url")
        .hasMessageContaining("tributary.alerts.route.c.url")
        .hasMessageContaining("tributary.alerts.route.d.colour")
        .hasMessageNotContaining("planted");
  }

  @Test
  void from_defaultRouteThatIsNone_refused() {
    Settings given = settings(Map.of("tributary.alerts.default-routes", "chat"));
    assertThatThrownBy(() -> AlertRouterConfig.from(given))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("tributary.alerts.default-routes");
  }

  private static Map<String, String> hook(String property, String value) {
    Map<String, String> values = new TreeMap<>();
    values.put("tributary.alerts.route.hook.kind", "webhook");
    values.put("tributary.alerts.route.hook.url", "https://hook.example");
    values.put("tributary.alerts.route.hook." + property, value);
    return values;
  }

  /** Or the first alert would end the router, and its message would show the secret. */
  @ParameterizedTest
  @CsvSource({"token, ''", "token, 'planted\u0001'", "token, 'planted\u20ac'", "secret, ''"})
  void from_secretThatCannotBeSent_refused_notShown(String property, String value) {
    Settings given = settings(hook(property, value));
    assertThatThrownBy(() -> AlertRouterConfig.from(given))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("tributary.alerts.route.hook." + property)
        .hasMessageContaining("allowed")
        .hasMessageNotContaining("planted");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"//hook", "hook", "", "http://a b", "ftp://a", "http://hook:99999", "http://:80"})
  void from_addressThatCannotBeCalled_refused(String address) {
    Settings given = settings(hook("url", address));
    assertThatThrownBy(() -> AlertRouterConfig.from(given))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("tributary.alerts.route.hook.url = \"" + address + "\"; allowed:");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://a b:8123", "http://:8123", "http://a:99999", "ftp://a"})
  void from_clickHouseThatCannotBeCalled_refused(String address) {
    Map<String, String> values = Map.of("tributary.alerts.clickhouse-url", address);
    assertThatThrownBy(() -> AlertRouterConfig.from(settings(values)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("tributary.alerts.clickhouse-url = \"" + address + "\"")
        .hasMessageContaining("allowed: http://host");
  }
}
