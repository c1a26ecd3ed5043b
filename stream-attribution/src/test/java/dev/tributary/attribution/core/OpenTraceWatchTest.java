package dev.tributary.attribution.core;

import static dev.tributary.attribution.core.TestSpans.TRACE;
import static dev.tributary.attribution.core.TestSpans.agent;
import static dev.tributary.attribution.core.TestSpans.complete;
import static dev.tributary.attribution.core.TestSpans.feature;
import static dev.tributary.attribution.core.TestSpans.llm;
import static dev.tributary.attribution.core.TestSpans.span;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.schemas.Signal;
import dev.tributary.schemas.SpanKind;
import java.math.BigDecimal;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpenTraceWatchTest {
  private static final long SECOND = TimeUnit.SECONDS.toMicros(1);
  private static final String SCOPE = "default|trace:" + TRACE + ":";

  private final JoinHarness harness =
      harness(
          new OpenTracePolicy("any", 0, null, null, new BigDecimal("100"), 50L, 20 * SECOND),
          new OpenTracePolicy("search", 5, "sea*", null, new BigDecimal("0.006"), 3L, 10 * SECOND));

  @Test
  void runawayCost_isFlagged_raised_andClearedAtClose() {
    calls(1, "search");
    assertThat(harness.signals).isEmpty();
    calls(1, "search");
    Signal flagged = harness.signalled.get(SCOPE + "runaway_cost");
    assertThat(flagged.getActive()).isTrue();
    assertThat(flagged.getSeverity()).isEqualTo("warning");
    assertThat(flagged.getValue()).isEqualByComparingTo("0.006915");
    assertThat(flagged.getLimit()).isEqualByComparingTo("0.006");
    assertThat(flagged.getDetail()).containsEntry("policy", "search");
    assertThat(flagged.getDetail()).containsEntry("feature", "search");
    assertThat(flagged.getDetail()).containsEntry("trace_id", TRACE);
    harness.crash();
    calls(1, "search");
    assertThat(harness.signals).as("said once").hasSize(1);
    calls(1, "search");
    assertThat(harness.signalled.get(SCOPE + "runaway_cost").getSeverity()).isEqualTo("critical");
    harness.advance(61 * SECOND);
    assertThat(harness.signalled.get(SCOPE + "runaway_cost").getActive()).isFalse();
    harness.advance(TimeUnit.HOURS.toMicros(7));
    assertThat(harness.signalled).as("forgotten with the trace").isEmpty();
  }

  /** Whoever is told has to know whose it is, and that it is not production. */
  @Test
  void flag_saysWhoseTheTraceIs_asFarAsItIsKnown() {
    calls(2, "search");
    assertThat(harness.signalled.get(SCOPE + "runaway_cost").getDetail())
        .containsEntry("environment", "production")
        .containsEntry("workspace", "acme")
        .containsEntry("team", "discovery");

    JoinHarness untagged = harness(new OpenTracePolicy("any", 0, null, null, null, 3L, null));
    for (int i = 2; i <= 4; i++) {
      untagged.send(tool(i).setTags(feature("other")).build());
      untagged.advance(35 * SECOND); // it lacks tags: booked when nothing more is waited for
    }
    assertThat(untagged.signalled.get(SCOPE + "tool_loop").getDetail())
        .containsOnlyKeys("trace_id", "policy", "feature", "tool");
  }

  /** What the trace inherits has not come yet; what the process says of itself has. */
  @Test
  void stalledHandoff_saysWhatTheSpanAndItsResourceSay() {
    harness.send(
        agent(2, 1)
            .setTags(feature("search"))
            .setResourceTags(TestSpans.tags(t -> t.setEnvironment("staging").setTeam("blue")))
            .build());
    harness.advance(10 * SECOND);
    assertThat(harness.signalled.get(SCOPE + "stalled_handoff").getDetail())
        .containsEntry("environment", "staging")
        .containsEntry("team", "blue");
  }

  @Test
  void policyOfAnEnvironment_holdsThereOnly() {
    JoinHarness staging =
        harness(new OpenTracePolicy("staging", 0, null, "stag*", null, 3L, 10 * SECOND));
    for (int i = 2; i <= 4; i++) {
      staging.send(tool(i).build());
      staging.advance(SECOND / 10);
    }
    assertThat(staging.signals).isEmpty();
    for (int i = 5; i <= 7; i++) {
      staging.send(
          tool(i)
              .setTraceId(TestSpans.trace(9))
              .setTags(TestSpans.tags(t -> complete("search", t).setEnvironment("staging")))
              .build());
      staging.advance(SECOND / 10);
    }
    assertThat(staging.signalled)
        .containsOnlyKeys("default|trace:" + TestSpans.trace(9) + ":tool_loop");
  }

  @Test
  void otherFeature_hasOtherLimits() {
    calls(4, "chat");
    assertThat(harness.signals).isEmpty();
  }

  @Test
  void noPolicy_flagsNothing() {
    JoinHarness without = harness();
    for (int i = 2; i < 60; i++) {
      without.send(tool(i).build());
      without.advance(SECOND / 10);
    }
    without.advance(TimeUnit.HOURS.toMicros(1));
    without.advance(TimeUnit.HOURS.toMicros(6));
    assertThat(without.spans.size()).as("a stub by now").isZero();
    assertThat(without.signals).as("nor takes anything back").isEmpty();
  }

  @Test
  void toolLoop_isFlagged() {
    for (int i = 2; i <= 4; i++) {
      assertThat(harness.signals).isEmpty();
      harness.send(tool(i).build());
      harness.advance(SECOND / 10);
    }
    Signal flagged = harness.signalled.get(SCOPE + "tool_loop");
    assertThat(flagged.getValue()).isEqualByComparingTo("3");
    assertThat(flagged.getDetail()).containsEntry("tool", "lookup");
  }

  @Test
  void handoffThatNobodyTakesUp_isFlagged_untilItGoesOn() {
    harness.send(
        agent(2, 1).setTags(complete("search")).setEndTimeUs(TestSpans.T0 + 9_000).build());
    harness.advance(9 * SECOND);
    assertThat(harness.signals).isEmpty();
    harness.advance(SECOND);
    Signal flagged = harness.signalled.get(SCOPE + "stalled_handoff");
    assertThat(flagged.getActive()).isTrue();
    assertThat(flagged.getValue()).isEqualByComparingTo("10");
    assertThat(flagged.getDetail()).containsEntry("from_agent", "clerk");
    harness.send(llm(9, 8).build());
    assertThat(harness.signalled.get(SCOPE + "stalled_handoff").getActive()).isFalse();
  }

  /** Nothing is booked meanwhile, so only the flag itself has changed. */
  @Test
  void handoffThatGoesOn_isSaidOnce_andTheNextStallIsFlagged_afterARestart() {
    harness.send(agent(2, 1).setTags(feature("search")).build());
    harness.advance(10 * SECOND);
    harness.send(llm(9, 8).build());
    assertThat(harness.signals).hasSize(2);
    harness.crash();
    harness.send(
        agent(3, 1).setTags(feature("search")).setEndTimeUs(TestSpans.T0 + 60 * SECOND).build());
    assertThat(harness.signals).as("taken back once").hasSize(2);
    harness.crash();
    harness.advance(10 * SECOND);
    assertThat(harness.signals).as("the next one").hasSize(3);
    assertThat(harness.signalled.get(SCOPE + "stalled_handoff").getActive()).isTrue();
  }

  @Test
  void callThatRuns_isNoHandoff() {
    harness.send(llm(2, 1).setTags(complete("search")).build());
    harness.advance(30 * SECOND);
    assertThat(harness.signals).isEmpty();
  }

  @Test
  void coverage_isCountedAtClose() {
    calls(2, "search");
    harness.send(llm(77, 1).setServiceName("batch-night").build()); // by rule only
    harness.advance(61 * SECOND);
    ServiceCoverage shop = harness.coverage.get("shop-api");
    assertThat(shop.calls()).isEqualTo(2);
    assertThat(shop.attributedCalls()).isEqualTo(2);
    assertThat(shop.attributedCost()).isEqualByComparingTo("0.006915");
    ServiceCoverage batch = harness.coverage.get("batch-night");
    assertThat(batch.calls()).isEqualTo(1);
    assertThat(batch.attributedCalls()).isZero();
    assertThat(batch.cost()).isEqualByComparingTo("0.0034575");
    assertThat(batch.attributedCost()).isNull();
  }

  @Test
  void coverage_isNotCountedAgainWhereALateSpanRevises() {
    calls(2, "search");
    harness.advance(61 * SECOND);
    harness.coverage.clear();
    calls(1, "search");
    assertThat(harness.summaries).hasSize(2);
    assertThat(harness.coverage).isEmpty();
  }

  @Test
  void exactlyTwiceTheLimit_isCritical() {
    for (int i = 2; i <= 6; i++) {
      harness.send(tool(i).build());
      harness.advance(SECOND / 10);
    }
    assertThat(harness.signalled.get(SCOPE + "tool_loop").getSeverity()).isEqualTo("warning");
    harness.send(tool(7).build());
    harness.advance(SECOND / 10);
    assertThat(harness.signalled.get(SCOPE + "tool_loop").getSeverity()).isEqualTo("critical");
  }

  /** A tool that hands over waits for the next agent as an agent that ended does. */
  @ParameterizedTest
  @CsvSource({"transfer_to_billing, true", "crm_handoff, true", "lookup, false"})
  void toolThatCallsTheNextAgent_handsOver(String tool, boolean isHandoff) {
    harness.send(span(SpanKind.TOOL, 2, 1).setToolName(tool).setTags(complete("search")).build());
    harness.advance(10 * SECOND);

    assertThat(harness.signalled.containsKey(SCOPE + "stalled_handoff")).isEqualTo(isHandoff);
  }

  /** Whoever was called last is who is waited for. */
  @Test
  void agentThatEndedBeforeAnotherSpan_isNotWaitedFor() {
    harness.send(
        agent(2, 1).setTags(complete("search")).setEndTimeUs(TestSpans.T0 + 9_000).build());
    harness.send(llm(3, 1).setTags(complete("search")).setEndTimeUs(TestSpans.T0 + 10_000).build());
    harness.advance(10 * SECOND);

    assertThat(harness.signals).isEmpty();
  }

  /** The outermost agent has nobody to hand over to. */
  @Test
  void agentThatIsTheRoot_handsOverToNobody() {
    JoinHarness slow =
        new JoinHarness(
            new JoinTimes(
                30 * SECOND,
                30 * SECOND,
                60 * SECOND,
                3_600 * SECOND,
                900 * SECOND,
                3_600 * SECOND),
            JoinLimits.DEFAULT,
            TestViews.always(
                view(new OpenTracePolicy("any", 0, null, null, null, null, 10 * SECOND))));
    slow.send(agent(2, 0).setTags(complete("search")).build());
    slow.advance(10 * SECOND);

    assertThat(slow.signals).isEmpty();
  }

  /** A loop is one tool with the same arguments: neither alone is one. */
  @Test
  void callsOfOtherToolsOrWithOtherArguments_areNoLoop() {
    harness.send(tool(2).build());
    harness.advance(SECOND / 10);
    harness.send(tool(3).setToolName("fetch").build());
    harness.advance(SECOND / 10);
    harness.send(tool(4).setToolArgsHash("bb").build());
    harness.advance(SECOND / 10);
    harness.send(tool(5).build());
    harness.advance(SECOND / 10);
    assertThat(harness.signals).isEmpty();
    harness.send(tool(6).build());
    harness.advance(SECOND / 10);

    assertThat(harness.signalled.get(SCOPE + "tool_loop").getValue()).isEqualByComparingTo("3");
  }

  /** What nobody stated is not the same each time. */
  @Test
  void callsWithoutKnownArguments_areNoLoop() {
    for (int i = 2; i <= 6; i++) {
      harness.send(tool(i).setToolArgsHash(null).build());
      harness.advance(SECOND / 10);
      harness.send(tool(10 + i).setToolName(null).build());
      harness.advance(SECOND / 10);
    }
    assertThat(harness.signals).isEmpty();
  }

  @Test
  void policyWithoutALimitOfHandoffs_letsThemWait() {
    JoinHarness patient =
        harness(new OpenTracePolicy("any", 0, null, null, new BigDecimal("100"), null, null));
    patient.send(agent(2, 1).setTags(complete("search")).build());
    patient.advance(50 * SECOND);

    assertThat(patient.signals).isEmpty();
  }

  /** The root tells that the trace is another feature's, which nobody limits. */
  @Test
  void traceThatTurnsOutToBeOfNoPolicy_losesItsFlags() {
    JoinHarness search = harness(new OpenTracePolicy("search", 0, "search", null, null, 3L, null));
    for (int i = 2; i <= 4; i++) {
      search.send(tool(i).build());
      search.advance(SECOND / 10);
    }
    assertThat(search.signalled.get(SCOPE + "tool_loop").getActive()).isTrue();

    search.send(span(SpanKind.WORKFLOW, 1, 0).setTags(complete("chat")).build());
    search.advance(SECOND);

    assertThat(search.signalled.get(SCOPE + "tool_loop").getActive()).isFalse();
  }

  /** Limits are those in force: a flag does not outlive the limit that it was raised for. */
  @Test
  void flagOfALimitThatIsTakenBack_isTakenBack() {
    ReferenceView[] inForce = {
      view(new OpenTracePolicy("any", 0, null, null, new BigDecimal("0.003"), 3L, null))
    };
    JoinHarness changing = new JoinHarness(JoinTimes.DEFAULT, JoinLimits.DEFAULT, inForce(inForce));
    changing.send(llm(2, 1).setTags(complete("search")).build());
    changing.advance(SECOND / 10);
    for (int i = 3; i <= 5; i++) {
      changing.send(tool(i).build());
      changing.advance(SECOND / 10);
    }
    assertThat(changing.signalled.get(SCOPE + "tool_loop").getActive()).isTrue();
    assertThat(changing.signalled.get(SCOPE + "runaway_cost").getActive()).isTrue();

    inForce[0] =
        view(new OpenTracePolicy("any", 0, null, null, new BigDecimal("0.003"), null, null));
    changing.send(tool(6).build());
    changing.advance(SECOND / 10);
    assertThat(changing.signalled.get(SCOPE + "tool_loop").getActive()).isFalse();
    assertThat(changing.signalled.get(SCOPE + "runaway_cost").getActive()).isTrue();

    inForce[0] = view();
    changing.send(tool(7).build());
    changing.advance(SECOND / 10);
    assertThat(changing.signalled.get(SCOPE + "runaway_cost").getActive())
        .as("no policy at all")
        .isFalse();
  }

  private static References inForce(ReferenceView[] view) {
    return new References() {
      @Override
      public ReferenceView current(String tenant) {
        return view[0];
      }

      @Override
      public ReferenceView find(String tenant, long version) {
        return view[0];
      }
    };
  }

  private long last = 1;

  private void calls(int count, String feature) {
    for (int i = 0; i < count; i++) {
      harness.send(llm(++last, 1).setTags(complete(feature)).build());
      harness.advance(SECOND / 10);
    }
  }

  private static dev.tributary.schemas.Span.Builder tool(long number) {
    return span(SpanKind.TOOL, number, 1)
        .setTags(complete("search"))
        .setToolName("lookup")
        .setToolArgsHash("aa");
  }

  private static JoinHarness harness(OpenTracePolicy... policies) {
    return new JoinHarness(JoinTimes.DEFAULT, JoinLimits.DEFAULT, TestViews.always(view(policies)));
  }

  private static ReferenceView view(OpenTracePolicy... policies) {
    return new ReferenceView(
        1, TestViews.FIRST.catalogue(), TestViews.FIRST.rules(), List.of(policies));
  }
}
