package dev.tributary.attribution.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.attribution.SchemaCodec;
import dev.tributary.runtime.testing.Seeds;
import dev.tributary.schemas.Span;
import dev.tributary.schemas.TraceSummary;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The net of every line is what {@code book} says of the full set, in whatever order and batches
 * spans come. {@code -Dtributary.traces=1000} is the long form, {@code -Dtributary.seed=} repeats
 * one.
 */
class JoinPropertyTest {
  private final SchemaCodec codec = new SchemaCodec();

  static Stream<Long> seeds() {
    return Seeds.many(Math.max(1, PropertySize.traces() / RandomDelivery.TRACES_PER_RUN));
  }

  static Stream<Long> fewSeeds() {
    return Seeds.many(Math.max(1, PropertySize.traces() / RandomDelivery.TRACES_PER_RUN / 2));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void net_anyOrderAndBatching(long seed) {
    Seeds.with(
        seed,
        unused -> {
          Random random = new Random(seed);
          List<RandomTrace> traces = RandomDelivery.traces(random, size(random));
          JoinHarness harness =
              new JoinHarness(JoinTimes.DEFAULT, JoinLimits.DEFAULT, TestViews.BOTH);
          RandomDelivery.deliver(harness, RandomDelivery.shuffled(random, traces), random);
          RandomDelivery.settle(harness);
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
          List<RandomTrace> traces = RandomDelivery.traces(random, 2 + random.nextInt(20));
          JoinHarness harness =
              new JoinHarness(JoinTimes.DEFAULT, JoinLimits.DEFAULT, TestViews.BOTH);
          for (Span span : RandomDelivery.shuffled(random, traces)) {
            harness.send(span);
            if (random.nextInt(4) == 0) {
              harness.crash();
            }
            if (random.nextInt(20) == 0) {
              harness.advance(RandomDelivery.PAUSES[random.nextInt(RandomDelivery.PAUSES.length)]);
            }
          }
          RandomDelivery.settle(harness);
          assertNet(harness, expected(traces));
        });
  }

  private static int size(Random random) {
    return switch (random.nextInt(20)) {
      case 0 -> 300;
      case 1, 2, 3 -> 60;
      default -> 1 + random.nextInt(20);
    };
  }

  private Map<String, byte[]> expected(List<RandomTrace> traces) {
    Map<String, byte[]> lines = new TreeMap<>();
    traces.forEach(trace -> lines.putAll(RandomDelivery.booked(trace.distinct())));
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
}
