package dev.tributary.standalone.lint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tributary.runtime.testing.TestData;
import dev.tributary.standalone.lint.LintFinding.Severity;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What lint says of hand-written and recorded input. */
class LintTest extends LintCases {
  /** Of the drafts. */
  private static final long START_NANOS = 1_767_225_600_000_000_000L;

  @Test
  void completeCall_hasNothingToFix() throws Exception {
    LintReport report = lint(SpanDraft.complete());

    assertThat(report.score()).isEqualTo(100.0);
    assertThat(findings(report)).isEmpty();
    assertThat(report.exitCode()).isZero();
  }

  /** Each run's spans, calls and dialect are those of its README; all lack a feature. */
  @ParameterizedTest
  @CsvSource({
    "traceloop, traceloop, 43, 31",
    "openinference, openinference, 40, 34",
    "otel-contrib-openai, otel, 35, 26",
    "vercel-ai-v6, vercel-ai, 66, 33",
    "langfuse-sdk, langfuse, 30, 26"
  })
  void recordedRun_isUnderstoodAndLacksAFeature(String run, String dialect, int spans, int calls)
      throws Exception {
    LintReport report = FileSource.read(recorded(run, ".pb"));

    assertThat(report.total().spans).isEqualTo(spans);
    assertThat(report.total().calls).isEqualTo(calls);
    assertThat(report.parts())
        .allSatisfy(part -> assertThat(part.tally().dialect()).isEqualTo(dialect));
    assertThat(findings(report))
        .filteredOn(finding -> finding.code().equals("no_feature"))
        .isNotEmpty()
        .allSatisfy(finding -> assertThat(finding.severity()).isEqualTo(Severity.ERROR));
    assertThat(findings(report))
        .extracting(LintFinding::code)
        .doesNotContain("orphans", "clock_skew", "double_reported", "spans_refused");
    assertThat(report.exitCode()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"traceloop", "openinference", "otel-contrib-openai", "vercel-ai-v6", "langfuse-sdk"})
  void encodings_giveOneReport_andTogetherCountOnce(String run) throws Exception {
    LintReport proto = FileSource.read(recorded(run, ".pb"));
    LintReport json = FileSource.read(recorded(run, ".json"));

    LintReport both =
        FileSource.read(
            Stream.concat(recorded(run, ".pb").stream(), recorded(run, ".json").stream()).toList());

    assertThat(tree(json).path("instrumentations")).isEqualTo(tree(proto).path("instrumentations"));
    assertThat(tree(both).path("instrumentations")).isEqualTo(tree(proto).path("instrumentations"));
    assertThat(both.facts().repeated()).isEqualTo(proto.total().spans);
  }

  @ParameterizedTest
  @CsvSource({"traceloop", "openinference", "otel-contrib-openai", "vercel-ai-v6", "langfuse-sdk"})
  void text_fitsHundredColumns(String run) throws Exception {
    StringWriter out = new StringWriter();

    LintText.print(FileSource.read(recorded(run, ".pb")), new PrintWriter(out));

    assertThat(out.toString().lines()).isNotEmpty().allMatch(line -> line.length() <= 100);
    assertThat(out.toString()).matches("\\p{ASCII}+");
  }

  /** What lint proposes is what the normaliser reads: applied, the finding is gone. */
  @ParameterizedTest
  @CsvSource({"traceloop", "openinference", "otel-contrib-openai", "vercel-ai-v6", "langfuse-sdk"})
  void remedyApplied_endsItsFinding(String run) throws Exception {
    String body = Files.readString(TestData.path("otlp/" + run + "/chat_basic.otlp.json"));
    List<LintFinding> before = findings(lint("before.json", body));
    assertThat(before).isNotEmpty();

    for (LintFinding finding : before) {
      for (Remedy remedy : finding.remedies()) {
        if (remedy.attribute() != null) {
          LintReport after = lint("after.json", RemedyTrial.apply(remedy, body));

          assertThat(findings(after))
              .as("%s by %s", finding.code(), remedy)
              .extracting(LintFinding::code)
              .doesNotContain(finding.code());
        }
      }
    }
  }

  @Test
  void untaggedCall_namesTagsAndScore() throws Exception {
    SpanDraft draft =
        new SpanDraft()
            .span(1, 1, 0, 0, SpanDraft.callWithout("tributary.feature", "tributary.workspace"));

    LintReport report = lint(draft);

    assertThat(findings(report))
        .extracting(LintFinding::code)
        .containsExactlyInAnyOrder(
            "no_feature", "no_team", "no_workspace", "no_environment", "no_service");
    // Of accepted 15, service 5, usage 20, model 10, provider 5, finish 10, tags 27, parent 10,
    // once
    // 8.
    assertThat(report.score()).isCloseTo(100.0 * (110 - 30) / 110, within(1e-9));
    double lost = findings(report).stream().mapToDouble(LintFinding::points).sum();
    assertThat(lost).isCloseTo(100 - report.score(), within(1e-9));
    assertThat(report.exitCode()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"unknown_service", "unknown_service:java"})
  void serviceThatAnSdkNamed_isNone(String name) throws Exception {
    SpanDraft draft =
        new SpanDraft()
            .resource("service.name", name)
            .resource("deployment.environment.name", "test")
            .resource("tributary.team", "payments")
            .span(1, 1, 0, 0, SpanDraft.call());

    LintReport report = lint(draft);

    assertThat(findings(report)).extracting(LintFinding::code).containsExactly("no_service");
    assertThat(report.score()).isLessThan(100);
  }

  /** What every instance refuses; taken for nanoseconds, the times are of January 1970. */
  @ParameterizedTest
  @ValueSource(longs = {1_000_000, 1_000, 1_000_000_000})
  void timesInAnotherUnit_areAnError(long nanosOfUnit) throws Exception {
    String body =
        SpanDraft.complete()
            .json()
            .replaceAll("\"1767225600000000000\"", "\"" + START_NANOS / nanosOfUnit + "\"")
            .replaceAll("\"1767225601000000000\"", "\"" + START_NANOS / nanosOfUnit + "\"");

    LintReport report = lint("times.json", body);

    LintFinding finding = findings(report).get(0);
    assertThat(findings(report)).hasSize(1);
    assertThat(finding.code()).isEqualTo("wrong_times");
    assertThat(finding.severity()).isEqualTo(Severity.ERROR);
    assertThat(finding.remedies().get(0).line()).contains("nanoseconds");
    assertThat(report.parts().get(0).id().service()).isEqualTo("checkout-api");
    assertThat(report.score()).isZero();
    assertThat(finding.points()).isCloseTo(100, within(1e-9));
    assertThat(report.exitCode()).isEqualTo(1);
  }

  @Test
  void orphanSkewAndDouble_areCounted() throws Exception {
    SpanDraft draft =
        SpanDraft.complete()
            .span(2, 1, 0, 5_000, SpanDraft.callWith("gen_ai.response.id", "resp-2"))
            .span(2, 2, 1, 1_000, SpanDraft.callWith("gen_ai.response.id", "resp-3"))
            .span(3, 1, 9, 0, SpanDraft.callWith("gen_ai.response.id", "resp-4"))
            .span(4, 1, 0, 0, SpanDraft.callWith("gen_ai.response.id", "resp-4"));

    LintReport report = lint(draft);

    Tally tally = report.parts().get(0).tally();
    assertThat(findings(report))
        .extracting(LintFinding::code)
        .containsExactlyInAnyOrder("orphans", "clock_skew", "double_reported");
    assertThat(tally.check(Check.PARENT).failed()).isEqualTo(1);
    assertThat(tally.check(Check.CLOCK).failed()).isEqualTo(1);
    assertThat(tally.maxSkewUs).isEqualTo(4_000_000);
    assertThat(tally.check(Check.ONCE).failed()).isEqualTo(1);
    assertThat(report.exitCode()).isZero();
  }

  @Test
  void refusedSpan_isAnErrorWithItsReason() throws Exception {
    SpanDraft draft = SpanDraft.complete().span(0, 2, 0, 0, Map.of());

    LintReport report = lint(draft);

    assertThat(findings(report))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.code()).isEqualTo("spans_refused");
              assertThat(finding.what()).contains("INVALID_TRACE_ID 1");
            });
    assertThat(report.exitCode()).isEqualTo(1);
  }

  @Test
  void unknownAttributesAndUnreadableValues_areNamed() throws Exception {
    Map<String, Object> call = SpanDraft.callWith("acme.cohort", "b");
    call.put("gen_ai.usage.reasoning.output_tokens", "many");

    LintReport report = lint(draft(call));

    assertThat(findings(report))
        .extracting(LintFinding::code)
        .containsExactly("unreadable_values", "unknown_attributes");
    assertThat(report.parts().get(0).tally().unknownAttributes).containsOnlyKeys("acme.cohort");
  }

  /** A value of a span may be a secret; none of them is in a report but names of its fields. */
  @Test
  void values_areNotInTheReport() throws Exception {
    Map<String, Object> call = SpanDraft.callWith("acme.note", "sk-planted-4711");
    call.put("gen_ai.input.messages", "planted prompt");
    call.put("gen_ai.usage.reasoning.output_tokens", "planted number");
    LintReport report = lint(draft(call));
    StringWriter text = new StringWriter();
    LintText.print(report, new PrintWriter(text));

    assertThat(text + tree(report).toString()).doesNotContain("planted");
  }
}
