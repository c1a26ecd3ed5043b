package dev.tributary.standalone.compare;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tributary.quality.Finding;
import dev.tributary.quality.Taken;
import dev.tributary.quality.Verdict;
import dev.tributary.standalone.text.Table;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;

/** A comparison as text for people and as JSON for programs. */
public final class ComparisonReport {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int TEXT_COLUMNS = 2;

  /** What is worth this share of its number is not worth a word. */
  private static final double FAIRLY_EQUAL = 0.9;

  private static final int DIGITS = 4;
  private static final int MOST_DIGITS = 12;
  private static final double LEAST_PERCENT = 0.1;
  private static final MathContext TWO_DIGITS = new MathContext(2, RoundingMode.HALF_EVEN);

  private ComparisonReport() {}

  /** A table, and how it was made. */
  public static String text(ArmSelection arms, double alpha, List<Finding> findings) {
    Table table =
        new Table(
            TEXT_COLUMNS,
            List.of(
                "dimension",
                "verdict",
                arms.baseline(),
                arms.candidate(),
                "difference",
                "relative",
                "from",
                "to",
                "n " + arms.baseline(),
                "n " + arms.candidate(),
                "left out " + arms.baseline(),
                "left out " + arms.candidate()));
    for (Finding finding : findings) {
      table.row(
          List.of(
              finding.dimension().name(),
              finding.verdict().words(),
              apart(finding.baseline(), finding.candidate()),
              apart(finding.candidate(), finding.baseline()),
              number(finding.difference()),
              percent(finding.relative()),
              number(finding.low()),
              number(finding.high()),
              values(finding.ofBaseline()),
              values(finding.ofCandidate()),
              leftOut(finding.ofBaseline()),
              leftOut(finding.ofCandidate())));
    }
    return table
        + leftOut(arms, findings)
        + String.format(
            Locale.ROOT,
            "Means and differences at the same mix of environments, features, workspaces and hours of"
                + " the day. With probability %s %% all intervals hold the truth at every look.%n",
            number(100 * (1 - alpha)));
  }

  /** What the columns of what is left out mean, where there is something to say. */
  private static String leftOut(ArmSelection arms, List<Finding> findings) {
    StringBuilder text = new StringBuilder();
    if (findings.stream().anyMatch(ComparisonReport::leavesOut)) {
      text.append(
          "Left out are values of environments, features, workspaces or hours that the other hardly"
              + " had: they are in no mean and no verdict.\n");
    }
    if (findings.stream().anyMatch(ComparisonReport::isWeighted)) {
      text.append(
          "Worth: as many values of equal weight, each of a trace of its own, would tell as much;"
              + " enough data is counted in these.\n");
    }
    if (findings.stream().anyMatch(one -> one.verdict() == Verdict.NOTHING_IN_COMMON)) {
      text.append(
          "Nothing in common: %s and %s had other environments, features or workspaces. There is no"
                  .formatted(arms.baseline(), arms.candidate())
              + " verdict, and more calls of the same kind will bring none.\n");
    }
    return text.toString();
  }

  /**
   * How many were compared and, where that is far fewer, how many of equal weight they are worth.
   */
  private static String values(Taken taken) {
    long worth = Math.round(taken.effective());
    return worth >= FAIRLY_EQUAL * taken.values()
        ? Long.toString(taken.values())
        : taken.values() + " (worth " + worth + ")";
  }

  private static boolean leavesOut(Finding finding) {
    return finding.ofBaseline().leftOut() > 0 || finding.ofCandidate().leftOut() > 0;
  }

  private static boolean isWeighted(Finding finding) {
    return values(finding.ofBaseline()).endsWith(")")
        || values(finding.ofCandidate()).endsWith(")");
  }

  private static String leftOut(Taken taken) {
    return taken.leftOut() == 0 ? "0" : taken.leftOut() + " (" + percent(1 - taken.covered()) + ")";
  }

  /** One object; a number that is not known is null. */
  public static String json(ArmSelection arms, double alpha, List<Finding> findings) {
    ObjectNode root = JSON.createObjectNode();
    root.put("tenant", arms.tenant());
    root.put("by", arms.by().column());
    root.put("prompt", arms.prompt());
    root.put("baseline", arms.baseline());
    root.put("candidate", arms.candidate());
    root.put("alpha", alpha);
    ArrayNode list = root.putArray("dimensions");
    for (Finding finding : findings) {
      ObjectNode one = list.addObject();
      one.put("dimension", finding.dimension().name());
      one.put("verdict", finding.verdict().name().toLowerCase(Locale.ROOT));
      put(one, "baseline", finding.baseline());
      put(one, "candidate", finding.candidate());
      put(one, "difference", finding.difference());
      put(one, "relative", finding.relative());
      put(one, "low", finding.low());
      put(one, "high", finding.high());
      put(one, "level", finding.level());
      one.put("baseline_n", finding.ofBaseline().values());
      one.put("candidate_n", finding.ofCandidate().values());
      one.put("baseline_traces", finding.ofBaseline().units());
      one.put("candidate_traces", finding.ofCandidate().units());
      put(one, "baseline_effective", finding.ofBaseline().effective());
      put(one, "candidate_effective", finding.ofCandidate().effective());
      one.put("baseline_left_out", finding.ofBaseline().leftOut());
      one.put("candidate_left_out", finding.ofCandidate().leftOut());
      put(one, "baseline_covered", finding.ofBaseline().covered());
      put(one, "candidate_covered", finding.ofCandidate().covered());
      put(one, "covered", finding.covered());
    }
    return root.toPrettyString() + System.lineSeparator();
  }

  /** In one line, for an event. */
  static String sentence(ArmSelection arms, Finding finding) {
    return "%s: %s is %s than %s by %s (%s), between %s and %s"
        .formatted(
            finding.dimension().name(),
            arms.candidate(),
            finding.verdict() == Verdict.DIFFERENT ? "other" : finding.verdict().words(),
            arms.baseline(),
            number(finding.difference()),
            percent(finding.relative()),
            number(finding.low()),
            number(finding.high()));
  }

  private static void put(ObjectNode node, String name, double value) {
    if (Double.isFinite(value)) {
      node.put(name, value);
    } else {
      node.putNull(name);
    }
  }

  /** Four digits that count; a dash where nothing is known. */
  static String number(double value) {
    return number(value, DIGITS);
  }

  /** As many digits as it takes to tell a number from another that it is not equal to. */
  static String apart(double value, double other) {
    int digits = DIGITS;
    while (value != other
        && digits < MOST_DIGITS
        && number(value, digits).equals(number(other, digits))) {
      digits++;
    }
    return number(value, digits);
  }

  private static String number(double value, int digits) {
    return Double.isFinite(value)
        ? new BigDecimal(String.format(Locale.ROOT, "%." + (digits - 1) + "e", value))
            .stripTrailingZeros()
            .toPlainString()
        : "-";
  }

  /** One digit after the point, or two that count: what is not 0 is never said to be. */
  static String percent(double share) {
    if (!Double.isFinite(share)) {
      return "-";
    }
    double percent = 100 * share;
    return percent == 0 || Math.abs(percent) >= LEAST_PERCENT
        ? String.format(Locale.ROOT, "%.1f %%", percent)
        : BigDecimal.valueOf(percent).round(TWO_DIGITS).stripTrailingZeros().toPlainString() + " %";
  }
}
