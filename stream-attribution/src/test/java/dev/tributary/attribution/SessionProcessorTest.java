package dev.tributary.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.attribution.core.JoinHarness;
import dev.tributary.attribution.core.JoinLimits;
import dev.tributary.attribution.core.JoinTimes;
import dev.tributary.attribution.core.SessionJoin;
import dev.tributary.attribution.core.TestSpans;
import dev.tributary.attribution.core.TestViews;
import dev.tributary.runtime.testing.TestClock;
import dev.tributary.schemas.Keys;
import dev.tributary.schemas.SessionSummary;
import dev.tributary.schemas.TraceSummary;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.MockProcessorContext.CapturedPunctuator;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;

/** Whether sessions are looked at as fast as they may come. */
class SessionProcessorTest {
  private static final Duration GAP = Duration.ofMinutes(30);

  private final TestClock wall = new TestClock(Instant.parse("2026-03-01T10:00:00Z"));
  private final MockProcessorContext<String, SessionSummary> context = new MockProcessorContext<>();

  private SessionProcessor processor() {
    for (String name :
        List.of(
            AttributionTopology.TURNS_BY_SESSION,
            AttributionTopology.SESSIONS,
            AttributionTopology.SESSION_DEADLINES)) {
      KeyValueStore<String, byte[]> store =
          Stores.keyValueStoreBuilder(
                  Stores.inMemoryKeyValueStore(name), Serdes.String(), Serdes.ByteArray())
              .withLoggingDisabled()
              .build();
      store.init(context.getStateStoreContext(), store);
      context.addStateStore(store);
    }
    SessionProcessor processor =
        new SessionProcessor(
            new SessionJoin.Times(
                TimeUnit.NANOSECONDS.toMicros(GAP.toNanos()),
                TimeUnit.HOURS.toMicros(24),
                TimeUnit.DAYS.toMicros(35)),
            wall);
    processor.init(context);
    return processor;
  }

  private static TraceSummary trace() {
    JoinHarness harness = new JoinHarness(JoinTimes.DEFAULT, JoinLimits.DEFAULT, TestViews.BOTH);
    harness.send(TestSpans.llm(1, 0).build());
    harness.advance(TimeUnit.MINUTES.toMicros(2));
    return harness.summaries.get(0);
  }

  /** Each is looked at twice at least, when it may be over and when it is forgotten. */
  @Test
  void sessionsThatEndTogether_areAllSaidToBeOverWithinSeconds() {
    // Given
    int many = 15_000;
    SessionProcessor processor = processor();
    TraceSummary trace = trace();
    for (int i = 0; i < many; i++) {
      trace.setSessionId("s-" + i);
      processor.process(new Record<>(Keys.session(trace.getTenant(), "s-" + i), trace, 0));
    }
    context.resetForwards();

    // When
    CapturedPunctuator punctuator = context.scheduledPunctuators().get(0);
    wall.advance(GAP);
    Instant end = wall.instant().plusSeconds(10);
    while (wall.instant().isBefore(end)) {
      punctuator.getPunctuator().punctuate(wall.millis());
      wall.advance(punctuator.getInterval());
    }

    // Then
    assertThat(context.forwarded())
        .hasSize(many)
        .allSatisfy(ended -> assertThat(ended.record().value().getEnded()).isTrue());
  }
}
