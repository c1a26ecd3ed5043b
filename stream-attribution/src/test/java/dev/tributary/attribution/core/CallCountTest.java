package dev.tributary.attribution.core;

import static dev.tributary.attribution.core.TestSpans.agent;
import static dev.tributary.attribution.core.TestSpans.carrying;
import static dev.tributary.attribution.core.TestSpans.failed;
import static dev.tributary.attribution.core.TestSpans.id;
import static dev.tributary.attribution.core.TestSpans.llm;
import static dev.tributary.attribution.core.TestSpans.span;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.Span;
import dev.tributary.schemas.SpanKind;
import dev.tributary.schemas.UsageQuality;
import dev.tributary.schemas.UsageScope;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Which of the spans that are calls count as one: what is paid, tried or wrapped counts once. */
class CallCountTest {

  /** However many spans lie between a wrapper and the call. */
  @Test
  void wrapperAroundACallFurtherDown_isNoCall() {
    Map<String, LedgerLine> lines =
        closed(wrapper(2, 1), span(SpanKind.TOOL, 3, 2), agent(4, 3), llm(5, 4));

    assertThat(calls(lines, 2, 5)).containsExactly(0, 1);
  }

  @Test
  void callWithoutUsageInsideOneThatOwns_isNoCall() {
    Map<String, LedgerLine> lines =
        closed(llm(2, 1), span(SpanKind.TOOL, 3, 2), agent(4, 3), wrapper(5, 4));

    assertThat(calls(lines, 2, 5)).containsExactly(1, 0);
  }

  /** What a shadow service states is no call, so that the call above it is one. */
  @Test
  void callAroundAShadowsRecord_isACall() {
    Map<String, LedgerLine> lines =
        closed(wrapper(2, 1), llm(3, 2).setServiceName("mirror-gateway"));

    assertThat(calls(lines, 2, 3)).containsExactly(1, 0);
  }

  /** An embedding is no second attempt at an answer. */
  @Test
  void failedCallBeforeOneOfAnotherKind_isACall() {
    Map<String, LedgerLine> lines =
        closed(wrapper(2, 1), failed(llm(3, 2)), carrying(span(SpanKind.EMBEDDING, 4, 2), 10, 0));

    assertThat(calls(lines, 3, 4)).containsExactly(1, 1);
  }

  /** It hangs below the root for want of its parent, and is nobody's sibling. */
  @Test
  void failedCallBeforeAnOrphan_isACall() {
    Map<String, LedgerLine> lines = closed(wrapper(1, 0), failed(llm(2, 1)), llm(3, 77));

    assertThat(calls(lines, 2, 3)).containsExactly(1, 1);
  }

  /** Two calls that number themselves 1 are two first attempts. */
  @Test
  void failedCallBeforeAnotherFirstAttempt_isACall() {
    Map<String, LedgerLine> lines =
        closed(agent(1, 0), failed(llm(2, 1)).setAttempt(1), llm(3, 1).setAttempt(1));
    assertThat(calls(lines, 2, 3)).containsExactly(1, 1);

    Map<String, LedgerLine> retried =
        closed(agent(1, 0), failed(llm(2, 1)).setAttempt(1), llm(3, 1).setAttempt(2));
    assertThat(calls(retried, 2, 3)).containsExactly(0, 1);
  }

  /** Its other calls may still come: until then what is estimated below it is counted. */
  @Test
  void reportedAggregate_beatsNothingBeforeItMayOwn() {
    Span.Builder agent = carrying(agent(2, 1), 41, 12);
    Span.Builder call = llm(3, 2).setUsageQuality(UsageQuality.ESTIMATED);
    BookOptions open =
        new BookOptions(
            false,
            span -> false,
            false,
            Set.of(),
            response -> false,
            Map.of(),
            version -> TestViews.FIRST);

    Map<String, LedgerLine> early = book(open, agent, call);
    assertThat(early.get(id(2)).getUsageScope()).isEqualTo(UsageScope.NONE);
    assertThat(early.get(id(3)).getUsageScope()).isEqualTo(UsageScope.LEAF);

    Map<String, LedgerLine> late = closed(agent, call);
    assertThat(late.get(id(2)).getUsageScope()).isEqualTo(UsageScope.AGGREGATE);
    assertThat(late.get(id(3)).getUsageScope()).isEqualTo(UsageScope.NONE);
  }

  private static Span.Builder wrapper(long number, long parent) {
    return llm(number, parent).setUsage(null).setUsageQuality(UsageQuality.MISSING);
  }

  private static List<Integer> calls(Map<String, LedgerLine> lines, long... numbers) {
    return Arrays.stream(numbers).mapToObj(number -> lines.get(id(number)).getCalls()).toList();
  }

  private static Map<String, LedgerLine> closed(Span.Builder... spans) {
    return book(BookOptions.closed(TestViews.FIRST), spans);
  }

  private static Map<String, LedgerLine> book(BookOptions options, Span.Builder... spans) {
    Map<String, LedgerLine> lines = new TreeMap<>();
    Book.book(Arrays.stream(spans).map(Span.Builder::build).toList(), TestViews.FIRST, options)
        .forEachLine(line -> lines.put(line.getItem(), line));
    return lines;
  }
}
