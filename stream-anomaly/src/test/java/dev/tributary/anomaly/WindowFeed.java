package dev.tributary.anomaly;

import dev.tributary.runtime.testing.TopologyFixture;
import dev.tributary.schemas.Cell;
import dev.tributary.schemas.Distribution;
import dev.tributary.schemas.Keys;
import dev.tributary.schemas.Measures;
import dev.tributary.schemas.MinuteClosed;
import dev.tributary.schemas.TokenSums;
import dev.tributary.schemas.Topics;
import dev.tributary.schemas.Window;
import dev.tributary.schemas.WindowRecord;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.streams.TestInputTopic;

/** Writes windows, cells and ends of minutes as stream-cost does. */
public final class WindowFeed {
  public static final long STEP_US = 300_000_000L;

  /** A Monday. */
  public static final long START_US = 1_772_409_600_000_000L;

  private final TestInputTopic<String, WindowRecord> input;

  /** One partition, the application's defaults. */
  public static TopologyFixture fixture() {
    return TopologyFixture.of(AnomalyMain.APP, Map.of("tributary.topics.partitions", "1"));
  }

  public WindowFeed(TopologyFixture fixture) {
    this.input = fixture.input(Topics.WINDOWS);
  }

  /** Start of a step. */
  public static long step(int number) {
    return START_US + number * STEP_US;
  }

  /** An amount of scale 18. */
  public static BigDecimal money(double amount) {
    return BigDecimal.valueOf(amount).setScale(18, RoundingMode.HALF_EVEN);
  }

  /** A window of a whole step, with calls and cost. */
  public static Window window(
      String set, Map<String, String> dimensions, long startUs, long calls, double cost) {
    return window("production", set, dimensions, startUs, calls, cost);
  }

  /** The same in any environment. */
  public static Window window(
      String environment,
      String set,
      Map<String, String> dimensions,
      long startUs,
      long calls,
      double cost) {
    Measures measures =
        Measures.newBuilder()
            .setCalls(calls)
            .setLines(calls)
            .setFinishedCalls(calls)
            .setPricedCalls(calls)
            .setCost(money(cost))
            .setTokens(new TokenSums())
            .setTokensEstimated(new TokenSums())
            .build();
    StringBuilder series = new StringBuilder(set).append("|environment=").append(environment);
    new TreeMap<>(dimensions)
        .forEach((label, value) -> series.append('|').append(label).append('=').append(value));
    return Window.newBuilder()
        .setTenant("default")
        .setEnvironment(environment)
        .setGroupingSet(set)
        .setDimensions(dimensions)
        .setSeries(series.toString())
        .setStartTimeUs(startUs)
        .setLengthUs(STEP_US)
        .setRevision(1)
        .setMeasures(measures)
        .build();
  }

  /** A distribution around a value: most near it, a few above. */
  public static Distribution distribution(String metric, double value, long count) {
    int middle = (int) Math.round(Math.log(value) / Math.log(1.01 / 0.99));
    long above = count / 10;
    return new Distribution(
        metric, 0L, List.of(middle, middle + 20), List.of(count - above, above));
  }

  /** A cell; tokens and cost by bucket. */
  public static Cell cell(
      Map<String, String> dimensions,
      long startUs,
      long calls,
      TokenSums tokens,
      Map<String, BigDecimal> costs) {
    return Cell.newBuilder()
        .setTenant("default")
        .setEnvironment("production")
        .setDimensions(dimensions)
        .setStartTimeUs(startUs)
        .setLengthUs(STEP_US)
        .setRevision(1)
        .setCalls(calls)
        .setPricedCalls(calls)
        .setErrors(0)
        .setTokens(tokens)
        .setCostByBucket(costs)
        .setCost(costs.values().stream().reduce(BigDecimal.ZERO.setScale(18), BigDecimal::add))
        .setRateCards(List.of("card"))
        .build();
  }

  public void send(Window window) {
    long endMs = (window.getStartTimeUs() + window.getLengthUs()) / 1_000;
    input.pipeInput(
        Keys.series(window.getTenant(), window.getSeries()), new WindowRecord(window), endMs);
  }

  public void send(Cell cell) {
    String key =
        "default|cell|environment=production|feature=" + cell.getDimensions().get("feature");
    input.pipeInput(key, new WindowRecord(cell), (cell.getStartTimeUs() + STEP_US) / 1_000);
  }

  /** Says that everything up to a time has been sent. */
  public void close(long untilUs) {
    input.pipeInput(
        "minute-closed",
        new WindowRecord(new MinuteClosed(untilUs, 0, new TreeMap<>(), List.of())),
        untilUs / 1_000);
  }

  /** Steps of a feature with 160 calls each, and the end of each. */
  public void steps(Map<String, String> feature, int from, int to, double cost) {
    for (int number = from; number < to; number++) {
      send(window("feature", feature, step(number), 160, cost));
      close(step(number + 1));
    }
  }
}
