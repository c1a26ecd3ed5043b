package dev.tributary.standalone.lint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tributary.standalone.lint.LintFinding.Severity;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What lint says of the usage of calls. */
class UsageLintTest extends LintCases {
  @Test
  void callWithoutUsageAndModel_isAnError() throws Exception {
    SpanDraft draft =
        draft(
            SpanDraft.callWithout(
                "gen_ai.usage.input_tokens",
                "gen_ai.usage.output_tokens",
                "gen_ai.response.model",
                "gen_ai.response.finish_reasons"));

    assertThat(findings(lint(draft)))
        .extracting(LintFinding::code)
        .containsExactly("no_usage", "no_model", "no_finish_reason");
  }

  @ParameterizedTest
  @CsvSource({
    "gen_ai.usage.output_tokens, 1 without output tokens",
    "gen_ai.usage.input_tokens, 1 without input tokens"
  })
  void halfAUsage_isAnErrorThatItsOtherHalfEnds(String missing, String what) throws Exception {
    SpanDraft draft = draft(SpanDraft.callWithout(missing));

    LintReport report = lint(draft);

    LintFinding finding = findings(report).get(0);
    assertThat(findings(report)).hasSize(1);
    assertThat(finding.code()).isEqualTo("half_usage");
    assertThat(finding.severity()).isEqualTo(Severity.ERROR);
    assertThat(finding.what()).contains(what);
    assertThat(finding.remedies()).hasSize(1);
    assertThat(report.score()).isLessThan(100);
    assertThat(finding.points()).isCloseTo(100 - report.score(), within(1e-9));
    LintReport after =
        lint("after.json", RemedyTrial.apply(finding.remedies().get(0), draft.json()));
    assertThat(findings(after)).isEmpty();
    assertThat(after.score()).isEqualTo(100.0);
  }

  @Test
  void halfAUsageOfBothKinds_andNoUsage_shareThePointsOfTheCheck() throws Exception {
    SpanDraft draft = draft(SpanDraft.callWithout("gen_ai.usage.output_tokens"));
    Map<String, Object> withoutInput = SpanDraft.callWithout("gen_ai.usage.input_tokens");
    withoutInput.put("gen_ai.response.id", "resp-2");
    Map<String, Object> without =
        SpanDraft.callWithout("gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens");
    without.put("gen_ai.response.id", "resp-3");
    LintReport report = lint(draft.span(2, 1, 0, 0, withoutInput).span(3, 1, 0, 0, without));

    assertThat(findings(report))
        .extracting(LintFinding::code)
        .containsExactlyInAnyOrder("half_usage", "no_usage");
    double lost = findings(report).stream().mapToDouble(LintFinding::points).sum();
    assertThat(lost).isCloseTo(100 - report.score(), within(1e-9));
  }

  /** An embedding has no output, and not every answer is text. */
  @Test
  void usageThatHasOneSideOnly_isNoHalf() throws Exception {
    Map<String, Object> embedding = SpanDraft.callWithout("gen_ai.usage.output_tokens");
    embedding.put("gen_ai.operation.name", "embeddings");
    Map<String, Object> nothingWritten = SpanDraft.callWith("gen_ai.usage.output_tokens", 0);
    Map<String, Object> spoken = SpanDraft.callWithout("gen_ai.usage.output_tokens");
    spoken.put("gen_ai.usage.audio.input_tokens", 1000);

    for (Map<String, Object> call : List.of(embedding, nothingWritten, spoken)) {
      assertThat(findings(lint(draft(call))))
          .as(call.toString())
          .extracting(LintFinding::code)
          .doesNotContain("half_usage");
    }
  }

  /** A prompt that was blocked has no answer to count, and an image has no tokens. */
  @ParameterizedTest
  @CsvSource({
    "generate_content, SAFETY, false",
    "chat, content_filter, false",
    "chat, refusal, false",
    "image_generation, stop, false",
    "generate_content, STOP, true",
    "chat, length, true"
  })
  void inputAlone_isHalfAUsageOnlyWhereATextWasWritten(
      String operation, String finish, boolean isHalf) throws Exception {
    Map<String, Object> call = SpanDraft.callWithout("gen_ai.usage.output_tokens");
    call.put("gen_ai.operation.name", operation);
    call.put("gen_ai.response.finish_reasons", finish);

    assertThat(
            findings(lint(draft(call))).stream()
                .anyMatch(finding -> finding.code().equals("half_usage")))
        .isEqualTo(isHalf);
  }

  @Test
  void contradictingCounts_areAnErrorOfTheirOwn() throws Exception {
    SpanDraft draft = draft(SpanDraft.callWith("gen_ai.usage.reasoning.output_tokens", 999));

    assertThat(findings(lint(draft)))
        .extracting(LintFinding::code)
        .containsExactly("invalid_usage");
  }

  /** Only what an answered call lost to a contradiction is no missing usage. */
  @Test
  void contradictingCountsOfAFailedCall_hideNoMissingUsage() throws Exception {
    Map<String, Object> without =
        SpanDraft.callWithout("gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens");
    Map<String, Object> contradicting =
        SpanDraft.callWith("gen_ai.usage.reasoning.output_tokens", 999);
    contradicting.put("gen_ai.response.id", "resp-2");
    contradicting.put("error.type", "timeout");
    SpanDraft draft = draft(without).span(2, 2, 0, 10, contradicting);

    LintReport report = lint(draft);

    assertThat(findings(report))
        .extracting(LintFinding::code)
        .containsExactlyInAnyOrder("invalid_usage", "no_usage");
  }

  @Test
  void cachedInputOfAnUnknownInstrumentation_isAssumed_andMoreThanItsInputProvesIt()
      throws Exception {
    LintReport assumed =
        lint(draft(SpanDraft.callWith("gen_ai.usage.cache_read.input_tokens", 700)));
    LintReport proven =
        lint(draft(SpanDraft.callWith("gen_ai.usage.cache_read.input_tokens", 5_000)));

    assertThat(findings(assumed)).extracting(LintFinding::code).contains("assumed_convention");
    assertThat(assumed.parts().get(0).tally().conventions)
        .containsOnlyKeys(Tally.Convention.ASSUMED);
    assertThat(proven.parts().get(0).tally().conventions)
        .containsOnlyKeys(Tally.Convention.EXCLUSIVE_PROVEN);
  }

  @Test
  void failedCallWithoutReason_isAWarning_andNeedsNoUsage() throws Exception {
    SpanDraft draft =
        draft(SpanDraft.callWithout("gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens"))
            .failed();

    assertThat(findings(lint(draft)))
        .extracting(LintFinding::code)
        .containsExactly("no_error_type");
  }
}
