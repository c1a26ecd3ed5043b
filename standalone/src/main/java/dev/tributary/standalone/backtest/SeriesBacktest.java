package dev.tributary.standalone.backtest;

import dev.tributary.anomaly.core.Episode;
import dev.tributary.anomaly.core.EpisodeTracker;
import dev.tributary.anomaly.core.Policy;
import dev.tributary.anomaly.core.PolicyException;
import dev.tributary.anomaly.core.PolicyYaml;
import dev.tributary.anomaly.core.Reading;
import dev.tributary.anomaly.core.SeriesDetector;
import dev.tributary.anomaly.core.ValueKind;
import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Runs a policy over the series in a file. */
public final class SeriesBacktest {
  private static final MathContext SHOWN = new MathContext(9, RoundingMode.HALF_EVEN);
  private static final int SCORE_DIGITS = 9;

  /** From this share of negative values on, a series is signed and they are not errors. */
  private static final double SIGNED_SHARE = 0.01;

  private final Path file;
  private final PolicyYaml.Parsed policy;
  private final PrintWriter errors;

  /**
   * @param errors where what was assumed and refused is said
   */
  public SeriesBacktest(Path file, PolicyYaml.Parsed policy, PrintWriter errors) {
    this.file = file;
    this.policy = policy;
    this.errors = errors;
  }

  /**
   * Writes a line per row of the file and gives the episodes, oldest first. A row that is not used
   * is written with score 0 in the state before it, a repeated timestamp with the score it had.
   *
   * @throws IOException when the file cannot be read or holds no series
   */
  public List<Episode> run(PrintWriter out) throws IOException {
    Complaints complaints = new Complaints(file.toString(), errors);
    SeriesFile.Content content = SeriesFile.read(file, complaints);
    long stepUs = stepOf(content.rows());
    Policy effective = policyFor(kindOf(content.rows()));
    errors.println(
        file
            + ": "
            + content.rows().size()
            + " rows, step "
            + BigDecimal.valueOf(stepUs, 6).stripTrailingZeros().toPlainString()
            + " s, timestamps in "
            + content.format().words()
            + ", values "
            + effective.values().name().toLowerCase(Locale.ROOT));
    List<Episode> episodes = new ArrayList<>();
    EpisodeTracker tracker = new EpisodeTracker(effective.reopenWithin());
    SeriesDetector detector = new SeriesDetector(effective, stepUs);
    out.println("timestamp,value,anomaly_score,state,baseline");
    for (SeriesRow row : content.rows()) {
      Refusal refusal = refusalOf(row, effective);
      if (refusal == null) {
        Reading reading = detector.add(row.timeUs(), row.value(), row.samples());
        tracker.add(row.timeUs(), row.value(), reading).ifPresent(episodes::add);
        print(out, row, reading, reading.score());
      } else {
        complaints.add(refusal, row.line(), row.timestamp() + "," + row.text());
        double score = refusal == Refusal.DUPLICATE ? detector.latest().score() : 0;
        print(out, row, detector.latest(), score);
      }
    }
    Optional<Episode> open = tracker.open();
    open.ifPresent(episodes::add);
    complaints.summarise();
    out.flush();
    return episodes;
  }

  private Policy policyFor(ValueKind kind) {
    try {
      return policy.policy().withValues(kind);
    } catch (PolicyException e) {
      throw new PolicyException(file + ": " + e.getMessage());
    }
  }

  private static @Nullable Refusal refusalOf(SeriesRow row, Policy policy) {
    if (row.refused() != null) {
      return row.refused();
    }
    if (policy.values() == ValueKind.SHARE && row.value() > 1) {
      return Refusal.NO_SHARE;
    }
    return policy.values() != ValueKind.SIGNED && row.value() < 0 ? Refusal.NEGATIVE : null;
  }

  private ValueKind kindOf(List<SeriesRow> rows) {
    if (policy.namesValues()) {
      return policy.policy().values();
    }
    long used = rows.stream().filter(row -> row.refused() == null).count();
    long negative = rows.stream().filter(row -> row.refused() == null && row.value() < 0).count();
    return negative >= Math.max(2, SIGNED_SHARE * used) ? ValueKind.SIGNED : ValueKind.AMOUNT;
  }

  /** The median distance of two rows that follow each other. */
  private long stepOf(List<SeriesRow> rows) throws IOException {
    long[] times =
        rows.stream()
            .filter(
                row ->
                    row.refused() != Refusal.DUPLICATE
                        && row.refused() != Refusal.OUT_OF_ORDER
                        && row.refused() != Refusal.CLOCK_JUMP)
            .mapToLong(SeriesRow::timeUs)
            .toArray();
    if (times.length < 2) {
      throw new SeriesFileException(file + ": at least two rows are needed");
    }
    long[] steps = new long[times.length - 1];
    for (int i = 0; i < steps.length; i++) {
      steps[i] = times[i + 1] - times[i];
    }
    Arrays.sort(steps);
    return steps[steps.length / 2];
  }

  private static void print(PrintWriter out, SeriesRow row, Reading reading, double score) {
    out.print(quoted(row.timestamp()));
    out.print(',');
    out.print(quoted(row.text()));
    out.print(',');
    out.print(
        BigDecimal.valueOf(score)
            .setScale(SCORE_DIGITS, RoundingMode.HALF_EVEN)
            .stripTrailingZeros()
            .toPlainString());
    out.print(',');
    out.print(reading.status().name());
    out.print(',');
    out.println(plain(reading.baseline()));
  }

  private static String quoted(String text) {
    return text.indexOf(',') >= 0 || text.indexOf('"') >= 0
        ? '"' + text.replace("\"", "\"\"") + '"'
        : text;
  }

  /** Nine digits, no exponent; empty where unknown. */
  static String plain(double number) {
    return Double.isFinite(number)
        ? new BigDecimal(number).round(SHOWN).stripTrailingZeros().toPlainString()
        : "";
  }
}
