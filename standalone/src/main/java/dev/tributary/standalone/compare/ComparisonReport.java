package dev.tributary.standalone.compare;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tributary.quality.Finding;
import dev.tributary.quality.Verdict;
import dev.tributary.standalone.text.Table;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;

/** A comparison as text for people and as JSON for programs. */
public final class ComparisonReport {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int TEXT_COLUMNS = 2;

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
                "covered"));
    for (Finding finding : findings) {
      table.row(
          List.of(
              finding.dimension().name(),
              finding.verdict().words(),
              number(finding.baseline()),
              number(finding.candidate()),
              number(finding.difference()),
              percent(finding.relative()),
              number(finding.low()),
              number(finding.high()),
              Long.toString(finding.baselineValues()),
              Long.toString(finding.candidateValues()),
              percent(finding.covered())));
    }
    return table
        + String.format(
            Locale.ROOT,
            "Means and differences at the same mix of workspaces and hours of the day. With"
                + " probability %s %% all intervals hold the truth at every look.%n",
            number(100 * (1 - alpha)));
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
      one.put("baseline_n", finding.baselineValues());
      one.put("candidate_n", finding.candidateValues());
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
    return Double.isFinite(value)
        ? new BigDecimal(String.format(Locale.ROOT, "%.3e", value))
            .stripTrailingZeros()
            .toPlainString()
        : "-";
  }

  static String percent(double share) {
    return Double.isFinite(share) ? String.format(Locale.ROOT, "%.1f %%", 100 * share) : "-";
  }
}
