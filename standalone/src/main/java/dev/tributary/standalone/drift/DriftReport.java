package dev.tributary.standalone.drift;

import dev.tributary.anomaly.core.drift.DriftCase;
import dev.tributary.anomaly.core.drift.DriftCase.Buckets;
import dev.tributary.anomaly.core.drift.DriftCase.Categories;
import dev.tributary.anomaly.core.drift.DriftCase.Sample;
import dev.tributary.anomaly.core.drift.DriftCase.Share;
import dev.tributary.anomaly.core.drift.DriftFinding;
import dev.tributary.anomaly.core.drift.DriftFinding.Verdict;
import dev.tributary.anomaly.core.drift.DriftRule;
import dev.tributary.standalone.platform.SqlClient;
import dev.tributary.standalone.platform.SqlLiteral;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Prints how a feature's calls and scores differ between two periods, and what of it is drift. */
public final class DriftReport {
  private final SqlClient sql;

  public DriftReport(SqlClient sql) {
    this.sql = sql;
  }

  /** Prints the comparison; the number of measures that drifted. */
  public long print(DriftQuery query, DriftRule rule, PrintWriter out)
      throws IOException, InterruptedException {
    List<DriftCases.Row> rows = new ArrayList<>();
    for (String statement : List.of(query.calls(), query.scores())) {
      for (List<String> cells : sql.rows(statement)) {
        rows.add(DriftCases.Row.of(cells.stream().map(SqlLiteral::unescaped).toList()));
      }
    }
    DriftCases cases = new DriftCases(rows);
    List<DriftCase> all = new ArrayList<>(cases.ofSwaps());
    all.addAll(cases.ofGroups());
    List<DriftFinding> findings = rule.judge(all);
    if (findings.isEmpty()) {
      out.println("nothing to compare: no prompt version and model has calls in both periods");
    }
    String group = "";
    for (DriftFinding finding : findings) {
      if (!finding.of().group().equals(group)) {
        group = finding.of().group();
        out.printf(
            "%n%s%n  %-20s %9s %9s  %-22s %-22s %7s %9s%n",
            group, "measure", "n before", "n now", "before", "now", "PSI", "p");
      }
      out.println(line(finding));
    }
    long drifted = findings.stream().filter(finding -> finding.verdict() == Verdict.DRIFT).count();
    long tested = findings.stream().filter(finding -> finding.verdict() != Verdict.TOO_FEW).count();
    out.printf(
        "%n%d of %d measures drifted (p below %s after the correction for %d tests, PSI at least"
            + " %s); %d have too few cases%n",
        drifted, tested, rule.limit(), tested, rule.leastIndex(), findings.size() - tested);
    out.flush();
    return drifted;
  }

  private static String line(DriftFinding finding) {
    DriftCase of = finding.of();
    boolean isTested = finding.verdict() != Verdict.TOO_FEW;
    return String.format(
            Locale.ROOT,
            "  %-20s %9d %9d  %-22s %-22s %7s %9s  %s",
            of.measure(),
            of.reference().size(),
            of.current().size(),
            typical(of.measure(), of.reference()),
            typical(of.measure(), of.current()),
            isTested ? String.format(Locale.ROOT, "%.3f", finding.index()) : "",
            isTested ? String.format(Locale.ROOT, "%.2g", finding.adjusted()) : "",
            words(finding.verdict()))
        .stripTrailing();
  }

  private static String words(Verdict verdict) {
    return switch (verdict) {
      case DRIFT -> "DRIFT";
      case SLIGHT -> "slight";
      case STABLE -> "";
      case TOO_FEW -> "too few";
    };
  }

  /** A share, the commonest category, or the median as the middle of its bucket. */
  private static String typical(String measure, Sample sample) {
    if (sample instanceof Share share) {
      return String.format(Locale.ROOT, "%.2f %%", 100.0 * share.hits() / share.size());
    }
    if (sample instanceof Categories categories) {
      Map.Entry<String, Long> most =
          categories.counts().byValue().entrySet().stream()
              .max(Map.Entry.comparingByValue())
              .orElseThrow();
      return String.format(
          Locale.ROOT, "%s %.1f %%", most.getKey(), 100.0 * most.getValue() / sample.size());
    }
    double bucket = median((Buckets) sample) + 0.5;
    if (measure.startsWith("score ")) {
      // The last bucket is of 1 alone.
      return String.format(Locale.ROOT, "median %.3f", Math.min(1, bucket / 20));
    }
    double middle = Math.pow(2, bucket / 4) - 1;
    return switch (measure) {
      case "latency" -> String.format(Locale.ROOT, "median %.3g ms", middle);
      case "cost" -> String.format(Locale.ROOT, "median $%.3g", middle / 1e6);
      default -> String.format(Locale.ROOT, "median %.3g", middle);
    };
  }

  private static int median(Buckets buckets) {
    long half = (buckets.size() + 1) / 2;
    long seen = 0;
    for (Map.Entry<Integer, Long> bucket : buckets.counts().byValue().entrySet()) {
      seen += bucket.getValue();
      if (seen >= half) {
        return bucket.getKey();
      }
    }
    throw new IllegalArgumentException("no cases");
  }
}
