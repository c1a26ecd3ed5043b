package dev.tributary.standalone.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is read of files, and what is said of those that cannot be. */
class FileSourceTest extends LintCases {
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
  void firstLineOfAnotherSignal_theLinesAfterItAreRead() throws Exception {
    LintReport report =
        lint("mixed.jsonl", "{\"resourceLogs\":[]}\n" + SpanDraft.complete().json() + "\n");

    assertThat(report.total().spans).isEqualTo(1);
    assertThat(report.facts().unreadable()).singleElement().asString().contains("request 1");
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
}
