package dev.tributary.normalize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.normalize.core.Findings;
import dev.tributary.normalize.core.NormalizeResult.Normalized;
import dev.tributary.normalize.core.Normalizer;
import dev.tributary.runtime.config.ConfigException;
import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.testing.Generator;
import dev.tributary.schemas.ContentMode;
import dev.tributary.schemas.GenAiAttributes;
import dev.tributary.schemas.SpanContent;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is kept of texts: redacted, as hashes, or not at all. */
class ContentPolicyTest {
  private static final String KEY = "sk-ant-api03-AbCdEfGhIjKlMnOpQrStUvWx0123";
  private static final String MAIL = "jane.doe@example.com";

  private final List<String> found = new ArrayList<>();

  @Test
  void content_secretsEverywhere_redactedAndCounted() throws Exception {
    // Given
    Span.Builder span = span();

    // When
    Normalized result = normalize(Map.of(), span);

    // Then
    SpanContent content = content(result);
    assertThat(content.toString()).doesNotContain(KEY, MAIL);
    assertThat(content.getMode()).isEqualTo(ContentMode.FULL);
    assertThat(content.getInput()).contains("write to [redacted:email]");
    assertThat(content.getRedactions()).containsEntry("email", 1L).containsEntry("key", 7L);
    assertThat(found).contains("REDACTED email", "REDACTED key");
  }

  /** A key is no tag and no name of an attribute, wherever it stands. */
  @Test
  void span_keyInTagsAndNames_notOnTheCostPlane() throws Exception {
    Normalized result = normalize(Map.of(), span());

    assertThat(result.span().toString()).doesNotContain(KEY);
    assertThat(result.span().getUnknownAttributes()).doesNotContain(KEY);
  }

  @ParameterizedTest
  @CsvSource({
    "content-mode, off, OFF",
    "content-mode, hash, HASH",
    "content-mode-of-environment.prod, hash, HASH",
    "content-mode-of-environment.test, hash, FULL",
    "content-mode-of-workspace.acme, off, OFF",
    "content-mode-of-workspace.other, off, FULL"
  })
  void content_mode_byEnvironmentAndWorkspace(String key, String mode, ContentMode expected)
      throws Exception {
    Normalized result = normalize(Map.of("tributary.normalize." + key, mode), span());

    SpanContent content = content(result);
    assertThat(content.getMode()).isEqualTo(expected);
    boolean isText = String.valueOf(content.getInput()).contains("write to");
    assertThat(isText).isEqualTo(expected == ContentMode.FULL);
    assertThat(content.getAttributes().isEmpty()).isEqualTo(expected == ContentMode.OFF);
    assertThat(content.getRedactions()).containsEntry("email", 1L);
    assertThat(result.span().getInputHash()).isNotNull();
  }

  @Test
  void content_bothSay_theOneThatKeepsLessHolds() throws Exception {
    Map<String, String> settings =
        Map.of(
            "tributary.normalize.content-mode-of-environment.prod", "hash",
            "tributary.normalize.content-mode-of-workspace.acme", "full");

    assertThat(content(normalize(settings, span())).getMode()).isEqualTo(ContentMode.HASH);
  }

  @Test
  void content_hash_equalTextsEqualHashes() throws Exception {
    Map<String, String> settings = Map.of("tributary.normalize.content-mode", "hash");

    SpanContent first = content(normalize(settings, span()));
    SpanContent second = content(normalize(settings, span()));

    assertThat(first.getInput()).hasSize(32).isEqualTo(second.getInput());
    // What attributes are called is a user's word as well.
    assertThat(first.getAttributes()).isNotEmpty();
    assertThat(first.getAttributes().keySet()).allMatch(name -> name.matches("[0-9a-f]{32}"));
    assertThat(first.getEvents().get(0).getAttributes().keySet())
        .allMatch(name -> name.matches("[0-9a-f]{32}"));
  }

  @Test
  void content_customPattern_isRedacted() throws Exception {
    Map<String, String> settings = Map.of("tributary.normalize.redact.order", "write [a-z]+");

    assertThat(content(normalize(settings, span())).getInput()).contains("[redacted:order]");
  }

  /** The cut comes after redaction, so that no half of a secret is left at the end. */
  @Test
  void content_secretAcrossTheLimit_leavesNoHalf() throws Exception {
    // Given
    Span.Builder span = span();
    String text = "x ".repeat(120) + KEY + " y".repeat(200);
    span.addAttributes(RandomRequests.text("note", text));

    // When
    Normalized result = normalize(Map.of("tributary.normalize.value-limit", "256B"), span);

    // Then
    String note = content(result).getAttributes().get("note");
    assertThat(note).contains("[redacted:key", "[cut, ").doesNotContain("sk-ant");
  }

  @ParameterizedTest
  @CsvSource({
    "tributary.normalize.content-mode, erased, full",
    "tributary.normalize.content-mode-of-environment.prod, some, full",
    "tributary.normalize.redact.Mine, x, lower-case",
    "tributary.normalize.redact.mine, (, mine"
  })
  void settings_wrong_areNamed(String key, String value, String named) {
    assertThatThrownBy(() -> NormalizeConfig.from(Settings.of(Map.of(key, value))))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("tributary.normalize.")
        .hasMessageContaining(named);
  }

  private static SpanContent content(Normalized result) {
    SpanContent content = result.content();
    assertThat(content).isNotNull();
    return content;
  }

  private static Span.Builder span() {
    Span.Builder span = new RandomRequests(new Generator(7)).span().clearParentSpanId();
    span.clearAttributes().setName("call " + KEY);
    span.getStatusBuilder().setCodeValue(2).setMessage("401 for " + KEY);
    span.addAttributes(RandomRequests.text(GenAiAttributes.INPUT_MESSAGES, "write to " + MAIL));
    span.addAttributes(RandomRequests.text("deployment.environment.name", "prod"));
    span.addAttributes(RandomRequests.text("workspace", "acme"));
    span.addAttributes(RandomRequests.text("feature", KEY));
    span.addAttributes(RandomRequests.text(KEY, "unknown name"));
    span.addAttributes(RandomRequests.text("unknown.value", KEY));
    span.addEventsBuilder()
        .setName("event " + KEY)
        .addAttributes(RandomRequests.text("detail", KEY));
    return span;
  }

  private Normalized normalize(Map<String, String> settings, Span.Builder span) throws Exception {
    Map<String, String> all = new HashMap<>(settings);
    all.put("tributary.normalize.max-age", "365000d");
    all.put("tributary.normalize.max-ahead", "365000d");
    NormalizeConfig config = NormalizeConfig.from(Settings.of(all));
    Findings findings = (finding, subject) -> found.add(finding + " " + subject);
    TracesData request =
        TracesData.newBuilder()
            .addResourceSpans(
                ResourceSpans.newBuilder().addScopeSpans(ScopeSpans.newBuilder().addSpans(span)))
            .build();
    return (Normalized)
        new Normalizer(config.rules(), config.pseudonyms(), findings)
            .normalize(OtlpProto.parse(request.toByteArray()), OtlpFixtures.CONTEXT)
            .get(0);
  }
}
