package dev.tributary.attribution.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.attribution.SchemaCodec;
import dev.tributary.runtime.testing.Seeds;
import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.Span;
import dev.tributary.schemas.UsageScope;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What comes too late for the join, or is too much for it: every distinct span has one line or is
 * refused, and no token is counted twice. Sizes and seeds as in {@link JoinPropertyTest}.
 */
class BeyondJoinPropertyTest {
  private final SchemaCodec codec = new SchemaCodec();

  static Stream<Long> seeds() {
    return Seeds.many(Math.max(1, PropertySize.traces() / RandomDelivery.TRACES_PER_RUN / 2));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void net_lateAfterStub(long seed) {
    Seeds.with(
        seed,
        unused -> {
          Random random = new Random(seed);
          List<RandomTrace> traces = RandomDelivery.traces(random, 2 + random.nextInt(20));
          JoinHarness harness =
              new JoinHarness(JoinTimes.DEFAULT, JoinLimits.DEFAULT, TestViews.BOTH);
          List<Span> all = RandomDelivery.shuffled(random, traces);
          int cut = random.nextInt(all.size());
          RandomDelivery.deliver(harness, all.subList(0, cut), random);
          RandomDelivery.settle(harness);
          Map<String, byte[]> before = harness.ledger.netBytes();
          forgetAll(harness);
          assertThat(harness.spans.size()).as("spans kept beside stubs").isZero();
          assertThat(harness.lines.size()).as("lines kept beside stubs").isZero();
          assertEarly(before, all.subList(0, cut));

          Set<String> early = ids(all.subList(0, cut));
          Set<String> fresh = new HashSet<>();
          List<Span> late = new ArrayList<>();
          for (Span span : all.subList(cut, all.size())) {
            if (isStub(harness, span)) {
              harness.send(span);
              late.add(span);
            } else {
              fresh.add(span.getTraceId());
            }
          }

          Map<String, byte[]> after = harness.ledger.netBytes();
          before.forEach(
              (line, bytes) ->
                  assertThat(after.get(line)).as("line booked before %s", line).isEqualTo(bytes));
          assertOwnLines(harness, late, early);
          assertNoTokenTwice(harness, traces, early);
          assertThat(fresh.size()).isLessThanOrEqualTo(RandomDelivery.TRACES_PER_RUN);
        });
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void net_overTheLimit(long seed) {
    Seeds.with(
        seed,
        unused -> {
          Random random = new Random(seed);
          int limit = 1 + random.nextInt(12);
          List<RandomTrace> traces = RandomDelivery.traces(random, 2 + random.nextInt(30));
          JoinLimits limits =
              new JoinLimits(limit, 64 << 20, 10_000, JoinLimits.DEFAULT.requiredTags());
          JoinHarness harness = new JoinHarness(JoinTimes.DEFAULT, limits, TestViews.BOTH);
          List<Span> all = RandomDelivery.shuffled(random, traces);
          RandomDelivery.deliver(harness, all, random);
          RandomDelivery.settle(harness);
          assertJoinedPart(harness, all, limit);
          assertNoTokenTwice(harness, traces, Set.of());
          long lines =
              harness.ledger.net().keySet().stream().filter(k -> !k.endsWith("|trace")).count();
          long distinct = traces.stream().mapToLong(trace -> trace.distinct().size()).sum();
          assertThat(lines).as("every distinct span has one line").isEqualTo(distinct);
        });
  }

  private static void forgetAll(JoinHarness harness) {
    harness.advance(TimeUnit.MINUTES.toMicros(16));
    harness.advance(TimeUnit.HOURS.toMicros(5) + TimeUnit.MINUTES.toMicros(50));
  }

  private static boolean isStub(JoinHarness harness, Span span) {
    byte[] header = harness.traces.get("default|" + span.getTraceId());
    return header != null && TraceHeader.read(header).status == TraceHeader.Status.STUB;
  }

  private void assertEarly(Map<String, byte[]> net, List<Span> early) {
    Map<String, Map<String, Span>> byTrace = new HashMap<>();
    for (Span span : early) {
      byTrace
          .computeIfAbsent(span.getTraceId(), unused -> new HashMap<>())
          .merge(span.getSpanId(), span, RandomDelivery::winner);
    }
    Map<String, byte[]> expected = new TreeMap<>();
    byTrace.values().forEach(spans -> expected.putAll(RandomDelivery.booked(spans.values())));
    assertThat(net.keySet()).isEqualTo(expected.keySet());
    expected.forEach((line, bytes) -> assertThat(net.get(line)).isEqualTo(bytes));
  }

  private static Set<String> ids(Collection<Span> spans) {
    Set<String> ids = new HashSet<>();
    spans.forEach(span -> ids.add(span.getTraceId() + "|" + span.getSpanId()));
    return ids;
  }

  /** Each new span of a stub has one line of its own, or was rejected; copies change nothing. */
  private static void assertOwnLines(JoinHarness harness, List<Span> late, Set<String> early) {
    Set<String> rejected = ids(harness.rejected);
    Set<String> lines = harness.ledger.net().keySet();
    for (Span span : late) {
      String id = span.getTraceId() + "|" + span.getSpanId();
      if (!early.contains(id)) {
        assertThat(lines.contains(id) || rejected.contains(id)).as("fate of %s", id).isTrue();
      } else {
        assertThat(rejected).doesNotContain(id);
      }
    }
  }

  /**
   * No span owns usage below or above another owner, and no response id is owned by two calls,
   * except where both were booked before the stub: those lines can no longer be retracted.
   */
  private static void assertNoTokenTwice(
      JoinHarness harness, List<RandomTrace> traces, Set<String> early) {
    Map<String, LedgerLine> net = harness.ledger.net();
    for (RandomTrace trace : traces) {
      Map<String, Span> byId = new HashMap<>();
      trace.distinct().forEach(span -> byId.put(span.getSpanId(), span));
      Map<String, String> parents = parents(trace.distinct());
      Map<String, String> responses = new HashMap<>();
      for (Span span : byId.values()) {
        String id = span.getTraceId() + "|" + span.getSpanId();
        if (!owns(net, id)) {
          continue;
        }
        String other = isCallWithResponse(span) ? responses.put(span.getResponseId(), id) : null;
        assertThat(other == null || (early.contains(id) && early.contains(other)))
            .as("response owned by %s and %s", id, other)
            .isTrue();
        assertNoOwnerAbove(net, byId, parents, span, id, early);
      }
    }
  }

  /** What an aggregate states is of several calls, whatever response it names. */
  private static boolean isCallWithResponse(Span span) {
    return span.getResponseId() != null && SpanKinds.isCall(span.getKind());
  }

  private static void assertNoOwnerAbove(
      Map<String, LedgerLine> net,
      Map<String, Span> byId,
      Map<String, String> parents,
      Span span,
      String id,
      Set<String> early) {
    String above = parents.get(span.getSpanId());
    while (above != null) {
      String aboveId = span.getTraceId() + "|" + above;
      boolean bothEarly = early.contains(id) && early.contains(aboveId);
      assertThat(owns(net, aboveId) && !bothEarly)
          .as(
              "%s and its ancestor %s both own usage%n%s",
              id, aboveId, described(net, byId.values(), early))
          .isFalse();
      above = parents.get(above);
    }
  }

  /** The parents of the full set, cycles cut where the tree cuts them. */
  private static Map<String, String> parents(Collection<Span> spans) {
    SpanTree tree = new SpanTree(spans);
    Map<String, String> parents = new HashMap<>();
    for (int i = 0; i < tree.size(); i++) {
      if (tree.parent(i) >= 0) {
        parents.put(tree.span(i).getSpanId(), tree.span(tree.parent(i)).getSpanId());
      }
    }
    return parents;
  }

  private static boolean owns(Map<String, LedgerLine> net, String id) {
    LedgerLine line = net.get(id);
    return line != null && line.getUsageScope() != UsageScope.NONE;
  }

  /**
   * The first spans are booked as a trace without owning aggregates, apart from overruled calls.
   */
  private void assertJoinedPart(JoinHarness harness, List<Span> all, int limit) {
    Map<String, Map<String, Span>> joined = new HashMap<>();
    for (Span span : all) {
      Map<String, Span> trace =
          joined.computeIfAbsent(span.getTraceId(), unused -> new HashMap<>());
      if (trace.containsKey(span.getSpanId()) || trace.size() < limit) {
        trace.merge(span.getSpanId(), span, RandomDelivery::winner);
      }
    }
    Map<String, byte[]> bytes = harness.ledger.netBytes();
    joined.forEach(
        (trace, spans) -> {
          boolean over =
              ids(all.stream().filter(s -> s.getTraceId().equals(trace)).toList()).size() > limit;
          BookOptions options =
              new BookOptions(
                  true,
                  s -> true,
                  over,
                  marked(harness, trace),
                  response -> isCountedOverLimit(harness, trace, response),
                  Map.of(),
                  version -> TestViews.FIRST);
          Booking booking = Book.book(spans.values(), TestViews.FIRST, options);
          for (int i = 0; i < booking.size(); i++) {
            LedgerLine line = booking.line(i);
            assertThat(bytes.get(trace + "|" + line.getItem()))
                .as("joined line %s", line.getItem())
                .isEqualTo(codec.encode(line));
          }
        });
  }

  /** Joined spans below which spans over the limit were found to own. */
  private static Set<String> marked(JoinHarness harness, String trace) {
    Set<String> marked = new HashSet<>();
    String prefix = "default|" + trace + "|+";
    harness.spans.range(
        prefix, prefix + "~", (key, value) -> marked.add(key.substring(prefix.length())));
    return marked;
  }

  private static boolean isCountedOverLimit(JoinHarness harness, String trace, String response) {
    String key = "default|" + trace + '|' + Stub.response(Stub.responseHash(response));
    byte[] known = harness.spans.get(key);
    return known != null && known[0] == SpanSlot.RESPONSE_COUNTED;
  }

  private static String described(
      Map<String, LedgerLine> net, Collection<Span> spans, Set<String> early) {
    StringBuilder text = new StringBuilder();
    for (Span span : spans) {
      String id = span.getTraceId() + "|" + span.getSpanId();
      LedgerLine line = net.get(id);
      text.append(span.getSpanId().substring(12))
          .append(" below ")
          .append(span.getParentSpanId() == null ? "-" : span.getParentSpanId().substring(12))
          .append(' ')
          .append(span.getKind())
          .append(' ')
          .append(span.getUsageQuality())
          .append(early.contains(id) ? " early " : " late ")
          .append(line == null ? "no line" : line.getUsageScope() + " " + line.getPriceReason())
          .append('\n');
    }
    return text.toString();
  }
}
