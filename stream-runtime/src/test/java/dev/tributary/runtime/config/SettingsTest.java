package dev.tributary.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
  private enum Colour {
    DARK_RED,
    GREEN
  }

  private static final Setting<Duration> SETTLE =
      Setting.duration("tributary.attribution.settle", "5s", "Quiet time")
          .atLeast(Duration.ofMillis(1))
          .atMost(Duration.ofHours(1));
  private static final Setting<Long> SIZE =
      Setting.bytes("tributary.attribution.size", "64MiB", "Size").atLeast(1024L);
  private static final Setting<BigDecimal> RATE =
      Setting.decimal("tributary.attribution.rate", "0.05", "Rate");
  private static final Setting<Colour> COLOUR =
      Setting.choice("tributary.attribution.colour", Colour.class, Colour.GREEN, "Colour");
  private static final Setting<List<String>> TAGS =
      Setting.list("tributary.attribution.required-tags", "feature,team", "Tags");
  private static final Setting<Optional<String>> PASSWORD =
      Setting.secret("tributary.attribution.password", "Password");
  private static final Setting<String> NEEDED =
      Setting.requiredText("tributary.attribution.needed", "Needed");
  private static final Setting<Map<String, String>> FREE =
      Setting.prefix("tributary.kafka.", "Pass-through");
  private static final List<Setting<?>> KNOWN =
      List.of(SETTLE, SIZE, RATE, COLOUR, TAGS, PASSWORD, FREE);

  @TempDir Path folder;

  @Test
  void load_nothingGiven_isDefaults() {
    Settings settings = Settings.load(null, Map.of(), new Properties(), KNOWN);

    assertThat(settings.get(SETTLE)).isEqualTo(Duration.ofSeconds(5));
    assertThat(settings.get(SIZE)).isEqualTo(64L << 20);
    assertThat(settings.get(RATE)).isEqualByComparingTo("0.05");
    assertThat(settings.get(COLOUR)).isEqualTo(Colour.GREEN);
    assertThat(settings.get(TAGS)).containsExactly("feature", "team");
    assertThat(settings.get(PASSWORD)).isEmpty();
    assertThat(settings.get(FREE)).isEmpty();
  }

  @Test
  void load_allSources_laterWins() throws IOException {
    Path file =
        write(
            "app.properties",
            "tributary.attribution.settle=1s\n"
                + "tributary.attribution.rate=0.1\n"
                + "tributary.attribution.colour=dark-red\n");
    Map<String, String> environment =
        Map.of("TRIBUTARY_ATTRIBUTION_SETTLE", "2s", "TRIBUTARY_ATTRIBUTION_RATE", "0.2");
    Properties system = new Properties();
    system.setProperty("tributary.attribution.settle", "3s");

    Settings settings = Settings.load(file, environment, system, KNOWN);

    assertThat(settings.get(SETTLE)).isEqualTo(Duration.ofSeconds(3));
    assertThat(settings.get(RATE)).isEqualByComparingTo("0.2");
    assertThat(settings.get(COLOUR)).isEqualTo(Colour.DARK_RED);
  }

  @Test
  void load_yaml_nestedAndFlatNames() throws IOException {
    Path file =
        write(
            "app.yaml",
            "tributary:\n  attribution:\n    settle: 7s\n    required-tags: [team, workspace]\n"
                + "tributary.attribution.size: 1MiB\n");

    Settings settings = Settings.load(file, Map.of(), new Properties(), KNOWN);

    assertThat(settings.get(SETTLE)).isEqualTo(Duration.ofSeconds(7));
    assertThat(settings.get(TAGS)).containsExactly("team", "workspace");
    assertThat(settings.get(SIZE)).isEqualTo(1L << 20);
  }

  @Test
  void load_unknownKeys_namesEachWithTheNearest() {
    Properties system = new Properties();
    system.setProperty("tributary.attribution.setle", "3s");
    Map<String, String> environment = Map.of("TRIBUTARY_ATTRIBUTION_RATES", "1");

    assertThatThrownBy(() -> Settings.load(null, environment, system, KNOWN))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("tributary.attribution.setle = \"3s\"")
        .hasMessageContaining("did you mean tributary.attribution.settle?")
        .hasMessageContaining("TRIBUTARY_ATTRIBUTION_RATES = \"1\"")
        .hasMessageContaining("did you mean tributary.attribution.rate?");
  }

  @Test
  void load_fileWithAByteOrderMark_isRead() throws IOException {
    Path properties = write("app.properties", "\uFEFFtributary.attribution.settle=1s\n");
    Path yaml = write("app.yaml", "\uFEFFtributary.attribution.settle: 1s\n");

    for (Path file : List.of(properties, yaml)) {
      Settings settings = Settings.load(file, Map.of(), new Properties(), KNOWN);
      assertThat(settings.isGiven(SETTLE)).as("%s", file).isTrue();
    }
  }

  @Test
  void load_unknownKeyInFile_isRefused() throws IOException {
    Path file = write("app.properties", "settle=1s\n");

    assertThatThrownBy(() -> Settings.load(file, Map.of(), new Properties(), KNOWN))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("settle = \"1s\" (from file " + file);
  }

  @Test
  void load_unknownSecret_isMasked() {
    Map<String, String> environment = Map.of("TRIBUTARY_ATTRIBUTION_PASSWORT_TOKEN", "hunter2");

    assertThatThrownBy(() -> Settings.load(null, environment, new Properties(), KNOWN))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("****")
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void load_keyGivenTwiceInFile_isRefused() throws IOException {
    Path file =
        write(
            "app.properties", "tributary.attribution.settle=1s\ntributary.attribution.settle=2s\n");

    assertThatThrownBy(() -> Settings.load(file, Map.of(), new Properties(), KNOWN))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("tributary.attribution.settle is given twice");
  }

  @Test
  void load_missingFile_isRefused() {
    assertThatThrownBy(() -> Settings.load(folder.resolve("no"), Map.of(), new Properties(), KNOWN))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("does not exist");
  }

  @ParameterizedTest
  @CsvSource({
    "tributary.attribution.settle, 5 parsecs, a duration such as",
    "tributary.attribution.settle, 2h, at most 1h",
    "tributary.attribution.settle, 0s, at least 1ms",
    "tributary.attribution.size, 64MB, a size such as",
    "tributary.attribution.size, 1B, at least 1KiB",
    "tributary.attribution.size, 99999999999GiB, a size below",
    "tributary.attribution.rate, five, a decimal number",
    "tributary.attribution.colour, blue, 'one of dark_red, green'"
  })
  void of_valueNotAllowed_namesKeyValueAndAllowed(String key, String value, String allowed) {
    assertThatThrownBy(() -> Settings.of(Map.of(key, value), KNOWN))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(key + " = \"" + value + "\"")
        .hasMessageContaining(allowed);
  }

  @Test
  void of_requiredMissing_isRefused() {
    assertThatThrownBy(() -> Settings.of(Map.of(), List.of(NEEDED)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("tributary.attribution.needed is missing");
  }

  @Test
  void get_prefix_cutsItOffAndReadsTheEnvironment() {
    Properties system = new Properties();
    system.setProperty("tributary.kafka.producer.linger.ms", "7");
    Map<String, String> environment = Map.of("TRIBUTARY_KAFKA_SASL_MECHANISM", "PLAIN");

    Settings settings = Settings.load(null, environment, system, KNOWN);

    assertThat(settings.get(FREE))
        .containsOnly(Map.entry("producer.linger.ms", "7"), Map.entry("sasl.mechanism", "PLAIN"));
  }

  @Test
  void effective_masksSecretsAndNamesSources() {
    Settings settings =
        Settings.of(
            Map.of(
                "tributary.attribution.password", "hunter2",
                "tributary.kafka.sasl.jaas.config", "hunter3",
                "tributary.attribution.rate", "0.50"),
            KNOWN);

    assertThat(settings.effective())
        .contains("tributary.attribution.password = ****")
        .contains("tributary.kafka.sasl.jaas.config = ****")
        .contains("tributary.attribution.rate = 0.50 (code)")
        .contains("tributary.attribution.settle = 5s\n")
        .doesNotContain("hunter");
  }

  @Test
  void get_undeclaredSetting_isAProgrammingError() {
    Settings settings = Settings.of(Map.of(), KNOWN);

    assertThatThrownBy(() -> settings.get(NEEDED)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void with_wrongOverride_isRefused() {
    Settings settings = Settings.of(Map.of(), KNOWN);

    assertThat(settings.with(Map.of("tributary.attribution.settle", "9s")).get(SETTLE))
        .isEqualTo(Duration.ofSeconds(9));
    assertThatThrownBy(() -> settings.with(Map.of("tributary.attribution.settle", "x")))
        .isInstanceOf(ConfigException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "200ms, PT0.2S",
    "5s, PT5S",
    "15m, PT15M",
    "15min, PT15M",
    "6h, PT6H",
    "35d, PT840H",
    "1h30m, PT1H30M",
    "50us, PT0.00005S",
    "PT2S, PT2S",
    "0s, PT0S"
  })
  void duration_everyForm_isReadAndPrintedBack(String text, Duration expected) {
    assertThat(ValueParsers.duration(text)).isEqualTo(expected);
    assertThat(ValueParsers.duration(ValueParsers.print(expected))).isEqualTo(expected);
  }

  @Test
  void durations_byName_inTheOrderGiven() {
    Setting<Map<String, Duration>> kept =
        Setting.durations("tributary.attribution.kept", "a=1h", "Kept");

    assertThat(kept.parse("a=1h", "test")).containsExactly(Map.entry("a", Duration.ofHours(1)));
    Map<String, Duration> read = kept.parse(" z/x = 3d ,, b=c=90min,", "test");
    assertThat(read)
        .containsExactly(
            Map.entry("z/x", Duration.ofDays(3)), Map.entry("b=c", Duration.ofMinutes(90)));
    assertThat(kept.print(read)).isEqualTo("z/x=3d,b=c=90min");
    assertThat(kept.parse("", "test")).isEmpty();
  }

  @Test
  void durations_thatAreNone_nameKeyItemAndWhatIsAllowed() {
    Setting<Map<String, Duration>> kept =
        Setting.durations("tributary.attribution.kept", "", "Kept");

    for (String wrong : List.of("a", "=3d", "b=1h,a", "a=", "a=3", "a=b", "a=3d,a=3d")) {
      assertThatThrownBy(() -> kept.parse(wrong, "test"))
          .as(wrong)
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("tributary.attribution.kept")
          .hasMessageContaining(wrong)
          .hasMessageContaining("allowed:");
    }
  }

  @Test
  void table_listsKeyTypeDefaultMeaningAndAllowed() {
    assertThat(Settings.table(List.of(SETTLE, NEEDED, FREE, COLOUR)))
        .isEqualTo(
            "| setting | type | default | meaning |\n|---|---|---|---|\n"
                + "| `tributary.attribution.settle` | duration | `5s` | Quiet time"
                + " (at least 1ms; at most 1h) |\n"
                + "| `tributary.attribution.needed` | text | required | Needed |\n"
                + "| `tributary.kafka.*` | any key below |  | Pass-through |\n"
                + "| `tributary.attribution.colour` | dark_red \\| green | `green` | Colour |\n");
  }

  private Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.writeString(file, text);
    return file;
  }
}
