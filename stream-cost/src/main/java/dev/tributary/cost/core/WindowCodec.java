package dev.tributary.cost.core;

import dev.tributary.cost.core.Examples.Example;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of partials, clocks and stored windows: a version, then varints, only what is not 0. It
 * stays inside the module (its repartition topic, store and changelog) and is several times cheaper
 * than a record of seventy fields of which sixty are 0. For one thread.
 */
public final class WindowCodec {
  private static final int VERSION = 4;

  /** The first format: five metrics, neither scores nor rate cards. */
  private static final int FIRST_VERSION = 1;

  /** The format before versions of deploys, retrieval and returned models. */
  private static final int SIGHTLESS_VERSION = 2;

  /** The format before calls by which cells are shown. */
  private static final int EXAMPLELESS_VERSION = 3;

  private static final int FIRST_METRICS = 5;
  private static final int PARTIAL = 1;
  private static final int CLOCK = 2;
  private static final int STATE = 3;
  private static final Metric[] METRICS = Metric.values();

  private final VarintWriter writer = new VarintWriter();

  /** Bytes of what travels to a merge task. */
  public byte[] encode(MergeInput input) {
    writer.reset();
    writer.fixed(VERSION);
    if (input instanceof MergeInput.Partial partial) {
      writer.fixed(PARTIAL);
      writer.signed(partial.startUs());
      writer.unsigned(partial.entries());
      write(partial.sums());
    } else if (input instanceof MergeInput.SourceClock clock) {
      writer.fixed(CLOCK);
      writer.unsigned(clock.source());
      writer.signed(clock.clockUs());
    }
    return writer.toBytes();
  }

  /**
   * What these bytes say.
   *
   * @throws IllegalArgumentException when they are cut off, too long, or of another version
   */
  public MergeInput decodeInput(byte[] bytes) {
    VarintReader reader = new VarintReader(bytes);
    int version = version(reader);
    int kind = reader.fixed();
    MergeInput input =
        switch (kind) {
          case PARTIAL ->
              new MergeInput.Partial(reader.signed(), reader.unsigned(), readSums(reader, version));
          case CLOCK ->
              new MergeInput.SourceClock(Math.toIntExact(reader.unsigned()), reader.signed());
          default -> throw new IllegalArgumentException("kind of record: " + kind);
        };
    reader.end();
    return input;
  }

  /** Bytes of a stored window. */
  public byte[] encode(WindowState state) {
    writer.reset();
    writer.fixed(VERSION);
    writer.fixed(STATE);
    writer.unsigned(state.revision());
    write(state.sums());
    return writer.toBytes();
  }

  /**
   * The stored window of these bytes.
   *
   * @throws IllegalArgumentException when they are cut off, too long, or of another version
   */
  public WindowState decodeState(byte[] bytes) {
    VarintReader reader = new VarintReader(bytes);
    int version = version(reader);
    int kind = reader.fixed();
    if (kind != STATE) {
      throw new IllegalArgumentException("kind of stored value: " + kind);
    }
    WindowState state = new WindowState(reader.unsigned(), readSums(reader, version));
    reader.end();
    return state;
  }

  private static int version(VarintReader reader) {
    int version = reader.fixed();
    if (version < FIRST_VERSION || version > VERSION) {
      throw new IllegalArgumentException(
          "format " + version + " of a window; this version reads up to " + VERSION);
    }
    return version;
  }

  private void write(PartialWindow sums) {
    writeSparse(sums.counts());
    writeSparse(sums.money());
    writer.unsigned(METRICS.length);
    for (Metric metric : METRICS) {
      writeBuckets(sums.distributionOrNull(metric));
    }
    SortedMap<ScoreKey, ScoreTotals> scores = sums.scores();
    writer.unsigned(scores.size());
    scores.forEach(
        (key, totals) -> {
          writer.text(key.name());
          writer.text(key.source());
          writeSparse(totals.tallies());
          writeSparse(totals.sums());
          writeBuckets(totals.values());
        });
    writer.unsigned(sums.rateCards().size());
    sums.rateCards()
        .forEach(
            (id, lines) -> {
              writer.text(id);
              writer.signed(lines);
            });
    write(sums.sightsOrNull());
    write(sums.examplesOrNull());
  }

  /** How many calls, and then each: in most parts of a cell the dearest is the only one. */
  private void write(@Nullable Examples examples) {
    Example dearest = examples == null ? null : examples.dearest();
    Example byChance = examples == null ? null : examples.byChance();
    if (dearest == null || byChance == null) {
      writer.fixed(0);
      return;
    }
    boolean isOne = dearest.equals(byChance);
    writer.fixed(isOne ? 1 : 2);
    write(dearest);
    if (!isOne) {
      write(byChance);
    }
  }

  private void write(Example call) {
    writer.text(call.traceId());
    long[] cost = new long[2];
    Int128.set(cost, 0, call.cost());
    writer.signed(cost[0]);
    writer.signed(cost[1]);
  }

  private void write(@Nullable Sights sights) {
    if (sights == null) {
      writer.unsigned(0);
      return;
    }
    writer.unsigned(sights.all().size());
    sights
        .all()
        .forEach(
            (key, sight) -> {
              writer.fixed(key.kind().number());
              writer.text(key.subject());
              writer.text(key.value());
              writer.signed(sight.lines());
              writer.signed(sight.firstUs());
            });
  }

  /** Number of values that are not 0, then each with the distance to the one before. */
  private void writeSparse(long[] values) {
    int nonZero = 0;
    for (long value : values) {
      nonZero += value == 0 ? 0 : 1;
    }
    writer.unsigned(nonZero);
    int last = -1;
    for (int i = 0; i < values.length; i++) {
      if (values[i] != 0) {
        writer.unsigned(i - last);
        writer.signed(values[i]);
        last = i;
      }
    }
  }

  private void writeBuckets(@Nullable SignedBuckets buckets) {
    if (buckets == null) {
      writer.unsigned(0);
      writer.signed(0);
      return;
    }
    writer.unsigned(buckets.size());
    writer.signed(buckets.zeroCount());
    int last = 0;
    for (int i = 0; i < buckets.size(); i++) {
      writer.signed(buckets.indexAt(i) - (long) last);
      writer.signed(buckets.countAt(i));
      last = buckets.indexAt(i);
    }
  }

  private static PartialWindow readSums(VarintReader reader, int version) {
    PartialWindow sums = new PartialWindow();
    readSparse(reader, sums.counts());
    readSparse(reader, sums.money());
    long metrics = version == FIRST_VERSION ? FIRST_METRICS : reader.unsigned();
    if (metrics > METRICS.length) {
      throw new IllegalArgumentException(metrics + " metrics; known: " + METRICS.length);
    }
    for (int metric = 0; metric < metrics; metric++) {
      long size = reader.unsigned();
      long zeros = reader.signed();
      if (size != 0 || zeros != 0) {
        readBuckets(reader, size, zeros, sums.distribution(METRICS[metric]));
      }
    }
    if (version == FIRST_VERSION) {
      return sums;
    }
    long scores = reader.unsigned();
    for (long i = 0; i < scores; i++) {
      ScoreTotals totals = sums.score(new ScoreKey(reader.text(), reader.text()));
      readSparse(reader, totals.tallies());
      readSparse(reader, totals.sums());
      readBuckets(reader, reader.unsigned(), reader.signed(), totals.values());
    }
    long cards = reader.unsigned();
    for (long i = 0; i < cards; i++) {
      sums.addRateCard(reader.text(), reader.signed());
    }
    if (version == SIGHTLESS_VERSION) {
      return sums;
    }
    long sights = reader.unsigned();
    for (long i = 0; i < sights; i++) {
      SightKey key =
          new SightKey(SightKey.Kind.ofNumber(reader.fixed()), reader.text(), reader.text());
      sums.addSight(key, reader.signed(), reader.signed());
    }
    if (version != EXAMPLELESS_VERSION) {
      int calls = reader.fixed();
      if (calls > 0) {
        Example dearest = readExample(reader);
        sums.examples().offerDearest(dearest);
        sums.examples().offerByChance(calls == 1 ? dearest : readExample(reader));
      }
    }
    return sums;
  }

  private static Example readExample(VarintReader reader) {
    return new Example(reader.text(), Int128.toDecimal(reader.signed(), reader.signed()));
  }

  private static void readBuckets(
      VarintReader reader, long size, long zeros, SignedBuckets buckets) {
    buckets.addZero(zeros);
    long index = 0;
    for (long i = 0; i < size; i++) {
      index += reader.signed();
      buckets.append(Math.toIntExact(index), reader.signed());
    }
  }

  private static void readSparse(VarintReader reader, long[] into) {
    long nonZero = reader.unsigned();
    int at = -1;
    for (long i = 0; i < nonZero; i++) {
      at += Math.toIntExact(reader.unsigned());
      if (at < 0 || at >= into.length) {
        throw new IllegalArgumentException("measure " + at + " of " + into.length);
      }
      into[at] = reader.signed();
    }
  }
}
