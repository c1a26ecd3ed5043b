package dev.tributary.normalize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.normalize.core.Attributes;
import dev.tributary.normalize.core.Findings;
import dev.tributary.normalize.core.NormalizeResult.Normalized;
import dev.tributary.normalize.core.Normalizer;
import dev.tributary.normalize.core.OtlpBatch;
import dev.tributary.normalize.core.OtlpSpan;
import dev.tributary.runtime.config.Settings;
import dev.tributary.schemas.SpanContent;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a span holds, its content stays within its limit and says what was cut. */
class ContentLimitTest {
  private static final long NOW_NANOS = OtlpFixtures.NOW.getEpochSecond() * 1_000_000_000L;

  @Test
  void content_nestedWithManyItems_staysWithinItsLimit() throws Exception {
    Object deep = Collections.nCopies(200_000, List.of());
    for (int i = 0; i < 15; i++) {
      deep = List.of(deep);
    }
    Attributes.Builder attributes = new Attributes.Builder().add("deep", deep);
    for (int i = 0; i < 20; i++) {
      attributes.add("flat." + i, "x".repeat(80_000));
    }

    SpanContent content = content(Map.of(), attributes.build());

    assertThat(AvroBytes.of(content).length).isLessThan(1_000_000);
  }

  /** A byte that is left over takes no character, and must not buy a marker for every name. */
  @ParameterizedTest
  @ValueSource(strings = {"c", "cc"})
  void content_cutInsideACharacter_nothingFollows(String name) {
    Attributes.Builder attributes = new Attributes.Builder();
    for (int i = 0; i < 4; i++) {
      attributes.add("é" + i, "é".repeat(200_000));
    }
    Attributes.Builder many = new Attributes.Builder();
    for (int i = 0; i < 256; i++) {
      many.add("é" + i, "é".repeat(40));
    }
    OtlpSpan.Event event = new OtlpSpan.Event("é", NOW_NANOS, many.build());

    SpanContent content =
        content(Map.of(), name, attributes.build(), Collections.nCopies(128, event));

    assertThat(AvroBytes.of(content).length).isBetween(700_000, 800_000);
    assertThat(content.getTruncated()).isTrue();
  }

  /** Markers of cut values are text of the record as well. */
  @Test
  void content_manyValuesCut_staysWithinItsLimit() {
    Attributes.Builder attributes = new Attributes.Builder();
    for (int i = 0; i < 250; i++) {
      attributes.add("k" + i, "x".repeat(300));
    }
    SpanContent content =
        content(
            Map.of(
                "tributary.normalize.value-limit", "256B",
                "tributary.normalize.content-limit", "64KiB"),
            attributes.build());

    assertThat(content.getTruncated()).isTrue();
    assertThat(AvroBytes.of(content).length).isBetween(60_000, 67_000);
  }

  @Test
  void content_oneLongValueAmongMuchText_cutAtTheValuesLimit() {
    Attributes.Builder attributes = new Attributes.Builder().add("long", "x".repeat(700_000));
    attributes.add("short", "kept");

    SpanContent content = content(Map.of(), attributes.build());

    assertThat(content.getAttributes().get("long")).hasSizeBetween(262_144, 262_200);
    assertThat(content.getAttributes()).containsEntry("short", "kept");
  }

  /** A marker may be many times as long as what it stands for. */
  @ParameterizedTest
  @CsvSource({"1250, 768_000, 800_000", "200, 500_000, 540_000", "40, 100_000, 140_000"})
  void content_redactionsLongerThanTheText_staysWithinItsLimit(
      int repeats, String atLeast, String atMost) {
    Attributes.Builder attributes = new Attributes.Builder();
    for (int i = 0; i < 100; i++) {
      attributes.add("k" + i, "#1".repeat(repeats));
    }

    SpanContent content =
        content(Map.of("tributary.normalize.redact.employee_number", "#[0-9]"), attributes.build());

    assertThat(AvroBytes.of(content).length)
        .isBetween(
            Integer.parseInt(atLeast.replace("_", "")), Integer.parseInt(atMost.replace("_", "")));
    assertThat(content.getTruncated()).isEqualTo(repeats == 1_250);
    assertThat(content.toString()).doesNotContain("#1");
  }

  /** A hash is longer than most names: as many as there may be are two records' worth. */
  @ParameterizedTest
  @CsvSource({
    "full, 256, 300_000, 1_000_000, false",
    "hash, 256, 700_000, 800_000, true",
    "hash, 40, 300_000, 800_000, false"
  })
  void content_manyShortTexts_staysWithinItsLimitInEveryMode(
      String mode, int each, String atLeast, String atMost, boolean isCut) {
    Attributes.Builder attributes = new Attributes.Builder();
    for (int i = 0; i < each; i++) {
      attributes.add("k" + i, "v" + i);
    }
    Attributes many = attributes.build();

    SpanContent content =
        content(
            Map.of("tributary.normalize.content-mode", mode),
            "call",
            many,
            Collections.nCopies(128, new OtlpSpan.Event("e", NOW_NANOS, many)));

    assertThat(AvroBytes.of(content).length)
        .isBetween(
            Integer.parseInt(atLeast.replace("_", "")), Integer.parseInt(atMost.replace("_", "")));
    assertThat(content.getTruncated()).isEqualTo(isCut);
    assertThat(content.getAttributes()).hasSize(each);
    assertThat(content.getName()).isNotNull();
  }

  @Test
  void content_fewerHashesThanTexts_thoseOfTheBeginning() {
    Attributes.Builder attributes = new Attributes.Builder();
    for (int i = 0; i < 20; i++) {
      attributes.add("k" + i, "v");
    }
    Map<String, String> hash = Map.of("tributary.normalize.content-mode", "hash");
    Map<String, String> small =
        Map.of(
            "tributary.normalize.content-mode",
            "hash",
            "tributary.normalize.content-limit",
            "1KiB");

    SpanContent whole = content(hash, attributes.build());
    SpanContent cut = content(small, attributes.build());

    assertThat(whole.getAttributes()).hasSize(20);
    assertThat(whole.getTruncated()).isFalse();
    assertThat(cut.getTruncated()).isTrue();
    assertThat(cut.getAttributes().size()).isBetween(10, 19);
    assertThat(List.copyOf(cut.getAttributes().entrySet()))
        .isEqualTo(
            List.copyOf(whole.getAttributes().entrySet()).subList(0, cut.getAttributes().size()));
  }

  private static SpanContent content(Map<String, String> settings, Attributes attributes) {
    return content(settings, "call", attributes, List.of());
  }

  private static SpanContent content(
      Map<String, String> settings,
      String name,
      Attributes attributes,
      List<OtlpSpan.Event> events) {
    NormalizeConfig config = NormalizeConfig.from(Settings.of(settings));
    OtlpSpan span =
        new OtlpSpan(
            "0af7651916cd43dd8448eb211c80319c",
            "b7ad6b7169203331",
            "",
            "",
            name,
            NOW_NANOS - 1_000_000,
            NOW_NANOS,
            attributes,
            events,
            List.of(),
            0,
            "");
    OtlpBatch batch =
        new OtlpBatch(List.of(new OtlpBatch.Group(Attributes.NONE, "acme", "1", List.of(span))));
    Normalizer normalizer = new Normalizer(config.rules(), config.pseudonyms(), Findings.IGNORED);
    return ((Normalized) normalizer.normalize(batch, OtlpFixtures.CONTEXT).get(0)).content();
  }
}
