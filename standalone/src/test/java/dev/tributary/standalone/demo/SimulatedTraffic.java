package dev.tributary.standalone.demo;

import dev.tributary.standalone.platform.SqlClient;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The simulated company's traffic and books, for tests of other packages. */
public final class SimulatedTraffic {
  private final Traffic traffic;
  private long untilUs;

  /** Traffic of a period; the same seed gives the same. */
  public SimulatedTraffic(long seed, long traces, Instant from, Duration length) {
    this.traffic = new Traffic(seed, traces, from, length);
  }

  /** The next OTLP request, protobuf; null at the end. */
  public byte @Nullable [] next() {
    Traffic.Request request = traffic.next();
    if (request == null) {
      return null;
    }
    untilUs = Math.max(untilUs, request.untilUs());
    return request.body();
  }

  /** Latest end of a span sent so far, microseconds since the epoch. */
  public long untilUs() {
    return untilUs;
  }

  /** The books over everything sent, by what was counted. */
  public Map<String, BigDecimal> books() {
    Books.Sums sums = traffic.books().total();
    Map<String, BigDecimal> figures = new TreeMap<>();
    figures.put("calls", BigDecimal.valueOf(sums.calls));
    figures.put("failed", BigDecimal.valueOf(sums.failed));
    figures.put("uncached", BigDecimal.valueOf(sums.uncached));
    figures.put("cache read", BigDecimal.valueOf(sums.cacheRead));
    figures.put("cache write", BigDecimal.valueOf(sums.cacheWrite));
    figures.put("text", BigDecimal.valueOf(sums.text));
    figures.put("reasoning", BigDecimal.valueOf(sums.reasoning));
    figures.put("cost", sums.dollars());
    return figures;
  }

  /** Cost by feature, US dollars. */
  public Map<String, BigDecimal> costByFeature() {
    Map<String, BigDecimal> costs = new TreeMap<>();
    traffic.books().byFeature().forEach((feature, sums) -> costs.put(feature, sums.dollars()));
    return costs;
  }

  /**
   * Compares the whole books with ClickHouse, as the demo does; one line for each difference.
   *
   * @throws IOException when ClickHouse cannot answer
   */
  public List<String> differences(SqlClient sql) throws IOException, InterruptedException {
    return Comparison.of(traffic.books(), new Found(sql)).differences().stream()
        .map(row -> row.toString())
        .toList();
  }

  /** Spans sent. */
  public long spans() {
    return traffic.books().spans();
  }

  /** Traces sent. */
  public long traces() {
    return traffic.books().traces();
  }
}
