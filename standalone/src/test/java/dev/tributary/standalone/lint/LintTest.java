package dev.tributary.standalone.lint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tributary.runtime.testing.TestData;
import dev.tributary.standalone.lint.LintFinding.Severity;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What lint says of hand-written, recorded and bad input. */
class LintTest {
  /** Of the drafts. */
  private static final long START_NANOS = 1_767_225_600_000_000_000L;

  @TempDir Path folder;

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
  void spanThatComesAgainWithOtherContents_isNamed_theSameIsNot() throws Exception {
    Map<String, Object> other = SpanDraft.callWith("gen_ai.usage.output_tokens", 35);
    Path first = write("first.json", SpanDraft.complete().json());
    Path same = write("same.json", SpanDraft.complete().json());
    Path changed = write("changed.json", draft(other).json());

    LintReport twice = FileSource.read(List.of(first, same));
    LintReport report = FileSource.read(List.of(first, same, changed));

    assertThat(findings(twice)).isEmpty();
    assertThat(twice.facts().repeated()).isEqualTo(1);
    assertThat(report.facts().repeated()).isEqualTo(2);
    assertThat(findings(report))
        .filteredOn(finding -> finding.code().equals("changed_spans"))
        .singleElement()
        .satisfies(finding -> assertThat(finding.affected()).isBetween(1L, 2L));
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
  void firstLineOfAnotherSignal_theLinesAfterItAreRead() throws Exception {
    LintReport report =
        lint("mixed.jsonl", "{\"resourceLogs\":[]}\n" + SpanDraft.complete().json() + "\n");

    assertThat(report.total().spans).isEqualTo(1);
    assertThat(report.facts().unreadable()).singleElement().asString().contains("request 1");
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
  void failedCallWithoutReason_isAWarning_andNeedsNoUsage() throws Exception {
    SpanDraft draft =
        draft(SpanDraft.callWithout("gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens"))
            .failed();

    assertThat(findings(lint(draft)))
        .extracting(LintFinding::code)
        .containsExactly("no_error_type");
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

  @Test
  void service_narrowsFilesToItsSpans_whichInheritFromOthers() throws Exception {
    Map<String, Object> untagged = SpanDraft.callWithout("tributary.feature");
    untagged.put("gen_ai.response.id", "resp-2");
    String child =
        new SpanDraft()
            .resource("service.name", "search-api")
            .span(1, 2, 1, 100, untagged)
            .span(0, 3, 0, 0, Map.of())
            .json();
    Path first = write("first.json", SpanDraft.complete().json());
    Path second = write("second.json", child);
    Path again = write("again.json", child);

    LintReport report = FileSource.read(List.of(first, second, again), "search-api");

    assertThat(report.services()).containsExactly("search-api");
    assertThat(report.total().spans).isEqualTo(1);
    assertThat(report.facts().repeated()).isEqualTo(1);
    assertThat(report.total().check(Check.FEATURE).failed()).isZero();
    assertThat(report.total().check(Check.PARENT).failed()).isZero();
    assertThat(findings(report)).extracting(LintFinding::code).contains("spans_refused");
    assertThat(FileSource.read(List.of(first, second), "nobody").isEmpty()).isTrue();
  }

  @Test
  void linesOfJson_areReadAsOneStream() throws Exception {
    String child =
        new SpanDraft()
            .resource("service.name", "checkout-api")
            .span(1, 2, 1, 100, SpanDraft.callWith("gen_ai.response.id", "resp-2"))
            .json();

    LintReport report = lint("batches.jsonl", SpanDraft.complete().json() + "\n" + child + "\n");

    assertThat(report.total().spans).isEqualTo(2);
    assertThat(report.total().check(Check.PARENT).failed()).isZero();
    assertThat(report.facts().unreadable()).isEmpty();
  }

  @Test
  void badInput_isNamed_theRestIsJudged_andTheCodeIsTwo() throws Exception {
    Path good = write("good.json", SpanDraft.complete().json());
    Path foreign = write("foreign.otlp.pb", "\u0001\u0002\u0003\u0004");
    Path cut = write("cut.json", "{\"resourceSpans\": [");
    Path array = write("array.txt", "\n[1, 2]\n");
    Path secondBad = write("second.jsonl", SpanDraft.complete().json() + "\n{\"a\": 1}\n");
    Path empty = write("empty.pb", "");
    Path missing = folder.resolve("missing.pb");

    LintReport report =
        FileSource.read(List.of(good, foreign, cut, array, secondBad, empty, missing));

    assertThat(report.facts().unreadable())
        .containsExactly(
            foreign + ": not an OTLP trace request: MALFORMED_PROTO",
            cut + ": not an OTLP trace request: MALFORMED_JSON",
            array + ": not an OTLP trace request: MALFORMED_JSON",
            secondBad + ": request 2: not an OTLP trace request: NOT_A_TRACE_REQUEST",
            empty + ": empty",
            missing + ": no such file");
    assertThat(report.total().spans).isEqualTo(1);
    assertThat(report.exitCode()).isEqualTo(2);
    assertThat(tree(report).path("unreadable")).hasSize(6);
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

  private static SpanDraft draft(Map<String, Object> call) {
    return new SpanDraft()
        .resource("service.name", "checkout-api")
        .resource("deployment.environment.name", "test")
        .resource("tributary.team", "payments")
        .span(1, 1, 0, 0, call);
  }

  private LintReport lint(SpanDraft draft) throws IOException {
    return lint("request.json", draft.json());
  }

  private LintReport lint(String name, String body) throws IOException {
    return FileSource.read(List.of(write(name, body)));
  }

  private Path write(String name, String body) throws IOException {
    return Files.write(folder.resolve(name), body.getBytes(StandardCharsets.UTF_8));
  }

  private static List<LintFinding> findings(LintReport report) {
    return report.parts().stream().flatMap(part -> part.findings().stream()).toList();
  }

  private static List<Path> recorded(String run, String ending) throws IOException {
    try (Stream<Path> files = Files.list(TestData.path("otlp/" + run))) {
      return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
    }
  }

  private static JsonNode tree(LintReport report) throws IOException {
    StringWriter out = new StringWriter();
    LintJson.print(report, new PrintWriter(out));
    return new ObjectMapper().readTree(out.toString());
  }
}
