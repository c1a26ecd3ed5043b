package dev.tributary.bench.jmh;

import dev.tributary.pricing.Bucket;
import dev.tributary.pricing.Catalogue;
import dev.tributary.pricing.ContextTier;
import dev.tributary.pricing.Priced;
import dev.tributary.pricing.Pricer;
import dev.tributary.pricing.PricingRequest;
import dev.tributary.pricing.RateCard;
import dev.tributary.pricing.ServiceTier;
import dev.tributary.pricing.Usage;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Calls priced by one thread from a warm catalogue. A model has a price before and one since a
 * date, a long-context price and a batch price; a call has the four buckets of a cached chat and
 * names its model with a date, as providers answer.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
    value = 1,
    // One thread on one core: a parallel collector would take part of its work to another.
    jvmArgsAppend = {"-Xmx1g", "-XX:+UseSerialGC"})
public class PricingBenchmark {
  private static final int CALLS = 1 << 12;
  private static final Instant CHANGED = Instant.parse("2026-06-01T00:00:00Z");

  /** The thread's own processor time: on a machine with other work the wall clock says little. */
  @State(Scope.Thread)
  public static class ThreadTime {
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private long calls;
    private long startNanos;

    /** Begins an iteration. */
    @Setup(Level.Iteration)
    public void begin() {
      calls = 0;
      startNanos = threads.getCurrentThreadCpuTime();
    }

    /** Prints what an iteration did. */
    @TearDown(Level.Iteration)
    public void end() {
      long nanos = Math.max(1, threads.getCurrentThreadCpuTime() - startNanos);
      System.out.printf(
          "%d calls per second of processor time, ", calls * 1_000_000 / (nanos / 1_000));
    }
  }

  /** Models of the catalogue, on twelve surfaces. */
  @Param("3000")
  int models;

  private Catalogue catalogue = Catalogue.of("none", List.of());
  private PricingRequest[] calls = {};
  private int next;

  /** Builds the catalogue and the calls, seeded. */
  @Setup
  public void build() {
    Random random = new Random(4);
    List<RateCard> cards = new ArrayList<>();
    for (int model = 0; model < models; model++) {
      cards.addAll(cards(model, random));
    }
    catalogue = Catalogue.of("bench", cards);
    calls = new PricingRequest[CALLS];
    for (int i = 0; i < CALLS; i++) {
      calls[i] = call(random);
    }
  }

  private static List<RateCard> cards(int model, Random random) {
    String input = new BigDecimal(1 + random.nextInt(1_000)).movePointLeft(2).toPlainString();
    List<RateCard> cards = new ArrayList<>();
    for (boolean isOld : List.of(true, false)) {
      for (boolean isLong : List.of(true, false)) {
        cards.add(
            RateCard.builder(surface(model), name(model))
                .from(isOld ? null : CHANGED)
                .until(isOld ? CHANGED : null)
                .context(isLong ? new ContextTier(ContextTier.Op.GREATER, 200_000) : null)
                .rate(Bucket.INPUT_UNCACHED, input)
                .rate(Bucket.CACHE_READ, "0.3")
                .rate(Bucket.CACHE_WRITE_5M, "3.75")
                .rate(Bucket.OUTPUT_TEXT, isLong ? "22.5" : "15")
                .build());
      }
    }
    cards.add(
        RateCard.builder(surface(model), name(model))
            .tier(ServiceTier.BATCH)
            .rate(Bucket.INPUT_UNCACHED, "1.5")
            .rate(Bucket.OUTPUT_TEXT, "7.5")
            .build());
    return cards;
  }

  private PricingRequest call(Random random) {
    int model = random.nextInt(models);
    Map<Bucket, Long> counts = new EnumMap<>(Bucket.class);
    counts.put(Bucket.INPUT_UNCACHED, (long) random.nextInt(20_000));
    counts.put(Bucket.CACHE_READ, (long) random.nextInt(300_000));
    counts.put(Bucket.CACHE_WRITE_5M, (long) random.nextInt(5_000));
    counts.put(Bucket.OUTPUT_TEXT, (long) random.nextInt(4_000));
    return new PricingRequest(
        surface(model),
        name(model) + "-20260901",
        name(model),
        null,
        null,
        new Usage(counts),
        CHANGED.plusSeconds(random.nextInt(20_000_000) - 10_000_000));
  }

  private static String surface(int model) {
    return "surface-" + model % 12;
  }

  private static String name(int model) {
    return "model-" + model;
  }

  /** Prices one call; all of them take turns. */
  @Benchmark
  public Priced price(ThreadTime time) {
    time.calls++;
    next = (next + 1) & (CALLS - 1);
    return Pricer.price(catalogue, calls[next]);
  }
}
