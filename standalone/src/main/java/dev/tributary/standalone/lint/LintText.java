package dev.tributary.standalone.lint;

import dev.tributary.schemas.UsageQuality;
import dev.tributary.standalone.lint.LintFinding.Severity;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A report as text of at most 100 columns: the facts by instrumentation, then what to do. */
public final class LintText {
  private static final int WIDTH = 100;
  private static final int LABEL = 15;

  private final LintReport report;
  private final PrintWriter out;

  private LintText(LintReport report, PrintWriter out) {
    this.report = report;
    this.out = out;
  }

  /** Prints a report. */
  public static void print(LintReport report, PrintWriter out) {
    LintText text = new LintText(report, out);
    text.heading();
    report.parts().forEach(text::part);
    text.fixes();
    out.flush();
  }

  private void heading() {
    Tally total = report.total();
    LintReport.Facts facts = report.facts();
    out.printf(
        "Read %s: %s in %s, %s, %s failed%n",
        facts.source(),
        count(total.spans, "span"),
        count(facts.traces(), "trace"),
        count(total.calls, "model call"),
        total.failedCalls);
    if (facts.repeated() > 0) {
      out.printf(
          Locale.ROOT, "%,d spans came more than once; each counts once%n", facts.repeated());
    }
    facts.unreadable().forEach(problem -> wrapped("", "UNREADABLE  ", problem));
    if (report.isEmpty()) {
      return;
    }
    out.printf(
        Locale.ROOT,
        "Quality %s of 100: %s, %s, %s%n",
        score(report.score()),
        count(report.count(Severity.ERROR), "error"),
        count(report.count(Severity.WARNING), "warning"),
        count(report.count(Severity.NOTE), "note"));
  }

  private void part(LintReport.Part part) {
    Tally tally = part.tally();
    String title = part.id().serviceText() + "  " + part.id().scopeText();
    String quality = "quality " + score(part.score());
    out.println();
    out.println(
        cut(title, WIDTH - quality.length() - 1)
            + " ".repeat(Math.max(1, WIDTH - title.length() - quality.length()))
            + quality);
    out.println("-".repeat(WIDTH));
    line("dialect", counts(tally.dialects));
    line("spans", counts(tally.kinds));
    line("refused", counts(tally.rejected));
    line("usage", counts(qualities(tally)));
    tally.conventions.forEach(
        (convention, calls) ->
            line(
                "input counted",
                convention.label() + " on " + calls + ": " + convention.decision()));
    line("tags known", tags(tally, false));
    line("tags missing", tags(tally, true));
    line("fields known", fields(tally, false));
    line("fields missing", fields(tally, true));
    line("unknown", String.join(", ", tally.unknownAttributes.keySet()));
  }

  private static Map<String, Long> qualities(Tally tally) {
    Map<String, Long> named = new LinkedHashMap<>();
    for (UsageQuality quality : UsageQuality.values()) {
      Long calls = tally.quality.get(quality);
      if (calls != null) {
        named.put(Tally.word(quality), calls);
      }
    }
    return named;
  }

  /** Tags that no call has; or those that some have, with where they stand. */
  private static String tags(Tally tally, boolean areMissing) {
    List<String> tags = new ArrayList<>();
    for (String tag : Tally.TAGS.keySet()) {
      Map<String, Long> places = tally.tags.getOrDefault(tag, Map.of());
      boolean isMissing = places.keySet().equals(Set.of(Tally.MISSING));
      if (!places.isEmpty() && isMissing == areMissing) {
        tags.add(isMissing ? tag : tag + " (" + counts(places) + ")");
      }
    }
    return String.join(", ", tags);
  }

  /** Fields with how many have them; those that some lack say of how many. */
  private static String fields(Tally tally, boolean areMissing) {
    List<String> fields = new ArrayList<>();
    tally.fields.forEach(
        (field, count) -> {
          if (areMissing == (count.ok() == 0)) {
            fields.add(
                field.label() + (count.failed() == 0 ? "" : " " + count.ok() + "/" + count.of()));
          }
        });
    return String.join(", ", fields);
  }

  /** One finding of several instrumentations is one thing to do. */
  private void fixes() {
    Map<String, List<LintReport.Part>> places = new LinkedHashMap<>();
    Map<String, List<LintFinding>> byWhat = new LinkedHashMap<>();
    for (Severity severity : Severity.values()) {
      for (LintReport.Part part : report.parts()) {
        for (LintFinding finding : part.findings()) {
          if (finding.severity() == severity) {
            String key = severity + finding.code() + finding.why();
            places.computeIfAbsent(key, k -> new ArrayList<>()).add(part);
            byWhat.computeIfAbsent(key, k -> new ArrayList<>()).add(finding);
          }
        }
      }
    }
    byWhat.forEach((key, findings) -> fix(findings, places.getOrDefault(key, List.of())));
  }

  private void fix(List<LintFinding> findings, List<LintReport.Part> parts) {
    LintFinding first = findings.get(0);
    long affected = findings.stream().mapToLong(LintFinding::affected).sum();
    long of = findings.stream().mapToLong(LintFinding::of).sum();
    String numbers = of == 0 ? "" : affected + " of " + of + "  ";
    out.println();
    String what = findings.stream().map(LintFinding::what).distinct().collect(joined());
    wrapped(String.format(Locale.ROOT, "%-9s", Tally.word(first.severity())), numbers, what);
    wrapped(" ".repeat(9), "", first.why());
    if (report.parts().size() > 1 && parts.size() < report.parts().size()) {
      wrapped(
          " ".repeat(9),
          "in ",
          parts.stream().map(part -> part.id().scopeText()).distinct().collect(joined()));
    }
    Set<String> lines = new LinkedHashSet<>();
    findings.forEach(finding -> finding.remedies().forEach(remedy -> lines.add(remedy.line())));
    String label = "fix ";
    for (String line : lines) {
      // Never broken: it is to be copied.
      out.println(" ".repeat(9) + label + line);
      label = "or  ";
    }
  }

  private static java.util.stream.Collector<CharSequence, ?, String> joined() {
    return Collectors.joining(", ");
  }

  private void line(String label, String text) {
    if (!text.isEmpty()) {
      wrapped(String.format(Locale.ROOT, "%-" + LABEL + "s", label), "", text);
    }
  }

  /** Text broken between words; what follows the first line stands below its start. */
  private void wrapped(String indent, String start, String text) {
    StringBuilder line = new StringBuilder(indent).append(start);
    String below = " ".repeat(indent.length() + start.length());
    boolean isFirst = true;
    for (String word : text.split(" ")) {
      if (!isFirst && line.length() + 1 + word.length() > WIDTH) {
        out.println(line.toString().stripTrailing());
        line = new StringBuilder(below);
        isFirst = true;
      }
      line.append(isFirst ? "" : " ").append(word);
      isFirst = false;
    }
    out.println(line.toString().stripTrailing());
  }

  private static String counts(Map<String, Long> counts) {
    return counts.entrySet().stream()
        .map(entry -> entry.getKey() + " " + entry.getValue())
        .collect(joined());
  }

  private static String score(@Nullable Double score) {
    return score == null ? "-" : String.format(Locale.ROOT, "%.0f", Math.floor(score));
  }

  private static String count(long count, String what) {
    return String.format(Locale.ROOT, "%,d %s%s", count, what, count == 1 ? "" : "s");
  }

  private static String cut(String text, int length) {
    return text.length() <= length ? text : text.substring(0, length - 3) + "...";
  }
}
