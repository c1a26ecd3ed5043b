package dev.tributary.standalone.lint;

import dev.tributary.schemas.UsageQuality;
import dev.tributary.standalone.lint.LintFinding.Severity;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Judges what was counted: a pure function of a tally. */
final class Rules {
  /**
   * Where at least this share of the cases is without it, the numbers of a service are not usable.
   */
  private static final double TOO_MANY = 0.1;

  /** Why an instance refuses a span whose clock, or whose unit of time, is another. */
  private static final Set<String> OF_ANOTHER_TIME =
      Set.of("TIMESTAMP_TOO_OLD", "TIMESTAMP_IN_FUTURE");

  private final Tally tally;
  private final String dialect;
  private final List<LintFinding> findings = new ArrayList<>();

  private Rules(Tally tally) {
    this.tally = tally;
    this.dialect = tally.dialect();
  }

  /** Findings of one instrumentation, the worst first. */
  static List<LintFinding> of(ScopeId id, Tally tally) {
    Rules rules = new Rules(tally);
    rules.intake(id);
    rules.usage();
    rules.call();
    rules.tags();
    rules.structure();
    rules.notes(id);
    rules.findings.sort(
        Comparator.comparing(LintFinding::severity)
            .thenComparing(LintFinding::points, Comparator.reverseOrder()));
    return List.copyOf(rules.findings);
  }

  private void intake(ScopeId id) {
    refused();
    checked(
        Check.SERVICE,
        Severity.WARNING,
        "no_service",
        id.service() == null
            ? "spans without service.name"
            : "spans whose service.name is what an SDK says that was given none",
        "Coverage, ownership rules and deploys go by the service.",
        Remedies.service());
    if (tally.changed > 0) {
      add(
          Severity.WARNING,
          "changed_spans",
          "spans that came again under their id with other contents",
          tally.changed,
          tally.spans + tally.changed,
          "One of them counts, the others are as if they had never been sent.",
          List.of(Remedy.line("a span id of its own for every span, and every span sent once")));
    }
    if (!tally.unreadableAttributes.isEmpty()) {
      add(
          Severity.WARNING,
          "unreadable_values",
          "values that are not what their name says: " + list(tally.unreadableAttributes),
          sum(tally.unreadableAttributes),
          tally.spans,
          "They were left out. A number must be a number, a name one short line.",
          List.of());
    }
  }

  private void refused() {
    Map<String, Long> others = new TreeMap<>(tally.rejected);
    long ofAnotherTime =
        OF_ANOTHER_TIME.stream()
            .mapToLong(reason -> Objects.requireNonNullElse(others.remove(reason), 0L))
            .sum();
    Count accepted = tally.check(Check.ACCEPTED);
    double lost = Score.lost(tally, Check.ACCEPTED) / Math.max(1, accepted.failed());
    if (ofAnotherTime > 0) {
      findings.add(
          new LintFinding(
              Severity.ERROR,
              "wrong_times",
              "spans of another time than the one they were sent at",
              ofAnotherTime,
              accepted.of(),
              lost * ofAnotherTime,
              "They are refused and never booked. Most often their times are no nanoseconds.",
              Remedies.times()));
    }
    if (!others.isEmpty()) {
      findings.add(
          new LintFinding(
              Severity.ERROR,
              "spans_refused",
              "spans refused: " + list(others),
              sum(others),
              accepted.of(),
              lost * sum(others),
              "A refused span is kept with its reason and never booked.",
              List.of(
                  Remedy.line(
                      "ids of 16 and 8 bytes; times in nanoseconds, the end after the start"))));
    }
  }

  private void usage() {
    if (!tally.usageErrors.isEmpty()) {
      add(
          Severity.ERROR,
          "invalid_usage",
          "spans whose token counts contradict each other: " + list(tally.usageErrors),
          sum(tally.usageErrors),
          tally.spans,
          "Their usage is refused and their cost is unknown: parts may not exceed their whole.",
          Remedies.usage(dialect));
    }
    Count usage = tally.check(Check.USAGE);
    double lost = usage.of() == 0 ? 0 : Score.lost(tally, Check.USAGE);
    missingUsage(usage, lost);
    guessedUsage(usage, lost);
  }

  private void missingUsage(Count usage, double lost) {
    long answered = usage.of();
    long missing = tally.quality.getOrDefault(UsageQuality.MISSING, 0L) - tally.answeredRefused;
    if (missing > 0) {
      findings.add(
          new LintFinding(
              missing >= TOO_MANY * answered ? Severity.ERROR : Severity.WARNING,
              "no_usage",
              "answered calls without token counts",
              missing,
              answered,
              lost * missing / usage.failed(),
              "Their cost is unknown. Streams carry usage only where the request asks for it.",
              Remedies.usage(dialect)));
    }
    long half = tally.withoutInput + tally.withoutOutput;
    if (half > 0) {
      findings.add(
          new LintFinding(
              half >= TOO_MANY * answered ? Severity.ERROR : Severity.WARNING,
              "half_usage",
              "answered calls with half a usage: "
                  + tally.withoutOutput
                  + " without output tokens, "
                  + tally.withoutInput
                  + " without input tokens",
              half,
              answered,
              lost * half / usage.failed(),
              "The half that is missing is not in their cost, which is too low.",
              Remedies.halfUsage(dialect, tally.withoutInput > 0, tally.withoutOutput > 0)));
    }
  }

  private void guessedUsage(Count usage, double lost) {
    long estimated = tally.quality.getOrDefault(UsageQuality.ESTIMATED, 0L);
    if (estimated > 0) {
      findings.add(
          new LintFinding(
              Severity.WARNING,
              "estimated_usage",
              "calls whose tokens the instrumentation counted by itself",
              estimated,
              usage.of(),
              lost * estimated / usage.failed(),
              "An estimate is booked as such and kept apart from what the provider reported.",
              Remedies.usage(dialect)));
    }
    long assumed = tally.conventions.getOrDefault(Tally.Convention.ASSUMED, 0L);
    if (assumed > 0) {
      add(
          Severity.WARNING,
          "assumed_convention",
          "calls with cached input where nothing says whether the input includes it",
          assumed,
          usage.of(),
          "Taken as included, which is the convention. If it is not, cost is too low.",
          List.of(
              Remedy.line(
                  "ask the platform team for a row in scopes.yaml: scope, convention, source")));
    }
  }

  private void call() {
    checked(
        Check.MODEL,
        severity(Check.MODEL),
        "no_model",
        "answered calls that do not say which model answered",
        "Without it the requested model is priced, which an alias or a fallback makes wrong.",
        Remedies.model());
    checked(
        Check.PROVIDER,
        Severity.WARNING,
        "no_provider",
        "calls without a provider",
        "Who bills the call is guessed from the model's name, or unknown.",
        Remedies.provider());
    checked(
        Check.FINISH_REASON,
        Severity.WARNING,
        "no_finish_reason",
        "answered calls that do not say why they ended",
        "Cut answers, refusals and filtered answers cannot be told from good ones.",
        Remedies.finishReason());
    checked(
        Check.ERROR_TYPE,
        Severity.WARNING,
        "no_error_type",
        "failed calls without error type and HTTP status",
        "Rate limits, timeouts and bad requests look the same.",
        Remedies.errorType());
    if (!tally.unknownFinishReasons.isEmpty()) {
      add(
          Severity.NOTE,
          "unknown_finish_reasons",
          "finish reasons nobody knows: " + list(tally.unknownFinishReasons),
          sum(tally.unknownFinishReasons),
          tally.calls,
          "They are kept as written and counted as unknown.",
          List.of());
    }
    if (!tally.unknownProviders.isEmpty()) {
      add(
          Severity.NOTE,
          "unknown_providers",
          "providers nobody knows: " + list(tally.unknownProviders),
          sum(tally.unknownProviders),
          tally.calls,
          "A price is found only where a rate card names them.",
          List.of());
    }
  }

  private void tags() {
    Tally.TAGS.forEach(
        (tag, check) -> {
          Severity severity =
              switch (check) {
                case FEATURE -> severity(check);
                case PROMPT_VERSION -> Severity.NOTE;
                default -> Severity.WARNING;
              };
          long byRule = tally.tags.getOrDefault(tag, Map.of()).getOrDefault("rule", 0L);
          checked(
              check,
              severity,
              "no_" + tag,
              "calls that do not say their "
                  + tag.replace('_', ' ')
                  + (byRule == 0 ? "" : " (" + byRule + " by an ownership rule)"),
              why(check),
              Remedies.tag(tag, dialect));
        });
    Count session = tally.fields.get(Field.SESSION);
    if (session != null && session.failed() > 0) {
      add(
          Severity.NOTE,
          "no_session",
          "calls of no session",
          session.failed(),
          session.of(),
          "Cost per conversation and its turns need one. One-shot work has none.",
          Remedies.session(dialect));
    }
  }

  private static String why(Check check) {
    return switch (check) {
      case FEATURE -> "Nobody can say what the money was for. Once on the root span is enough.";
      case TEAM -> "Alerts and budgets go to the team, unless the ownership table knows it.";
      case WORKSPACE -> "Cost per customer or workspace cannot be shown.";
      case ENVIRONMENT -> "Production and tests are one sum.";
      default -> "A change of prompt cannot be held against what it changed.";
    };
  }

  private void structure() {
    checked(
        Check.PARENT,
        Severity.WARNING,
        "orphans",
        "spans whose parent never came",
        "They hang below the root or stand alone, and inherit no tags from what is missing.",
        List.of(Remedy.line("propagation.inject(context.active(), request.headers)")));
    checked(
        Check.CLOCK,
        Severity.WARNING,
        "clock_skew",
        String.format(
            Locale.ROOT,
            "spans that start before their parent, up to %.1f s",
            tally.maxSkewUs / 1_000_000.0),
        "Critical path and gaps are wrong by as much.",
        List.of(Remedy.line("keep the clocks of both hosts in step (NTP)")));
    checked(
        Check.ONCE,
        Severity.WARNING,
        "double_reported",
        "records of a call that an earlier span recorded already (same response id)",
        "Inside a trace one of them is counted; across traces both are.",
        List.of(Remedy.line("leave on one instrumentation of the same client")));
  }

  private void notes(ScopeId id) {
    if (tally.sampled > 0) {
      add(
          Severity.NOTE,
          "sampled",
          "spans of traces that a sampler chose",
          tally.sampled,
          tally.spans,
          "The ledger never scales: what was not sent is not counted.",
          List.of(Remedy.line("OTEL_TRACES_SAMPLER=parentbased_always_on")));
    }
    if (!tally.unknownAttributes.isEmpty()) {
      add(
          Severity.NOTE,
          "unknown_attributes",
          "attributes no dialect knows: " + list(tally.unknownAttributes),
          Collections.max(tally.unknownAttributes.values()),
          tally.spans,
          "Their values are kept with the content, for days. One that is a tag can be named as one.",
          List.of(Remedy.line("tributary.normalize.tags.<tag>=<attribute>   # setting")));
    }
    for (String gap : KnownGaps.of(id)) {
      add(Severity.NOTE, "known_gap", "known of this instrumentation", 0, 0, gap, List.of());
    }
  }

  private Severity severity(Check check) {
    return tally.check(check).hasFailed(TOO_MANY) ? Severity.ERROR : Severity.WARNING;
  }

  /** A finding for the failed cases of a check, if there are any. */
  private void checked(
      Check check, Severity severity, String code, String what, String why, List<Remedy> remedies) {
    Count count = tally.check(check);
    if (count.failed() > 0) {
      findings.add(
          new LintFinding(
              severity,
              code,
              what,
              count.failed(),
              count.of(),
              Score.lost(tally, check),
              why,
              remedies));
    }
  }

  private void add(
      Severity severity,
      String code,
      String what,
      long affected,
      long of,
      String why,
      List<Remedy> remedies) {
    findings.add(new LintFinding(severity, code, what, affected, of, 0, why, remedies));
  }

  private static long sum(Map<String, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  /** The most frequent five, by frequency. */
  private static String list(Map<String, Long> counts) {
    String most =
        counts.entrySet().stream()
            .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
            .limit(5)
            .map(entry -> entry.getKey() + " " + entry.getValue())
            .collect(Collectors.joining(", "));
    return counts.size() <= 5 ? most : most + " and " + (counts.size() - 5) + " more";
  }
}
