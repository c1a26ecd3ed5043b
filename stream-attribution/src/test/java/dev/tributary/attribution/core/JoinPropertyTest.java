package dev.tributary.attribution.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.attribution.SchemaCodec;
import dev.tributary.runtime.testing.Seeds;
import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.Span;
import dev.tributary.schemas.TraceSummary;
import dev.tributary.schemas.UsageScope;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
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
 * The net of every line is what {@code book} says of the full set, in whatever order and batches
 * spans come. {@code -Dtributary.traces=1000} is the long form, {@code -Dtributary.seed=} repeats
 * one.
 */
class JoinPropertyTest {
  private static final long SECOND = TimeUnit.SECONDS.toMicros(1);
  private static final long[] PAUSES = {
    0, 50_000, SECOND, 6 * SECOND, 31 * SECOND, 61 * SECOND, 90 * SECOND
  };
  private static final int TRACES_PER_RUN = 5;

  private final SchemaCodec codec = new SchemaCodec();

  static Stream<Long> seeds() {
    return Seeds.many(Math.max(1, PropertySize.traces() / TRACES_PER_RUN));
  }

  static Stream<Long> fewSeeds() {
    return Seeds.many(Math.max(1, PropertySize.traces() / TRACES_PER_RUN / 2));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void net_anyOrderAndBatching(long seed) {
    Seeds.with(
        seed,
        unused -> {
          Random random = new Random(seed);
          List<RandomTrace> traces = traces(random, size(random));
          JoinHarness harness =
              new JoinHarness(JoinTimes.DEFAULT, JoinLimits.DEFAULT, TestViews.BOTH);
          deliver(harness, shuffled(random, traces), random, PAUSES);
          settle(harness);
          assertNet(harness, expected(traces));
          assertConserved(harness, traces);
          assertSummaries(harness, traces);
        });
  }

  /** A restart between any two records changes nothing: everything is in the stores. */
  @ParameterizedTest
  @MethodSource("fewSeeds")
  void net_crashesAnywhere(long seed) {
    Seeds.with(
        seed,
        unused -> {
          Random random = new Random(seed);
          List<RandomTrace> traces = traces(random, 2 + random.nextInt(20));
          JoinHarness harness =
              new JoinHarness(JoinTimes.DEFAULT, JoinLimits.DEFAULT, TestViews.BOTH);
          for (Span span : shuffled(random, traces)) {
            harness.send(span);
            if (random.nextInt(4) == 0) {
              harness.crash();
            }
            if (random.nextInt(20) == 0) {
              harness.advance(PAUSES[random.nextInt(PAUSES.length)]);
            }
          }
          settle(harness);
          assertNet(harness, expected(traces));
        });
  }

  @ParameterizedTest
  @MethodSource("fewSeeds")
  void net_lateAfterStub(long seed) {
    Seeds.with(
        seed,
        unused -> {
          Random random = new Random(seed);
          List<RandomTrace> traces = traces(random, 2 + random.nextInt(20));
          JoinHarness harness =
              new JoinHarness(JoinTimes.DEFAULT, JoinLimits.DEFAULT, TestViews.BOTH);
          List<Span> all = shuffled(random, traces);
          int cut = random.nextInt(all.size());
          deliver(harness, all.subList(0, cut), random, PAUSES);
          settle(harness);
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
          assertThat(fresh.size()).isLessThanOrEqualTo(TRACES_PER_RUN);
        });
  }

  @ParameterizedTest
  @MethodSource("fewSeeds")
  void net_overTheLimit(long seed) {
    Seeds.with(
        seed,
        unused -> {
          Random random = new Random(seed);
          int limit = 1 + random.nextInt(12);
          List<RandomTrace> traces = traces(random, 2 + random.nextInt(30));
          JoinLimits limits =
              new JoinLimits(limit, 64 << 20, 10_000, JoinLimits.DEFAULT.requiredTags());
          JoinHarness harness = new JoinHarness(JoinTimes.DEFAULT, limits, TestViews.BOTH);
          List<Span> all = shuffled(random, traces);
          deliver(harness, all, random, PAUSES);
          settle(harness);
          assertJoinedPart(harness, all, limit);
          assertNoTokenTwice(harness, traces, Set.of());
          long lines =
              harness.ledger.net().keySet().stream().filter(k -> !k.endsWith("|trace")).count();
          long distinct = traces.stream().mapToLong(trace -> trace.distinct().size()).sum();
          assertThat(lines).as("every distinct span has one line").isEqualTo(distinct);
        });
  }

  private static int size(Random random) {
    return switch (random.nextInt(20)) {
      case 0 -> 300;
      case 1, 2, 3 -> 60;
      default -> 1 + random.nextInt(20);
    };
  }

  private static List<RandomTrace> traces(Random random, int size) {
    List<RandomTrace> traces = new ArrayList<>();
    for (int i = 0; i < TRACES_PER_RUN; i++) {
      traces.add(new RandomTrace(random, i + 1, i == 0 ? size : 1 + random.nextInt(size)));
    }
    return traces;
  }

  /** Interleaved; now and then in the order of export, children before parents. */
  private static List<Span> shuffled(Random random, List<RandomTrace> traces) {
    List<Span> all = new ArrayList<>();
    traces.forEach(trace -> all.addAll(trace.copies()));
    switch (random.nextInt(4)) {
      case 0 -> Collections.reverse(all);
      case 1 -> {
        // as generated: parents first, traces one after another
      }
      default -> Collections.shuffle(all, random);
    }
    return all;
  }

  private static void deliver(JoinHarness harness, List<Span> spans, Random random, long[] pauses) {
    int batch = 1 + random.nextInt(40);
    long budget = 800 * SECOND; // the revisable time is 900 s
    for (Span span : spans) {
      harness.send(span);
      if (random.nextInt(batch) == 0) {
        long pause = Math.min(budget, pauses[random.nextInt(pauses.length)]);
        budget -= pause;
        harness.advance(pause);
      }
    }
  }

  private static void settle(JoinHarness harness) {
    harness.advance(61 * SECOND);
    harness.advance(20 * SECOND);
  }

  private static void forgetAll(JoinHarness harness) {
    harness.advance(TimeUnit.MINUTES.toMicros(16));
    harness.advance(TimeUnit.HOURS.toMicros(5) + TimeUnit.MINUTES.toMicros(50));
  }

  private static boolean isStub(JoinHarness harness, Span span) {
    byte[] header = harness.traces.get("default|" + span.getTraceId());
    return header != null && TraceHeader.read(header).status == TraceHeader.Status.STUB;
  }

  private Map<String, byte[]> expected(List<RandomTrace> traces) {
    Map<String, byte[]> lines = new TreeMap<>();
    traces.forEach(trace -> lines.putAll(booked(trace.distinct())));
    return lines;
  }

  private Map<String, byte[]> booked(Collection<Span> spans) {
    Map<String, byte[]> lines = new TreeMap<>();
    if (!spans.isEmpty()) {
      Book.book(spans, TestViews.FIRST, BookOptions.closed(TestViews.FIRST))
          .forEachLine(
              line -> lines.put(line.getSource() + "|" + line.getItem(), codec.encode(line)));
    }
    return lines;
  }

  private void assertNet(JoinHarness harness, Map<String, byte[]> expected) {
    Map<String, byte[]> net = harness.ledger.netBytes();
    assertThat(net.keySet()).as("lines").isEqualTo(expected.keySet());
    expected.forEach(
        (line, bytes) -> {
          if (!java.util.Arrays.equals(bytes, net.get(line))) {
            assertThat(codec.decodeLine(net.get(line)).toString())
                .as("net of %s", line)
                .isEqualTo(codec.decodeLine(bytes).toString());
          }
          assertThat(net.get(line)).as("bytes of %s", line).isEqualTo(bytes);
        });
  }

  private static void assertConserved(JoinHarness harness, List<RandomTrace> traces) {
    long sent = traces.stream().mapToLong(trace -> trace.copies().size()).sum();
    long distinct = traces.stream().mapToLong(trace -> trace.distinct().size()).sum();
    assertThat(harness.count(JoinEvent.HELD)).isEqualTo(distinct);
    assertThat(harness.count(JoinEvent.BOOKED)).isEqualTo(distinct);
    assertThat(harness.count(JoinEvent.DUPLICATE) + harness.count(JoinEvent.CONFLICT))
        .isEqualTo(sent - distinct);
    assertThat(harness.rejected).isEmpty();
  }

  private static void assertSummaries(JoinHarness harness, List<RandomTrace> traces) {
    Map<String, TraceSummary> last = new HashMap<>();
    for (TraceSummary summary : harness.summaries) {
      TraceSummary before = last.put(summary.getTraceId(), summary);
      assertThat(summary.getRevision()).isEqualTo(before == null ? 1 : before.getRevision() + 1);
    }
    assertThat(last).hasSize(traces.size());
    for (TraceSummary summary : last.values()) {
      assertThat(summary.getCriticalPathUs().values().stream().mapToLong(us -> us).sum())
          .as("critical path of %s", summary)
          .isEqualTo(summary.getWallTimeUs());
    }
  }

  private void assertEarly(Map<String, byte[]> net, List<Span> early) {
    Map<String, Map<String, Span>> byTrace = new HashMap<>();
    for (Span span : early) {
      byTrace
          .computeIfAbsent(span.getTraceId(), unused -> new HashMap<>())
          .merge(span.getSpanId(), span, this::winner);
    }
    Map<String, byte[]> expected = new TreeMap<>();
    byTrace.values().forEach(spans -> expected.putAll(booked(spans.values())));
    assertThat(net.keySet()).isEqualTo(expected.keySet());
    expected.forEach((line, bytes) -> assertThat(net.get(line)).isEqualTo(bytes));
  }

  private Span winner(Span left, Span right) {
    long leftHash = Hash64.of(codec.encode(left));
    long rightHash = Hash64.of(codec.encode(right));
    return SpanWinner.wins(right, rightHash, left, leftHash) ? right : left;
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
   * No span owns usage below or above another owner, and no response id is owned twice, except
   * where both were booked before the stub: those lines can no longer be retracted.
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
        String other =
            span.getResponseId() == null ? null : responses.put(span.getResponseId(), id);
        assertThat(other == null || (early.contains(id) && early.contains(other)))
            .as("response owned by %s and %s", id, other)
            .isTrue();
        assertNoOwnerAbove(net, byId, parents, span, id, early);
      }
    }
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
        trace.merge(span.getSpanId(), span, this::winner);
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
