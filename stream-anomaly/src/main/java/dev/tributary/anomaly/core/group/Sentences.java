package dev.tributary.anomaly.core.group;

import dev.tributary.anomaly.core.series.Finding;
import dev.tributary.anomaly.core.series.SeriesKey;
import dev.tributary.anomaly.core.series.SeriesMetric;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** An episode in one plain sentence. */
final class Sentences {
  private static final Map<String, String> PREPOSITIONS =
      Map.of(
          "prompt_version", "on prompt ",
          "prompt_name", "of prompt ",
          "model", "on model ",
          "workspace", "in workspace ",
          "region", "in region ",
          "agent", "by agent ",
          "feature", "in ");

  /** Versions of deploys, retrieval and returned models beside a slice. */
  private static final int MOST_BESIDE = 3;

  private Sentences() {}

  /**
   * The sentence.
   *
   * @param team owner; null: nobody is to be told
   */
  static String of(
      Finding finding, List<NamedCause> causes, List<Change> changes, @Nullable String team) {
    StringBuilder text = new StringBuilder(160);
    String subject = subject(finding.key());
    text.append(finding.state().isEnd() ? end(finding, subject) : subject + ' ' + what(finding));
    boolean isBack = !finding.state().isEnd() && finding.sinceUs() > finding.openedUs();
    text.append(isBack ? " again" : "");
    text.append(since(finding));
    String cause = cause(causes, changes, finding.key());
    if (!cause.isEmpty()) {
      text.append(": ").append(cause);
    }
    if (team != null) {
      text.append("; owner: ").append(team);
    }
    return text.toString();
  }

  /** What the series is of, in words. */
  static String subject(SeriesKey key) {
    Map<String, String> left = new TreeMap<>(key.dimensions());
    StringBuilder text = new StringBuilder(48);
    String feature = left.remove(CellFact.FEATURE);
    if (feature != null) {
      text.append(feature);
    }
    left.forEach(
        (label, value) -> {
          String before = text.isEmpty() ? label.replace('_', ' ') + ' ' : preposition(label);
          text.append(text.isEmpty() ? "" : " ").append(before).append(value);
        });
    if (!key.environment().equals("production")) {
      text.append(" (").append(key.environment()).append(')');
    }
    return text.toString();
  }

  private static String preposition(String label) {
    return PREPOSITIONS.getOrDefault(label, "with " + label.replace('_', ' ') + ' ');
  }

  private static String what(Finding finding) {
    SeriesMetric metric = SeriesMetric.ofName(finding.metric());
    String noun = noun(finding, metric);
    String base =
        finding.isLimit()
            ? "its limit"
            : "its " + Times.weekdayHour(finding.windowUs()) + " baseline";
    if (metric != null && metric.isShare()) {
      return String.format(
          Locale.ROOT,
          "has %s %s of %s against %s of %s",
          article(noun),
          noun,
          percent(finding.observed()),
          percent(finding.baseline()),
          base);
    }
    if (!(finding.baseline() > 0)) {
      return metric == SeriesMetric.SPEND_PER_HOUR
          ? "costs what it did not before"
          : "has "
              + (metric == SeriesMetric.CALLS ? "" : article(noun) + ' ')
              + noun
              + " where it had none";
    }
    String times = String.format(Locale.ROOT, "%.1fx", finding.observed() / finding.baseline());
    if (metric == SeriesMetric.SPEND_PER_HOUR) {
      return "costs " + times + " " + base;
    }
    return "has " + times + " the " + noun + " of " + base;
  }

  private static String end(Finding finding, String subject) {
    String what = "the " + noun(finding, SeriesMetric.ofName(finding.metric())) + " of " + subject;
    return switch (finding.ending()) {
      case SILENT -> what + " is over, nothing was heard of it any more";
      case UNWATCHED -> what + " is no longer watched";
      case VALUES ->
          finding.state() == Finding.State.LEVEL_SHIFT
              ? what + " stayed where it was and is taken for the usual now"
              : what + " is back";
    };
  }

  private static String noun(Finding finding, @Nullable SeriesMetric metric) {
    if (metric == SeriesMetric.SPEND_PER_HOUR) {
      return "cost";
    }
    if (metric == SeriesMetric.SCORE) {
      return "mean " + finding.metric().substring(finding.metric().lastIndexOf('.') + 1);
    }
    return finding.metric().replace("_us_", "_").replace('_', ' ');
  }

  private static String article(String noun) {
    return "aeiou".indexOf(noun.charAt(0)) < 0 ? "a" : "an";
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  private static String since(Finding finding) {
    BigDecimal perHour = finding.moneyPerHour();
    if (finding.state().isEnd()) {
      String since = Times.since(finding.openedUs(), finding.windowUs());
      BigDecimal money = finding.money();
      return money == null ? " (" + since + ")" : " (" + dollars(money) + " " + since + ")";
    }
    String since = Times.since(finding.sinceUs(), finding.windowUs());
    return perHour == null ? " (" + since + ")" : " (" + dollars(perHour) + "/h " + since + ")";
  }

  private static String dollars(BigDecimal amount) {
    int places = amount.abs().compareTo(BigDecimal.TEN) >= 0 ? 0 : 2;
    BigDecimal rounded = amount.setScale(places, RoundingMode.HALF_EVEN);
    return (rounded.signum() < 0 ? "-$" : "+$") + rounded.abs().toPlainString();
  }

  private static String cause(List<NamedCause> causes, List<Change> changes, SeriesKey key) {
    StringBuilder text = new StringBuilder(80);
    causes.stream()
        .filter(c -> c.amount() != null && !c.evidence().isEmpty() && c.share() > 0)
        .findFirst()
        .ifPresent(split -> text.append(split.evidence()));
    causes.stream()
        .filter(c -> c.driver().equals(NamedCause.SLICE))
        .findFirst()
        .ifPresent(slice -> append(text, slice.slice(), changes, key));
    if (causes.stream().noneMatch(c -> c.driver().equals(NamedCause.SLICE))) {
      for (Change change : changes) {
        text.append(text.isEmpty() ? "" : "; ").append(change.sentence());
      }
    } else {
      // A slice cannot name them: cells are not made of them.
      changes.stream()
          .filter(Change::isBesideCells)
          .limit(MOST_BESIDE)
          .forEach(change -> text.append(text.isEmpty() ? "" : "; ").append(change.sentence()));
    }
    return text.toString();
  }

  private static void append(
      StringBuilder text, Map<String, String> slice, List<Change> changes, SeriesKey key) {
    slice.forEach(
        (label, value) -> {
          if (value.equals(key.dimensions().get(label))) {
            return; // the subject says it
          }
          text.append(text.isEmpty() ? "" : " ").append(preposition(label)).append(value);
          for (Change change : changes) {
            if (change.kind().equals(label) && change.value().equals(value)) {
              text.append(" (first seen ").append(Times.clock(change.seenUs())).append(')');
            }
          }
        });
  }
}
