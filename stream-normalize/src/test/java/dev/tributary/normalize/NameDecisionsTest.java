package dev.tributary.normalize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.normalize.core.Attributes;
import dev.tributary.normalize.core.NormalizeResult.Normalized;
import dev.tributary.normalize.core.OtlpSpan;
import dev.tributary.schemas.FinishReason;
import dev.tributary.schemas.GenAiAttributes;
import dev.tributary.schemas.Span;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names, kinds and bounds of a span where its payload leaves a choice. */
class NameDecisionsTest {
  @Test
  void attempt_ofResends_countsTheFirst() {
    assertThat(span(GenAiAttributes.HTTP_RESEND_COUNT, 2L).getAttempt()).isEqualTo(3);
    assertThat(
            span(GenAiAttributes.HTTP_RESEND_COUNT, 2L, GenAiAttributes.TRIBUTARY_ATTEMPT, 7L)
                .getAttempt())
        .isEqualTo(7);
    assertThat(span(GenAiAttributes.TRIBUTARY_ATTEMPT, 0L).getAttempt()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "us.anthropic.claude-sonnet-4-v1:0, aws.bedrock",
    "anthropic.claude-3-haiku, aws.bedrock",
    "claude-sonnet-4, anthropic",
    "myanthropic.claude-tuned, ",
  })
  void provider_ofAModelsName_bedrockOnlyByItsOwnForm(String model, String provider) {
    assertThat(span(GenAiAttributes.REQUEST_MODEL, model).getProvider()).isEqualTo(provider);
  }

  @Test
  void attributeThatStatesATag_isNoUnknownOne() {
    Span span = span("app.team", "payments", "acme.cohort", "b", "app.team", "others");

    assertThat(span.getUnknownAttributes()).containsExactly("acme.cohort");
    assertThat(span.getTags().getTeam()).as("of two, the first stands").isEqualTo("payments");
  }

  @Test
  void content_cutBetweenHalvesOfACharacter_losesBoth() {
    String text = "x" + "\uD83D\uDE00".repeat(100_000);

    String kept = normalized(GenAiAttributes.INPUT_MESSAGES, text).content().getInput();

    assertThat(kept).contains("…[cut");
    assertThat(Character.isHighSurrogate(kept.charAt(kept.indexOf('…') - 1))).isFalse();
  }

  @Test
  void responseId_withAMailAddress_pseudonymSoThatTwoStayTwo() {
    String one = span(GenAiAttributes.RESPONSE_ID, "ada@example.com/1").getResponseId();
    String other = span(GenAiAttributes.RESPONSE_ID, "bob@example.com/1").getResponseId();

    assertThat(one).hasSize(32).doesNotContain("ada").isNotEqualTo(other);
  }

  @Test
  void finishReasonsAndLinks_moreThanAnyCallHas_keptToABound() {
    List<OtlpSpan.Link> links =
        Collections.nCopies(
            500, new OtlpSpan.Link("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203332"));
    List<Object> reasons = new ArrayList<>(Collections.nCopies(500, "stop"));
    Attributes attributes =
        new Attributes.Builder().add(GenAiAttributes.RESPONSE_FINISH_REASONS, reasons).build();

    Span span = result(attributes, links).span();

    assertThat(span.getLinks()).hasSize(128);
    assertThat(span.getFinishReasons()).hasSize(32).containsOnly(FinishReason.STOP);
    assertThat(span.getFinishReasonsRaw()).hasSize(32);
  }

  @Test
  void count_asADoubleBeyondExactWholeNumbers_notRead() {
    assertThat(span(GenAiAttributes.USAGE_INPUT_TOKENS, 1e17).getRawUsage()).isEmpty();
    assertThat(span(GenAiAttributes.USAGE_INPUT_TOKENS, 12.5).getUsage()).isNull();
    assertThat(span(GenAiAttributes.USAGE_INPUT_TOKENS, 12.0).getUsage().getInputUncached())
        .isEqualTo(12);
  }

  @Test
  void agentsOutput_thatLooksLikeAReply_isNoUsageOfItsOwn() {
    String reply = "{\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":2}}";
    Span agent =
        span(GenAiAttributes.OPENINFERENCE_SPAN_KIND, "AGENT", GenAiAttributes.OUTPUT_VALUE, reply);
    Span call =
        span(GenAiAttributes.OPENINFERENCE_SPAN_KIND, "LLM", GenAiAttributes.OUTPUT_VALUE, reply);

    assertThat(agent.getUsage()).isNull();
    assertThat(call.getUsage().getInputUncached()).isEqualTo(10);
  }

  @Test
  void documents_asStructuresWithTheirRelevance_scored() {
    Span span =
        span(
            GenAiAttributes.OPERATION_NAME,
            "rerank",
            GenAiAttributes.RETRIEVAL_DOCUMENTS,
            List.of(Map.of("relevance_score", 0.25), Map.of("score", 0.75)));

    assertThat(span.getRetrieval().getHits()).isEqualTo(2);
    assertThat(span.getRetrieval().getScoreMin()).isEqualTo(0.25);
    assertThat(span.getRetrieval().getScoreMax()).isEqualTo(0.75);
  }

  private static Span span(Object... attributes) {
    return normalized(attributes).span();
  }

  private static Normalized normalized(Object... attributes) {
    return result(OneSpan.attributes(attributes), List.of());
  }

  private static Normalized result(Attributes attributes, List<OtlpSpan.Link> links) {
    return OneSpan.of("acme", "1", attributes, links);
  }
}
