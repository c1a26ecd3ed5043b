package dev.tributary.standalone.compare;

import dev.tributary.quality.Comparison;
import dev.tributary.quality.GateCheck;
import dev.tributary.quality.GatePolicy;
import dev.tributary.quality.GateResult;
import dev.tributary.quality.Taken;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** A gate's answer as Markdown, for the comment of a pipeline. */
public final class GateReport {
  private GateReport() {}

  /**
   * The report.
   *
   * @param title what was compared
   * @param notes what a reader has to know of the data
   */
  public static String markdown(
      String title, GatePolicy policy, GateResult result, List<String> notes) {
    StringBuilder text = new StringBuilder(2_048);
    text.append("# Release gate: ").append(result.outcome().words()).append("\n\n");
    text.append(title).append("\n\n");
    text.append("| dimension | limit | result | found | values |\n|---|---|---|---|---|\n");
    for (GateCheck check : result.checks()) {
      text.append("| `").append(escape(check.dimension())).append("` | ").append(check.limit());
      text.append(" | ").append(word(check)).append(" | ").append(escape(check.reason()));
      text.append(" | ").append(values(check)).append(" |\n");
    }
    text.append('\n');
    if (result.checks().stream().anyMatch(GateReport::leavesOut)) {
      text.append(
          "- Values are those that were compared, baseline / candidate; the rest had no like in the"
              + " other arm and took no part.\n");
    }
    notes.forEach(note -> text.append("- ").append(note).append('\n'));
    text.append(
        String.format(
            Locale.ROOT,
            "- A candidate that %s with probability %s %% at most, over %s%s.%n",
            policy.undecided() == GatePolicy.Undecided.PASS
                ? "keeps every limit fails"
                : "breaks a limit passes",
            ComparisonReport.number(100 * policy.comparison().alpha()),
            result.checks().size() == 1
                ? "its one limit"
                : "all " + result.checks().size() + " limits",
            policy.comparison().reading() == Comparison.Reading.ANY_TIME
                ? " and however often it is asked"
                : ", asked once"));
    text.append(
        hasCandidate(result) || policy.undecided() == GatePolicy.Undecided.FAIL
            ? "- What the data do not decide is taken as `%s`"
                .formatted(policy.undecided().name().toLowerCase(Locale.ROOT))
            : "- The candidate has no value of what is limited, and is not released whatever the"
                + " policy says of what is undecided");
    text.append("; the exit code is ").append(result.outcome().code()).append(".\n");
    return text.toString();
  }

  private static boolean hasCandidate(GateResult result) {
    return result.checks().stream()
        .map(GateCheck::ofCandidate)
        .anyMatch(candidate -> candidate != null && candidate.all() > 0);
  }

  private static boolean leavesOut(GateCheck check) {
    return Stream.of(
            Optional.ofNullable(check.ofBaseline()), Optional.ofNullable(check.ofCandidate()))
        .flatMap(Optional::stream)
        .anyMatch(taken -> taken.leftOut() > 0);
  }

  private static String word(GateCheck check) {
    return switch (check.outcome()) {
      case PASS -> "kept";
      case FAIL -> "**broken**";
      case NOT_ENOUGH_DATA -> "undecided";
    };
  }

  private static String values(GateCheck check) {
    if (check.ofCandidate() == null) {
      return "0";
    }
    return check.ofBaseline() == null
        ? values(check.ofCandidate())
        : values(check.ofBaseline()) + " / " + values(check.ofCandidate());
  }

  private static String values(Taken taken) {
    return taken.leftOut() == 0
        ? Long.toString(taken.values())
        : taken.values() + " of " + taken.all();
  }

  private static String escape(String text) {
    return text.replace("|", "\\|");
  }
}
