package dev.tributary.normalize;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tributary.normalize.DialectCases.Case;
import dev.tributary.normalize.core.NormalizeResult;
import dev.tributary.normalize.core.NormalizeResult.Normalized;
import dev.tributary.normalize.core.OtlpBatch;
import dev.tributary.schemas.GenAiAttributes;
import dev.tributary.schemas.Retrieval;
import dev.tributary.schemas.Span;
import dev.tributary.schemas.SpanStatus;
import dev.tributary.schemas.TokenUsage;
import dev.tributary.schemas.UnitUsage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every hand-made payload of every dialect, field by field, and the laws that hold for all. */
class DialectCasesTest {
  /** Chains of names for one thing, old to new. */
  private static final List<List<String>> RENAMES =
      List.of(
          List.of(GenAiAttributes.SYSTEM, GenAiAttributes.PROVIDER_NAME),
          List.of(GenAiAttributes.USAGE_PROMPT_TOKENS, GenAiAttributes.USAGE_INPUT_TOKENS),
          List.of(GenAiAttributes.USAGE_COMPLETION_TOKENS, GenAiAttributes.USAGE_OUTPUT_TOKENS),
          List.of(GenAiAttributes.PROMPT, GenAiAttributes.INPUT_MESSAGES),
          List.of(GenAiAttributes.COMPLETION, GenAiAttributes.OUTPUT_MESSAGES),
          List.of(
              GenAiAttributes.GEN_AI_OPENAI_RESPONSE_SERVICE_TIER,
              GenAiAttributes.OPENAI_RESPONSE_SERVICE_TIER),
          List.of(
              GenAiAttributes.GEN_AI_OPENAI_REQUEST_SERVICE_TIER,
              GenAiAttributes.OPENAI_REQUEST_SERVICE_TIER),
          List.of(GenAiAttributes.USAGE_CACHE_READ_FLAT, GenAiAttributes.USAGE_CACHE_READ),
          List.of(
              GenAiAttributes.USAGE_CACHE_CREATION_FLAT,
              GenAiAttributes.USAGE_CACHE_CREATION,
              GenAiAttributes.USAGE_CACHE_WRITE));

  static Stream<Case> cases() {
    return DialectCases.all().stream();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void normalize_handMadePayload_expectedFields(Case dialectCase) {
    // When
    List<NormalizeResult> results = OtlpFixtures.results(DialectCases.batch(dialectCase));

    // Then
    List<JsonNode> spans = dialectCase.spans();
    assertThat(results).hasSameSizeAs(spans);
    for (int i = 0; i < spans.size(); i++) {
      Map<String, String> expected = new LinkedHashMap<>();
      spans.get(i).path("expect").properties().forEach(e -> expected.put(e.getKey(), text(e)));
      Map<String, String> found = fields((Normalized) results.get(i));
      Map<String, String> same = new LinkedHashMap<>();
      expected.keySet().forEach(name -> same.put(name, found.getOrDefault(name, "null")));
      assertThat(expected).as("span %s expects nothing", i).isNotEmpty();
      assertThat(same).as("span %s", i).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void normalize_attributesRenamedAlongTheConvention_sameMeaning(Case dialectCase) {
    // Given
    List<String> original = meanings(DialectCases.batch(dialectCase));

    for (List<String> chain : RENAMES) {
      for (String name : chain) {
        // When
        byte[] renamed =
            DialectCases.bytes(
                dialectCase,
                attribute ->
                    chain.contains(attribute) && !isDoubled(dialectCase, chain) ? name : attribute);

        // Then
        assertThat(meanings(DialectCases.parse(renamed))).as("as %s", name).isEqualTo(original);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void normalize_oneRequestPerSpanReversedAndTwice_sameRecords(Case dialectCase) {
    // Given
    OtlpBatch whole = DialectCases.batch(dialectCase);

    // When
    List<NormalizeResult> single = new ArrayList<>();
    List<NormalizeResult> again = new ArrayList<>();
    for (OtlpBatch.Group group : whole.groups()) {
      var spans = new ArrayList<>(group.spans());
      Collections.reverse(spans);
      for (var span : spans) {
        OtlpBatch alone =
            new OtlpBatch(
                List.of(
                    new OtlpBatch.Group(
                        group.resource(), group.scopeName(), group.scopeVersion(), List.of(span))));
        single.addAll(OtlpFixtures.results(alone));
        again.addAll(OtlpFixtures.results(alone));
      }
    }

    // Then
    assertThat(sorted(single)).isEqualTo(sorted(OtlpFixtures.results(whole)));
    assertThat(sorted(again)).isEqualTo(sorted(single));
  }

  /** A span with two names of one chain says one thing twice: renaming would only collide. */
  private static boolean isDoubled(Case dialectCase, List<String> chain) {
    return dialectCase.spans().stream()
        .anyMatch(
            span -> chain.stream().filter(name -> span.path("attributes").has(name)).count() > 1);
  }

  private static List<String> meanings(OtlpBatch batch) {
    List<String> meanings = new ArrayList<>();
    for (NormalizeResult result : OtlpFixtures.results(batch)) {
      Map<String, String> fields = fields((Normalized) result);
      meanings.add(fields.toString());
    }
    return meanings;
  }

  private static List<String> sorted(List<NormalizeResult> results) {
    List<String> records = new ArrayList<>();
    for (NormalizeResult result : results) {
      Normalized normalized = (Normalized) result;
      records.add(AvroBytes.hex(normalized.span()) + AvroBytes.hex(normalized.content()));
    }
    Collections.sort(records);
    return records;
  }

  private static String text(Map.Entry<String, JsonNode> expected) {
    JsonNode value = expected.getValue();
    return value.isContainerNode() ? value.toString().replace("\"", "") : value.asText();
  }

  private static Map<String, String> fields(Normalized normalized) {
    Span span = normalized.span();
    Map<String, String> fields = new HashMap<>();
    fields.put("kind", word(span.getKind()));
    fields.put("dialect", span.getDialect());
    fields.put("operation", span.getOperation());
    fields.put("provider", span.getProvider());
    fields.put("surface", span.getSurface());
    fields.put("region", span.getRegion());
    fields.put("requested", span.getModelRequested());
    fields.put("returned", span.getModelReturned());
    fields.put("response_id", span.getResponseId());
    fields.put("tier", span.getServiceTier());
    fields.put("gateway", span.getGateway());
    fields.put("key_alias", span.getKeyAlias());
    fields.put("attempt", String.valueOf(span.getAttempt()));
    fields.put("stream", String.valueOf(span.getStream()));
    fields.put("ttft_us", String.valueOf(span.getTtftUs()));
    fields.put("quality", word(span.getUsageQuality()));
    fields.put("convention", word(span.getUsageConvention()));
    fields.put("usage_error", span.getUsageError());
    fields.put("cost", span.getReportedCost());
    fields.put(
        "finish", span.getFinishReasons().toString().toLowerCase(Locale.ROOT).replace(" ", ""));
    fields.put("finish_raw", span.getFinishReasonsRaw().toString().replace(" ", ""));
    fields.put("error", String.valueOf(span.getStatus() == SpanStatus.ERROR));
    fields.put("error_type", span.getErrorType());
    fields.put("http", String.valueOf(span.getHttpStatus()));
    fields.put("session", span.getSessionId());
    fields.put("has_user", String.valueOf(span.getUserHash() != null));
    fields.put("tool", span.getToolName());
    fields.put("tool_call", span.getToolCallId());
    fields.put("has_tool_args", String.valueOf(span.getToolArgsHash() != null));
    fields.put("mcp_method", span.getMcpMethod());
    fields.put("agent", span.getTags().getAgent());
    fields.put("workflow", span.getWorkflowName());
    fields.put("feature", span.getTags().getFeature());
    fields.put("team", span.getTags().getTeam());
    fields.put("workspace", span.getTags().getWorkspace());
    fields.put("environment", span.getTags().getEnvironment());
    fields.put("prompt_name", span.getTags().getPromptName());
    fields.put("prompt_version", span.getTags().getPromptVersion());
    fields.put("prompt_hash", span.getTags().getPromptHash());
    fields.put("experiment", span.getTags().getExperiment());
    putUsage(fields, span.getUsage());
    putRetrieval(fields, span.getRetrieval());
    fields.replaceAll((name, value) -> value == null ? "null" : value);
    return fields;
  }

  private static void putUsage(Map<String, String> fields, TokenUsage usage) {
    if (usage == null) {
      return;
    }
    fields.put(
        "input",
        sum(
            usage.getInputUncached(),
            usage.getCacheRead(),
            usage.getCacheWrite5m(),
            usage.getCacheWrite1h(),
            usage.getInputAudio(),
            usage.getInputImage()));
    fields.put(
        "output",
        sum(
            usage.getOutputText(),
            usage.getReasoning(),
            usage.getOutputAudio(),
            usage.getOutputImage()));
    fields.put("cache_read", String.valueOf(usage.getCacheRead()));
    fields.put("cache_write", sum(usage.getCacheWrite5m(), usage.getCacheWrite1h()));
    fields.put("cache_write_1h", String.valueOf(usage.getCacheWrite1h()));
    fields.put("reasoning", String.valueOf(usage.getReasoning()));
    fields.put("audio_input", String.valueOf(usage.getInputAudio()));
    UnitUsage units = usage.getUnits();
    if (units != null) {
      fields.put("web_searches", String.valueOf(units.getWebSearches()));
      fields.put("social_searches", String.valueOf(units.getSocialSearches()));
      fields.put("file_searches", String.valueOf(units.getFileSearches()));
      fields.put("rerank_queries", String.valueOf(units.getRerankQueries()));
      fields.put("seconds", String.valueOf(units.getSeconds()));
      fields.put("pages", String.valueOf(units.getPages()));
    }
  }

  private static void putRetrieval(Map<String, String> fields, Retrieval retrieval) {
    if (retrieval == null) {
      return;
    }
    fields.put("source", retrieval.getSource());
    fields.put("top_k", String.valueOf(retrieval.getTopK()));
    fields.put("hits", String.valueOf(retrieval.getHits()));
    fields.put("score_min", String.valueOf(retrieval.getScoreMin()));
    fields.put("score_max", String.valueOf(retrieval.getScoreMax()));
    fields.put("score_mean", String.valueOf(retrieval.getScoreMean()));
  }

  private static String sum(Long... parts) {
    Long sum = null;
    for (Long part : parts) {
      if (part != null) {
        sum = sum == null ? part : Long.valueOf(sum + part);
      }
    }
    return String.valueOf(sum);
  }

  private static String word(Enum<?> value) {
    return value == null ? "null" : value.name().toLowerCase(Locale.ROOT);
  }
}
