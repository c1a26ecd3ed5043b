package dev.tributary.standalone.backtest;

import dev.tributary.anomaly.core.Episode;
import dev.tributary.anomaly.core.EpisodeTracker;
import dev.tributary.anomaly.core.Policy;
import dev.tributary.anomaly.core.PolicyException;
import dev.tributary.anomaly.core.PolicyYaml;
import dev.tributary.anomaly.core.Reading;
import dev.tributary.anomaly.core.SeriesDetector;
import dev.tributary.anomaly.core.SeriesStatus;
import dev.tributary.anomaly.core.ValueKind;
import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Runs a policy over the series in a file. */
public final class SeriesBacktest {
  /** From this share of negative values on, a series is signed and they are not errors. */
  private static final double SIGNED_SHARE = 0.01;

  /** A distance of so many steps has windows missing in it. */
  private static final double GAP_STEPS = 1.5;

  private final Path file;
  private final PolicyYaml.Parsed policy;
  private final Narration narration;

  /**
   * @param narration where what was assumed, refused and found is said
   */
  public SeriesBacktest(Path file, PolicyYaml.Parsed policy, Narration narration) {
    this.file = file;
    this.policy = policy;
    this.narration = narration;
  }

  /** What a file is judged by. */
  private record Series(
      SeriesFile.Content content, TimeOrder order, Policy policy, long stepUs, long gaps) {
    SeriesRows rows() {
      return content.rows();
    }
  }

  /**
   * Judges the rows in order of their times, writes a line per row in the order of the file, and
   * gives the episodes, oldest first. A row that is not used is written with score 0 in the state
   * before it, a repeated timestamp with the score it had. Where nobody reads the lines any more
   * the rest of them is not written, and nothing is said of it.
   *
   * @throws IOException when the file cannot be read or holds no series; nothing is written then
   */
  public List<Episode> run(PrintWriter out) throws IOException {
    Complaints complaints = new Complaints(file.toString(), narration);
    Series series = series(SeriesFile.read(file, complaints, narration));
    int late = series.order().late();
    if (late > 0) {
      narration.line(
          file
              + ": "
              + late
              + " of "
              + series.rows().size()
              + " rows are out of order; judged in order of time, written in the file's order");
    }
    Readings readings = new Readings(series.rows().size());
    List<Episode> episodes = judge(series, readings);
    if (new ReadingLines(series.rows(), readings, complaints, narration).print(out)) {
      complaints.summarise();
      narration.line(summary(series, readings, episodes));
    }
    return episodes;
  }

  private Series series(SeriesFile.Content content) throws IOException {
    SeriesRows rows = content.rows();
    TimeOrder order = TimeOrder.of(rows);
    requireUsed(content);
    Policy effective = policyFor(kindOf(rows, order));
    for (int row = 0; row < rows.size(); row++) {
      Refusal refusal = rows.isUsed(row) ? refusalOf(rows.value(row), effective) : null;
      if (refusal != null) {
        rows.refuse(row, refusal);
      }
    }
    requireUsed(content);
    order.refuseRepeated();
    long stepUs = stepOf(rows, order);
    return new Series(content, order, effective, stepUs, gaps(rows, order, stepUs));
  }

  private void requireUsed(SeriesFile.Content content) throws SeriesFileException {
    SeriesRows rows = content.rows();
    Map<Refusal, Integer> counts = new EnumMap<>(Refusal.class);
    for (int row = 0; row < rows.size(); row++) {
      Refusal refusal = rows.refused(row);
      if (refusal == null) {
        return;
      }
      counts.merge(refusal, 1, Integer::sum);
    }
    StringBuilder why = new StringBuilder();
    counts.forEach(
        (refusal, count) ->
            why.append("; ").append(counted(count, "row")).append(": ").append(refusal.words()));
    throw new SeriesFileException(
        file
            + ": no row with a usable value in "
            + content.columns().valueInWords()
            + ", as in line "
            + rows.line(0)
            + why);
  }

  private List<Episode> judge(Series series, Readings readings) {
    SeriesRows rows = series.rows();
    List<Episode> episodes = new ArrayList<>();
    EpisodeTracker tracker = new EpisodeTracker(series.policy().reopenWithin());
    SeriesDetector detector = new SeriesDetector(series.policy(), series.stepUs());
    for (int i = 0; i < series.order().size(); i++) {
      int row = series.order().row(i);
      if (rows.isUsed(row)) {
        long timeUs = rows.timeUs(row);
        double value = rows.value(row);
        Reading reading = detector.add(timeUs, value, rows.samples(row));
        tracker.add(timeUs, value, reading).ifPresent(episodes::add);
        readings.put(row, reading, reading.score());
      } else {
        boolean isRepeated = rows.refused(row) == Refusal.DUPLICATE;
        readings.put(row, detector.latest(), isRepeated ? detector.latest().score() : 0);
      }
      if ((i + 1) % SeriesFile.ROWS_TOLD == 0) {
        narration.progress("judged", i + 1);
      }
    }
    tracker.open().ifPresent(episodes::add);
    return episodes;
  }

  private String summary(Series series, Readings readings, List<Episode> episodes) {
    SeriesRows rows = series.rows();
    int refused = 0;
    boolean isWarm = false;
    for (int row = 0; row < rows.size(); row++) {
      refused += rows.isUsed(row) ? 0 : 1;
      isWarm |= readings.status(row) != SeriesStatus.WARMUP;
    }
    return String.format(
        Locale.ROOT,
        "%s: %s, step %s s, %s, %s not used, %s opened; timestamps in %s, values %s%s",
        file,
        counted(rows.size(), "row"),
        BigDecimal.valueOf(series.stepUs(), 6).stripTrailingZeros().toPlainString(),
        counted(series.gaps(), "gap"),
        counted(refused, "row"),
        counted(episodes.size(), "episode"),
        series.content().format().words(),
        series.policy().values().name().toLowerCase(Locale.ROOT),
        isWarm ? "" : "; too short: all of it is warm-up");
  }

  private static String counted(long number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }

  private Policy policyFor(ValueKind kind) {
    try {
      return policy.policy().withValues(kind);
    } catch (PolicyException e) {
      throw new PolicyException(file + ": " + e.getMessage());
    }
  }

  private static @Nullable Refusal refusalOf(double value, Policy policy) {
    if (policy.values() == ValueKind.SHARE && value > 1) {
      return Refusal.NO_SHARE;
    }
    return policy.values() != ValueKind.SIGNED && value < 0 ? Refusal.NEGATIVE : null;
  }

  /** Of a repeated time one row counts, as in what follows. */
  private ValueKind kindOf(SeriesRows rows, TimeOrder order) {
    if (policy.namesValues()) {
      return policy.policy().values();
    }
    long used = 0;
    long negative = 0;
    int last = -1;
    for (int i = 0; i < order.size(); i++) {
      int row = order.row(i);
      if (rows.isUsed(row) && (last < 0 || rows.timeUs(row) != rows.timeUs(last))) {
        used++;
        negative += rows.value(row) < 0 ? 1 : 0;
        last = row;
      }
    }
    return negative >= Math.max(2, SIGNED_SHARE * used) ? ValueKind.SIGNED : ValueKind.AMOUNT;
  }

  /** The median distance of two rows that follow each other in time. */
  private long stepOf(SeriesRows rows, TimeOrder order) throws IOException {
    long[] steps = new long[order.size()];
    int size = 0;
    for (int i = 1; i < order.size(); i++) {
      long distance = rows.timeUs(order.row(i)) - rows.timeUs(order.row(i - 1));
      if (distance > 0) {
        steps[size++] = distance;
      }
    }
    if (size == 0) {
      throw new SeriesFileException(file + ": at least two rows of different times are needed");
    }
    Arrays.sort(steps, 0, size);
    return steps[size / 2];
  }

  /** How often rows that are used are farther apart than a step. */
  private static long gaps(SeriesRows rows, TimeOrder order, long stepUs) {
    long gaps = 0;
    long lastUs = Long.MAX_VALUE;
    for (int i = 0; i < order.size(); i++) {
      int row = order.row(i);
      if (rows.isUsed(row)) {
        gaps += lastUs != Long.MAX_VALUE && rows.timeUs(row) - lastUs > GAP_STEPS * stepUs ? 1 : 0;
        lastUs = rows.timeUs(row);
      }
    }
    return gaps;
  }
}
