package dev.tributary.attribution.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.runtime.testing.Seeds;
import dev.tributary.schemas.Span;
import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A restart changes nothing that anybody sees: neither lines nor summaries, flags, refusals or
 * counters, for traces that are open, closed, over the limit or stubs.
 */
class RestartPropertyTest {
  private static final long[] PAUSES = {
    0,
    50_000,
    TimeUnit.SECONDS.toMicros(3),
    TimeUnit.SECONDS.toMicros(12),
    TimeUnit.SECONDS.toMicros(31),
    TimeUnit.SECONDS.toMicros(61),
    TimeUnit.MINUTES.toMicros(16),
    TimeUnit.HOURS.toMicros(2)
  };

  static Stream<Long> seeds() {
    return Seeds.many(Math.max(1, PropertySize.traces() / RandomDelivery.TRACES_PER_RUN));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void restart_isSeenByNobody(long seed) {
    Seeds.with(
        seed,
        unused -> {
          Random random = new Random(seed);
          int limit = random.nextBoolean() ? 20_000 : 1 + random.nextInt(12);
          JoinLimits limits =
              new JoinLimits(
                  limit, random.nextInt(20_000), 10_000, JoinLimits.DEFAULT.requiredTags());
          JoinHarness calm = harness(limits);
          JoinHarness restarted = harness(limits);
          List<RandomTrace> traces = RandomDelivery.traces(random, 2 + random.nextInt(30));
          int batch = 1 + random.nextInt(20);
          for (Span span : RandomDelivery.shuffled(random, traces)) {
            restarted.crash();
            calm.send(span);
            restarted.send(span);
            if (random.nextInt(batch) == 0) {
              pause(calm, restarted, PAUSES[random.nextInt(PAUSES.length)]);
            }
          }
          pause(calm, restarted, TimeUnit.MINUTES.toMicros(2));
          pause(calm, restarted, TimeUnit.HOURS.toMicros(7));
          assertSame(calm, restarted);
        });
  }

  private static void pause(JoinHarness calm, JoinHarness restarted, long us) {
    restarted.crash();
    calm.advance(us);
    restarted.advance(us);
  }

  private static void assertSame(JoinHarness calm, JoinHarness restarted) {
    assertThat(restarted.signals).as("flags").isEqualTo(calm.signals);
    assertThat(restarted.ledger.netBytes().keySet()).isEqualTo(calm.ledger.netBytes().keySet());
    calm.ledger
        .netBytes()
        .forEach(
            (line, bytes) ->
                assertThat(restarted.ledger.netBytes().get(line)).as(line).isEqualTo(bytes));
    assertThat(restarted.entries).hasSameSizeAs(calm.entries);
    assertThat(restarted.summaries).hasToString(calm.summaries.toString());
    assertThat(restarted.rejections).isEqualTo(calm.rejections);
    assertThat(seen(restarted)).isEqualTo(seen(calm));
  }

  /** How often traces are read back is the restarts' own. */
  private static Map<JoinEvent, Long> seen(JoinHarness harness) {
    Map<JoinEvent, Long> events = new EnumMap<>(JoinEvent.class);
    events.putAll(harness.events);
    events.remove(JoinEvent.LOADED);
    return events;
  }

  private static JoinHarness harness(JoinLimits limits) {
    ReferenceView view =
        new ReferenceView(
            1,
            TestViews.FIRST.catalogue(),
            TestViews.FIRST.rules(),
            List.of(
                new OpenTracePolicy(
                    "any",
                    0,
                    null,
                    null,
                    new BigDecimal("0.005"),
                    3L,
                    TimeUnit.SECONDS.toMicros(10))));
    return new JoinHarness(JoinTimes.DEFAULT, limits, TestViews.always(view));
  }
}
