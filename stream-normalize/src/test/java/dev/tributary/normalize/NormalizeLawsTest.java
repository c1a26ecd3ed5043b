package dev.tributary.normalize;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tributary.normalize.core.NormalizeResult;
import dev.tributary.normalize.core.NormalizeResult.Normalized;
import dev.tributary.normalize.core.OtlpBatch;
import dev.tributary.runtime.testing.Seeds;
import dev.tributary.schemas.GenAiAttributes;
import dev.tributary.schemas.Span;
import dev.tributary.schemas.TokenUsage;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What must not change a span: order, batching, repetition, and the age of attribute names. */
class NormalizeLawsTest {
  private static final Map<String, List<String>> OLDER_NAMES =
      Map.of(
          GenAiAttributes.PROVIDER_NAME, List.of(GenAiAttributes.SYSTEM),
          GenAiAttributes.USAGE_INPUT_TOKENS, List.of(GenAiAttributes.USAGE_PROMPT_TOKENS),
          GenAiAttributes.USAGE_OUTPUT_TOKENS, List.of(GenAiAttributes.USAGE_COMPLETION_TOKENS),
          GenAiAttributes.USAGE_CACHE_READ, List.of(GenAiAttributes.USAGE_CACHE_READ_FLAT),
          GenAiAttributes.USAGE_CACHE_CREATION,
              List.of(GenAiAttributes.USAGE_CACHE_WRITE, GenAiAttributes.USAGE_CACHE_CREATION_FLAT),
          GenAiAttributes.OPENAI_RESPONSE_SERVICE_TIER,
              List.of(GenAiAttributes.GEN_AI_OPENAI_RESPONSE_SERVICE_TIER));

  static Stream<String> fixtures() {
    return OtlpFixtures.names(".otlp.pb").stream();
  }

  static Stream<Long> seeds() {
    return Seeds.many(3);
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void normalize_spansPermuted_sameRecords(String file) {
    // Given
    OtlpBatch batch = OtlpFixtures.parse(file);
    List<OtlpBatch.Group> reversed = new ArrayList<>();
    for (OtlpBatch.Group group : batch.groups()) {
      var spans = new ArrayList<>(group.spans());
      Collections.reverse(spans);
      reversed.add(
          new OtlpBatch.Group(group.resource(), group.scopeName(), group.scopeVersion(), spans));
    }
    Collections.reverse(reversed);

    // When
    List<String> records = sorted(OtlpFixtures.results(new OtlpBatch(reversed)));

    // Then
    assertThat(records).isEqualTo(sorted(OtlpFixtures.results(batch)));
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void normalize_oneRequestPerSpanAndTwice_sameRecords(String file)
      throws InvalidProtocolBufferException, MalformedOtlpException {
    // Given
    TracesData whole = TracesData.parseFrom(OtlpFixtures.bytes(file));

    // When
    List<NormalizeResult> once = new ArrayList<>();
    List<NormalizeResult> again = new ArrayList<>();
    for (byte[] single : singles(whole)) {
      once.addAll(OtlpFixtures.results(OtlpProto.parse(single)));
      again.addAll(OtlpFixtures.results(OtlpProto.parse(single)));
    }

    // Then
    assertThat(sorted(once)).isEqualTo(sorted(OtlpFixtures.results(OtlpFixtures.parse(file))));
    assertThat(sorted(again)).isEqualTo(sorted(once));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void normalize_olderAttributeNames_sameMeaning(long seed) {
    Seeds.with(
        seed,
        generator -> {
          for (String file : OtlpFixtures.names(".otlp.pb")) {
            TracesData.Builder renamed;
            List<Normalized> results;
            try {
              renamed = TracesData.parseFrom(OtlpFixtures.bytes(file)).toBuilder();
              for (KeyValue.Builder attribute : attributes(renamed)) {
                List<String> older = OLDER_NAMES.get(attribute.getKey());
                if (older != null && generator.chance(70)) {
                  attribute.setKey(generator.pick(older));
                }
              }
              results =
                  OtlpFixtures.results(OtlpProto.parse(renamed.build().toByteArray())).stream()
                      .map(result -> (Normalized) result)
                      .toList();
            } catch (InvalidProtocolBufferException | MalformedOtlpException e) {
              throw new AssertionError(file, e);
            }
            assertThat(meanings(results))
                .as(file)
                .isEqualTo(meanings(OtlpFixtures.normalized(file)));
          }
        });
  }

  private static List<String> meanings(List<Normalized> results) {
    return results.stream().map(result -> meaning(result.span())).toList();
  }

  private static String meaning(Span span) {
    TokenUsage usage = span.getUsage();
    return span.getSpanId()
        + span.getKind()
        + span.getProvider()
        + span.getModelReturned()
        + usage
        + span.getUsageQuality()
        + span.getUsageConvention()
        + span.getFinishReasons()
        + span.getServiceTier();
  }

  private static List<KeyValue.Builder> attributes(TracesData.Builder data) {
    List<KeyValue.Builder> all = new ArrayList<>();
    for (ResourceSpans.Builder resource : data.getResourceSpansBuilderList()) {
      for (ScopeSpans.Builder scope : resource.getScopeSpansBuilderList()) {
        scope.getSpansBuilderList().forEach(span -> all.addAll(span.getAttributesBuilderList()));
      }
    }
    return all;
  }

  private static List<byte[]> singles(TracesData whole) {
    List<byte[]> singles = new ArrayList<>();
    for (ResourceSpans resource : whole.getResourceSpansList()) {
      for (ScopeSpans scope : resource.getScopeSpansList()) {
        for (var span : scope.getSpansList()) {
          singles.add(
              TracesData.newBuilder()
                  .addResourceSpans(
                      resource.toBuilder()
                          .clearScopeSpans()
                          .addScopeSpans(scope.toBuilder().clearSpans().addSpans(span)))
                  .build()
                  .toByteArray());
        }
      }
    }
    return singles;
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
}
