package dev.tributary.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.attribution.core.Book;
import dev.tributary.attribution.core.BookOptions;
import dev.tributary.attribution.core.RandomTrace;
import dev.tributary.attribution.core.ReferenceView;
import dev.tributary.runtime.testing.ConservationCheck;
import dev.tributary.runtime.testing.Seeds;
import dev.tributary.schemas.Span;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The permutation property and the equation between the counters, through the topology. */
class AttributionPropertyTest {
  private static final int TRACES_PER_RUN = 10;
  private static final List<Duration> PAUSES =
      List.of(
          Duration.ofMillis(50),
          Duration.ofSeconds(1),
          Duration.ofSeconds(17),
          Duration.ofSeconds(42),
          Duration.ofSeconds(75));

  private final SchemaCodec codec = new SchemaCodec();

  static Stream<Long> seeds() {
    int traces = Integer.getInteger("tributary.traces", 100);
    return Seeds.many(Math.max(1, traces / TRACES_PER_RUN));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void net_anyOrderAndBatching(long seed) {
    Seeds.with(
        seed,
        unused -> {
          Random random = new Random(seed);
          List<RandomTrace> traces = new ArrayList<>();
          List<Span> spans = new ArrayList<>();
          for (int i = 1; i <= TRACES_PER_RUN; i++) {
            RandomTrace trace = new RandomTrace(random, i, 1 + random.nextInt(25));
            traces.add(trace);
            spans.addAll(trace.copies());
          }
          Collections.shuffle(spans, random);
          try (AttributionFixture topology = AttributionFixture.withPrices()) {
            deliver(topology, spans, random);
            assertNet(topology, traces);
            new ConservationCheck(topology.topology().meters(), AttributionTopology.MODULE)
                .assertHolds();
          }
        });
  }

  private static void deliver(AttributionFixture topology, List<Span> spans, Random random) {
    int pauses = 0;
    for (Span span : spans) {
      topology.send(span);
      if (random.nextInt(20) == 0 && pauses++ < 8) {
        topology.advance(PAUSES.get(random.nextInt(PAUSES.size())));
        topology.entries();
      }
    }
    topology.closeAll();
    topology.advance(Duration.ofSeconds(10));
    topology.entries();
  }

  private void assertNet(AttributionFixture topology, List<RandomTrace> traces) {
    ReferenceView view = TestReference.first().index().view(1);
    Map<String, byte[]> expected = new TreeMap<>();
    for (RandomTrace trace : traces) {
      if (!trace.distinct().isEmpty()) {
        Book.book(trace.distinct(), view, BookOptions.closed(view))
            .forEachLine(
                line -> expected.put(line.getSource() + "|" + line.getItem(), codec.encode(line)));
      }
    }
    Map<String, byte[]> net = topology.ledger.netBytes();
    assertThat(net.keySet()).isEqualTo(expected.keySet());
    expected.forEach(
        (line, bytes) ->
            assertThat(net.get(line)).as("%s: %s", line, codec.decodeLine(bytes)).isEqualTo(bytes));
  }
}
