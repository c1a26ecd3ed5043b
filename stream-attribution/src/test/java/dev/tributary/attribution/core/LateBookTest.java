package dev.tributary.attribution.core;

import static dev.tributary.attribution.core.TestSpans.agent;
import static dev.tributary.attribution.core.TestSpans.carrying;
import static dev.tributary.attribution.core.TestSpans.feature;
import static dev.tributary.attribution.core.TestSpans.id;
import static dev.tributary.attribution.core.TestSpans.llm;
import static dev.tributary.attribution.core.TestSpans.span;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.tributary.attribution.SchemaCodec;
import dev.tributary.runtime.testing.Seeds;
import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.PriceStatus;
import dev.tributary.schemas.Provenance;
import dev.tributary.schemas.Span;
import dev.tributary.schemas.SpanKind;
import dev.tributary.schemas.UsageQuality;
import dev.tributary.schemas.UsageScope;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LateBookTest {
  private static final SchemaCodec CODEC = new SchemaCodec();

  @Test
  void callOfItsOwn_isBookedWithTheTagsOfItsTrace() {
    Span root = span(SpanKind.WORKFLOW, 1, 0).setTags(feature("search")).build();
    Span late = llm(3, 1).build();

    LateBook.Late result = late(List.of(late), List.of(root), List.of(root, late));

    LedgerLine line = result.lines().get(0);
    assertThat(line.getCost()).isPositive();
    assertThat(line.getCalls()).isEqualTo(1);
    assertThat(line.getAttribution().getFeature().getValue()).isEqualTo("search");
    assertThat(line.getAttribution().getFeature().getProvenance()).isEqualTo(Provenance.STUB);
    assertThat(line.getAttribution().getTeam().getProvenance()).isEqualTo(Provenance.RULE);
  }

  @Test
  void bookedSpan_isLeftAlone() {
    Span call = llm(3, 0).build();

    LateBook.Late result = late(List.of(call, call), List.of(call), List.of(call));

    assertThat(result.lines()).isEmpty();
    assertThat(result.alreadyBooked()).isEqualTo(1);
  }

  @Test
  void duplicates_areOneLine() {
    Span late = llm(3, 0).build();

    assertThat(late(List.of(late, late), List.of(), List.of(late)).lines())
        .extracting(LedgerLine::getItem)
        .containsExactly(late.getSpanId());
  }

  /** Whichever copy comes first, the one that reports its usage is booked. */
  @Test
  void copiesWithOtherContent_haveOneWinner() {
    Span reported = llm(3, 0).build();
    Span guessed = carrying(llm(3, 0), 7, 1).setUsageQuality(UsageQuality.ESTIMATED).build();

    for (List<Span> copies : List.of(List.of(reported, guessed), List.of(guessed, reported))) {
      assertThat(late(copies, List.of(), List.of(reported)).lines())
          .extracting(line -> line.getUsage().getInputUncached())
          .containsExactly(1_203L);
    }
  }

  @Test
  void spansThatHaveALine_areCountedApartFromThoseThatGetOne() {
    Span call = llm(3, 0).build();

    LateBook.Late result =
        late(List.of(call, llm(4, 0).build()), List.of(call), List.of(call, llm(4, 0).build()));

    assertThat(result.lines()).extracting(LedgerLine::getItem).containsExactly(id(4));
    assertThat(result.alreadyBooked()).isEqualTo(1);
    assertThat(result.leftOut()).isZero();
  }

  /** A span whose parent never came hangs below the root, and the root has counted its usage. */
  @Test
  void orphanOfARootThatOwns_isNotCountedAgain() {
    Span root = llm(1, 0).build();
    Span late = llm(9, 77).build();

    LedgerLine line = late(List.of(late), List.of(root), List.of(root, late)).lines().get(0);

    assertThat(line.getPriceReason()).isEqualTo("an ancestor owns the usage");
    assertThat(line.getUsageScope()).isEqualTo(UsageScope.NONE);
  }

  /** Another call of the trace is not above it. */
  @Test
  void orphanOfARootThatOwnsNothing_isCounted() {
    Span root = span(SpanKind.WORKFLOW, 1, 0).build();
    Span call = llm(3, 1).build();
    Span late = llm(9, 77).build();

    LateBook.Late result = late(List.of(late), List.of(root, call), List.of(root, call, late));

    assertThat(result.lines())
        .extracting(LedgerLine::getUsageScope)
        .containsExactly(UsageScope.LEAF);
  }

  /** What hangs beside the agent is not in what it states; what hangs nowhere may be. */
  @Test
  void besideABookedAggregate_isCounted_whereItIsKnownToBeBeside() {
    Span root = span(SpanKind.WORKFLOW, 1, 0).build();
    Span agent = carrying(agent(2, 1), 1_203, 45).build();
    Span beside = llm(8, 1).build();
    Span nowhere = llm(9, 77).build();

    LateBook.Late result =
        late(List.of(beside, nowhere), List.of(root, agent), List.of(root, agent, beside, nowhere));

    assertThat(result.lines()).extracting(LedgerLine::getItem).containsExactly(id(8));
    assertThat(result.lines().get(0).getUsageScope()).isEqualTo(UsageScope.LEAF);
    assertThat(result.leftOut()).isEqualTo(1);
  }

  /** Of two late calls on one path one is counted, also where what is between them is booked. */
  @Test
  void lateCallsWithABookedSpanBetween_areCountedOnce() {
    Span root = span(SpanKind.WORKFLOW, 1, 0).build();
    Span tool = span(SpanKind.TOOL, 3, 2).build();
    Span above = llm(2, 1).build();
    Span below = llm(4, 3).build();

    LateBook.Late result =
        late(List.of(above, below), List.of(root, tool), List.of(root, tool, above, below));

    assertThat(result.lines())
        .extracting(LedgerLine::getItem, LedgerLine::getUsageScope)
        .containsExactlyInAnyOrder(tuple(id(2), UsageScope.NONE), tuple(id(4), UsageScope.LEAF));
  }

  /** What is below it owns nothing. */
  @Test
  void lateCallAboveABookedTool_isCounted() {
    Span root = span(SpanKind.WORKFLOW, 1, 0).build();
    Span tool = span(SpanKind.TOOL, 3, 2).build();
    Span above = llm(2, 1).build();

    LateBook.Late result = late(List.of(above), List.of(root, tool), List.of(root, tool, above));

    assertThat(result.lines())
        .extracting(LedgerLine::getUsageScope)
        .containsExactly(UsageScope.LEAF);
  }

  @Test
  void belowABookedAggregate_isLeftOut() {
    Span agent = carrying(agent(1, 0), 1_203, 45).build();
    Span late = llm(3, 1).build();

    LateBook.Late result = late(List.of(late), List.of(agent), List.of(agent, late));

    assertThat(result.lines()).isEmpty();
    assertThat(result.leftOut()).isEqualTo(1);
  }

  @Test
  void aroundABookedCall_isNotCountedAgain() {
    Span call = llm(3, 2).build();
    Span above = llm(2, 1).build();
    Span below = llm(4, 3).build();

    LateBook.Late result = late(List.of(above, below), List.of(call), List.of(call, above, below));

    assertThat(result.lines())
        .extracting(LedgerLine::getPriceStatus)
        .containsOnly(PriceStatus.NOT_BILLABLE);
    assertThat(result.lines()).extracting(LedgerLine::getCalls).containsOnly(0);
  }

  @Test
  void bookedResponse_isNotCountedAgain() {
    Span call = llm(3, 1).setResponseId("resp-1").build();
    Span late = llm(4, 1).setResponseId("resp-1").build();

    LateBook.Late result = late(List.of(late), List.of(call), List.of(call, late));

    assertThat(result.lines().get(0).getPriceReason()).isEqualTo("double reported");
  }

  /** What the late record states may be in what the agent around the booked one states. */
  @Test
  void responseThatABookedAggregateHolds_isNotCountedAgain() {
    Span root = span(SpanKind.WORKFLOW, 1, 0).build();
    Span agent = carrying(agent(2, 1), 1_203, 45).build();
    Span call = unstated(3, 2);
    Span late = llm(9, 1).setResponseId("resp-1").build();

    LateBook.Late result =
        late(List.of(late), List.of(root, agent, call), List.of(root, agent, call, late));

    assertThat(result.lines().get(0).getPriceReason()).isEqualTo("double reported");
  }

  @Test
  void usageOfABookedCallWithout_isCountedAsNoOtherCall() {
    Span root = span(SpanKind.WORKFLOW, 1, 0).build();
    Span call = unstated(3, 1);
    Span late = llm(9, 1).setResponseId("resp-1").build();

    LateBook.Late result = late(List.of(late), List.of(root, call), List.of(root, call, late));

    assertThat(result.lines().get(0).getUsageScope()).isEqualTo(UsageScope.LEAF);
    assertThat(result.lines().get(0).getCalls()).isZero();
  }

  /** Two records without usage are one call. */
  @Test
  void bookedCallWithoutUsage_isNoOtherCall_whereItsRecordHasNoneEither() {
    Span root = span(SpanKind.WORKFLOW, 1, 0).build();
    Span call = unstated(3, 1);
    Span late = unstated(9, 1);

    LedgerLine line =
        late(List.of(late), List.of(root, call), List.of(root, call, late)).lines().get(0);

    assertThat(line.getPriceReason()).isEqualTo("double reported");
    assertThat(line.getCalls()).isZero();
  }

  /** Whatever a shadow service states is never counted: it does not stand for the call. */
  @Test
  void responseOfAShadowService_isCountedWhereItComesLate() {
    Span root = span(SpanKind.WORKFLOW, 1, 0).build();
    Span mirrored = llm(3, 1).setResponseId("resp-1").setServiceName("mirror-gateway").build();
    Span late = llm(9, 1).setResponseId("resp-1").build();

    LedgerLine line =
        late(List.of(late), List.of(root, mirrored), List.of(root, mirrored, late)).lines().get(0);

    assertThat(line.getUsageScope()).isEqualTo(UsageScope.LEAF);
    assertThat(line.getCalls()).isEqualTo(1);
  }

  /** The wrapper owns nothing itself, because the call below it does. */
  @Test
  void responseOfABookedWrapper_isNotCountedAgain() {
    Span root = span(SpanKind.WORKFLOW, 1, 0).build();
    Span wrapper = llm(2, 1).setResponseId("resp-1").build();
    Span call = llm(3, 2).build();
    Span late = llm(9, 1).setResponseId("resp-1").build();

    LateBook.Late result =
        late(List.of(late), List.of(root, wrapper, call), List.of(root, wrapper, call, late));

    assertThat(result.lines().get(0).getPriceReason()).isEqualTo("double reported");
  }

  /** The failed attempt was repeated, and is no call; its usage comes from the gateway. */
  @Test
  void usageOfAnAttemptThatWasRepeated_isCounted() {
    Span outer = span(SpanKind.LLM, 1, 0).build();
    Span attempt = TestSpans.failed(llm(2, 1)).setResponseId("resp-1").build();
    Span next = llm(3, 1).build();
    Span root = span(SpanKind.WORKFLOW, 8, 0).build();
    Span late = llm(9, 8).setResponseId("resp-1").build();

    LateBook.Late result =
        late(
            List.of(late),
            List.of(outer, attempt, next),
            List.of(outer, attempt, next, root, late));

    assertThat(result.lines().get(0).getUsageScope()).isEqualTo(UsageScope.LEAF);
    assertThat(result.lines().get(0).getCalls()).isEqualTo(1);
  }

  private static Span unstated(long number, long parent) {
    return llm(number, parent)
        .setUsage(null)
        .setUsageQuality(UsageQuality.MISSING)
        .setResponseId("resp-1")
        .build();
  }

  static Stream<Long> seeds() {
    return Seeds.many(PropertySize.traces());
  }

  /** No token is counted twice: of a late line and one above or below it at most one owns usage. */
  @ParameterizedTest
  @MethodSource("seeds")
  void lateLines_neverOwnAboveOrBelowOwners(long seed) {
    Seeds.with(
        seed,
        generator -> {
          RandomTrace trace = new RandomTrace(generator.random(), 1, generator.between(2, 25));
          List<Span> all = generator.shuffled(trace.distinct());
          int cut = generator.between(1, all.size());
          List<Span> onTime = all.subList(0, cut);
          List<Span> lateSpans = all.subList(cut, all.size());

          LateBook.Late result = late(lateSpans, onTime, all);

          Map<String, @Nullable String> parents = parents(all);
          Set<String> lateOwners = new HashSet<>();
          for (LedgerLine line : result.lines()) {
            if (line.getUsageScope() != UsageScope.NONE) {
              lateOwners.add(line.getItem());
            }
          }
          Set<String> owners = new HashSet<>(lateOwners);
          for (LedgerLine line : booked(onTime).values()) {
            if (line.getUsageScope() != UsageScope.NONE) {
              owners.add(line.getItem());
            }
          }
          for (String owner : owners) {
            for (String above : ancestors(owner, parents)) {
              boolean isLate = lateOwners.contains(owner) || lateOwners.contains(above);
              assertThat(isLate && owners.contains(above))
                  .as("%s owns above %s", above, owner)
                  .isFalse();
            }
          }
          assertThat(result.lines().size() + result.leftOut()).isEqualTo(lateSpans.size());
        });
  }

  /** None where parents form a cycle: where it is cut depends on which of its spans are there. */
  private static List<String> ancestors(String of, Map<String, @Nullable String> parents) {
    List<String> above = new ArrayList<>();
    String at = parents.get(of);
    while (at != null && !at.equals(of) && !above.contains(at)) {
      above.add(at);
      at = parents.get(at);
    }
    return at == null ? above : List.of();
  }

  private static LateBook.Late late(
      List<Span> late, Collection<Span> onTime, Collection<Span> everSeen) {
    return LateBook.book(
        late,
        new LateBook.Known(booked(onTime), parents(everSeen)),
        TestViews.FIRST,
        CODEC::encode);
  }

  private static Map<String, @Nullable String> parents(Collection<Span> spans) {
    Map<String, @Nullable String> parents = new HashMap<>();
    spans.forEach(span -> parents.put(span.getSpanId(), span.getParentSpanId()));
    return parents;
  }

  private static Map<String, LedgerLine> booked(Collection<Span> spans) {
    Map<String, LedgerLine> lines = new HashMap<>();
    if (!spans.isEmpty()) {
      Book.book(spans, TestViews.FIRST, BookOptions.closed(TestViews.FIRST))
          .forEachLine(line -> lines.put(line.getItem(), line));
    }
    return lines;
  }
}
