package dev.tributary.evaldispatch;

import dev.tributary.runtime.testing.Generator;
import dev.tributary.schemas.Keys;
import dev.tributary.schemas.ResolvedTag;
import dev.tributary.schemas.Topics;
import dev.tributary.schemas.TraceSummary;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Closed traces of two teams as attribution writes them: those of one tick have one closing time. A
 * tenth are revisions of earlier ones or come twice, which must change nothing.
 */
final class TraceFeed implements AutoCloseable {
  private static final List<String> TEAMS = List.of("blue", "green");
  private static final long TICK_MS = 100;
  private static final int STEADY = 1;

  private final DispatchRun run;
  private final Generator generator;
  private final KafkaProducer<String, TraceSummary> producer;
  private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
  private volatile int perTick = STEADY;
  private volatile Throwable fault;
  private TraceSummary last;

  TraceFeed(DispatchRun run, long seed) {
    this.run = run;
    this.generator = new Generator(seed);
    this.producer = run.producer(Topics.TRACES);
    this.last = trace(run.nowUs());
  }

  /** Sends traces of every team and stratum, so that the controller learns of them. */
  void warmUp() {
    for (int i = 0; i < 24; i++) {
      TraceSummary trace = trace(run.nowUs());
      // Drawn, one of a team's errors would be missing in one run of six.
      trace.setErrors(i % 2);
      trace.getAttribution().getTeam().setValue(TEAMS.get(i / 2 % TEAMS.size()));
      send(trace);
    }
    producer.flush();
  }

  void start() {
    thread.scheduleAtFixedRate(this::tick, 0, TICK_MS, TimeUnit.MILLISECONDS);
  }

  /** Ten times as many from now on, or no longer. */
  void burst(boolean isOn) {
    perTick = isOn ? 10 * STEADY : STEADY;
  }

  private void tick() {
    try {
      long closedAtUs = run.nowUs();
      for (int i = 0; i < perTick; i++) {
        if (generator.chance(10)) {
          TraceSummary again = TraceSummary.newBuilder(last).build();
          again.setRevision(generator.between(1, 3));
          again.setClosedAtUs(closedAtUs);
          send(again);
        } else {
          send(trace(closedAtUs));
        }
      }
    } catch (RuntimeException e) {
      fault = e;
      throw e;
    }
  }

  private TraceSummary trace(long closedAtUs) {
    TraceSummary trace = Traces.closed(generator.hex(16), closedAtUs);
    trace.setErrors(generator.chance(20) ? 1 : 0);
    ResolvedTag team = trace.getAttribution().getTeam();
    team.setValue(generator.pick(TEAMS));
    last = trace;
    return trace;
  }

  private void send(TraceSummary trace) {
    producer.send(
        new ProducerRecord<>(
            Topics.TRACES.name(), Keys.trace(trace.getTenant(), trace.getTraceId()), trace));
  }

  @Override
  public void close() throws InterruptedException {
    thread.shutdown();
    boolean isEnded = thread.awaitTermination(30, TimeUnit.SECONDS);
    producer.close();
    if (fault != null || !isEnded) {
      throw new IllegalStateException("the feed did not end well", fault);
    }
  }
}
