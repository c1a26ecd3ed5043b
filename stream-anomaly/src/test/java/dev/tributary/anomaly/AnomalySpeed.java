package dev.tributary.anomaly;

import dev.tributary.anomaly.core.StateReader;
import dev.tributary.anomaly.core.StateWriter;
import dev.tributary.anomaly.core.series.Finding;
import dev.tributary.anomaly.core.series.RuleBook;
import dev.tributary.anomaly.core.series.SeriesEvaluator;
import dev.tributary.anomaly.core.series.SeriesState;
import dev.tributary.anomaly.core.series.StepSums;
import dev.tributary.runtime.serde.TopicSerdes;
import dev.tributary.schemas.Distribution;
import dev.tributary.schemas.Topics;
import dev.tributary.schemas.Window;
import dev.tributary.schemas.WindowRecord;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.serialization.Serde;

/**
 * CPU per window and per judged step of a series, and bytes of state per series, without Kafka and
 * stores: decode, keep, add up, load, judge, save. A main class, not a test: it asserts nothing.
 * Arguments: series (1,000), steps (320: a day and some, so that rules are judged).
 */
final class AnomalySpeed {
  private static final int MINUTES = 5;
  private static final long MINUTE_US = 60_000_000L;

  private AnomalySpeed() {}

  public static void main(String[] args) {
    int series = args.length > 0 ? Integer.parseInt(args[0]) : 1_000;
    int steps = args.length > 1 ? Integer.parseInt(args[1]) : 320;
    for (boolean isFull : new boolean[] {false, true}) {
      measure(series, steps, isFull);
    }
  }

  /**
   * @param isFull with the five distributions and the shares of a feature; else calls and cost
   */
  private static void measure(int series, int steps, boolean isFull) {
    Serde<WindowRecord> serde = TopicSerdes.inMemory().value(Topics.WINDOWS);
    SeriesEvaluator evaluator =
        new SeriesEvaluator(WindowFeed.STEP_US, 12 * WindowFeed.STEP_US, 12 * WindowFeed.STEP_US);
    byte[][] states = new byte[series][];
    List<byte[]> minute = new ArrayList<>();
    Random random = new Random(1);
    for (int i = 0; i < series; i++) {
      Window window = window(i, random, isFull);
      minute.add(serde.serializer().serialize(Topics.WINDOWS.name(), new WindowRecord(window)));
      states[i] = new SeriesState(WindowMapper.key(window)).toBytes();
    }
    List<Finding> found = new ArrayList<>();
    long decoding = 0;
    long judging = 0;
    for (int step = 0; step < steps; step++) {
      boolean isLast = step >= steps - 10;
      for (int i = 0; i < series; i++) {
        long start = cpu();
        StepSums sums = new StepSums();
        for (int m = 0; m < MINUTES; m++) {
          // Each minute goes through the store, as bytes.
          StateWriter to = new StateWriter();
          WindowMapper.sums(
                  (Window)
                      serde
                          .deserializer()
                          .deserialize(Topics.WINDOWS.name(), minute.get((i + m) % series))
                          .getBody())
              .save(to);
          sums.merge(StepSums.load(new StateReader(to.toBytes())));
        }
        long middle = cpu();
        SeriesState state = SeriesState.of(states[i]);
        evaluator.evaluate(state, WindowFeed.step(step), sums, RuleBook.DEFAULTS, found::add);
        states[i] = state.toBytes();
        long end = cpu();
        // The last steps only: compiled code, and rules past their warm-up.
        decoding += isLast ? middle - start : 0;
        judging += isLast ? end - middle : 0;
      }
    }
    long bytes = 0;
    for (byte[] state : states) {
      bytes += state.length;
    }
    double steady = 10.0 * series;
    System.out.printf(
        "%s: %d bytes per window, %d bytes of state per series; CPU per window %.1f us, per judged"
            + " step %.1f us; %d findings%n",
        isFull ? "a feature's metrics" : "calls and cost",
        minute.get(0).length,
        bytes / series,
        decoding / 1e3 / steady / MINUTES,
        judging / 1e3 / steady,
        found.size());
  }

  static Window window(int number, Random random, boolean isFull) {
    long calls = 100 + random.nextInt(40);
    Window window =
        WindowFeed.window(
            "feature",
            Map.of("feature", "feature-" + number),
            WindowFeed.START_US,
            calls,
            calls * 0.02);
    window.setLengthUs(MINUTE_US);
    if (isFull) {
      List<Distribution> all = new ArrayList<>();
      all.add(WindowFeed.distribution("cost_usd", 0.02, calls));
      all.add(WindowFeed.distribution("input_tokens", 4_000, calls));
      all.add(WindowFeed.distribution("latency_us", 2_500_000, calls));
      all.add(WindowFeed.distribution("output_tokens", 300, calls));
      all.add(WindowFeed.distribution("ttft_us", 400_000, calls));
      window.setDistributions(all);
      window.getMeasures().setTraces(calls);
      window.getMeasures().setToolCalls(calls);
      window.getMeasures().setCountedRetrievals(calls);
      window.getMeasures().getTokens().setInputUncached(calls * 3_000);
      window.getMeasures().getTokens().setCacheRead(calls * 1_000);
    } else {
      window.getMeasures().setFinishedCalls(0);
    }
    return window;
  }

  private static long cpu() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }
}
