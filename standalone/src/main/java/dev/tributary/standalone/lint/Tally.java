package dev.tributary.standalone.lint;

import dev.tributary.normalize.core.Findings.Finding;
import dev.tributary.schemas.FinishReason;
import dev.tributary.schemas.Provenance;
import dev.tributary.schemas.Span;
import dev.tributary.schemas.TokenUsage;
import dev.tributary.schemas.UsageConvention;
import dev.tributary.schemas.UsageQuality;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What was counted over the spans of one instrumentation of one service. */
final class Tally {
  /** The tags that lint asks for, and the check each belongs to. */
  static final Map<String, Check> TAGS = tags();

  /** Stands for the place of a tag that nobody states. */
  static final String MISSING = "missing";

  /** Clocks of one machine differ by less; a span that starts earlier has another clock. */
  static final long CLOCK_TOLERANCE_US = 10_000;

  long spans;
  long calls;
  long failedCalls;
  long sampled;

  /** Answered calls whose stated usage was refused; {@link #usageErrors} counts all spans. */
  long answeredRefused;

  /** Answered calls with output tokens and no input tokens. */
  long withoutInput;

  /** Answered calls with input tokens and no output tokens. */
  long withoutOutput;

  /** Spans that came again under their id, with other contents. */
  long changed;

  long maxSkewUs;
  final Map<Check, Count> checks = new EnumMap<>(Check.class);
  final Map<Field, Count> fields = new EnumMap<>(Field.class);
  final Map<String, Long> dialects = new TreeMap<>();
  final Map<String, Long> kinds = new TreeMap<>();
  final Map<String, Map<String, Long>> tags = new TreeMap<>();
  final Map<UsageQuality, Long> quality = new EnumMap<>(UsageQuality.class);
  final Map<Convention, Long> conventions = new EnumMap<>(Convention.class);
  final Map<String, Long> usageErrors = new TreeMap<>();
  final Map<String, Long> unknownFinishReasons = new TreeMap<>();
  final Map<String, Long> unknownAttributes = new TreeMap<>();
  final Map<String, Long> unreadableAttributes = new TreeMap<>();
  final Map<String, Long> unknownProviders = new TreeMap<>();
  final Map<String, Long> rejected = new TreeMap<>();

  private static Map<String, Check> tags() {
    Map<String, Check> tags = new LinkedHashMap<>();
    tags.put("feature", Check.FEATURE);
    tags.put("team", Check.TEAM);
    tags.put("workspace", Check.WORKSPACE);
    tags.put("environment", Check.ENVIRONMENT);
    tags.put("prompt_version", Check.PROMPT_VERSION);
    return Collections.unmodifiableMap(tags);
  }

  void add(LintedSpan linted) {
    Span span = linted.span();
    spans++;
    count(dialects, span.getDialect());
    count(kinds, word(span.getKind()));
    check(Check.ACCEPTED).add(true);
    check(Check.SERVICE).add(linted.hasService());
    for (Field field : Field.values()) {
      if (field.concerns(linted)) {
        fields.computeIfAbsent(field, f -> new Count()).add(field.isThere(linted));
      }
    }
    span.getUnknownAttributes().forEach(name -> count(unknownAttributes, name));
    if (span.getUsageError() != null) {
      count(usageErrors, span.getUsageError());
    }
    if (span.getSamplingProbability() != null && span.getSamplingProbability() < 1) {
      sampled++;
    }
    addPlace(linted);
    linted
        .met()
        .forEach(
            met -> {
              if (met.finding() == Finding.COERCION_FAILED) {
                count(unreadableAttributes, met.subject());
              }
            });
    if (linted.isCall()) {
      addCall(linted);
    }
  }

  private void addPlace(LintedSpan linted) {
    boolean isOrphan = linted.parent().isStated() && linted.parent().startUs() == null;
    check(Check.PARENT).add(!isOrphan);
    if (linted.parent().startUs() != null) {
      long skew = linted.aheadOfParentUs();
      check(Check.CLOCK).add(skew <= CLOCK_TOLERANCE_US);
      maxSkewUs = Math.max(maxSkewUs, skew);
    }
  }

  private void addCall(LintedSpan linted) {
    Span span = linted.span();
    calls++;
    check(Check.PROVIDER).add(span.getProvider() != null);
    String provider = span.getProvider();
    boolean isUnknown =
        linted.met().stream().anyMatch(met -> met.finding() == Finding.UNKNOWN_PROVIDER);
    if (isUnknown && provider != null) {
      count(unknownProviders, provider);
    }
    TAGS.forEach((tag, check) -> addTag(tag, check, linted.tags().get(tag)));
    if (linted.hasFailed()) {
      failedCalls++;
      check(Check.ERROR_TYPE).add(span.getErrorType() != null || span.getHttpStatus() != null);
      return;
    }
    UsageQuality usage = span.getUsageQuality();
    quality.merge(usage, 1L, Long::sum);
    answeredRefused += span.getUsageError() == null ? 0 : 1;
    boolean isReported = usage == UsageQuality.REPORTED || usage == UsageQuality.DERIVED;
    Half half = Half.of(linted);
    withoutInput += isReported && half == Half.OUTPUT_ONLY ? 1 : 0;
    withoutOutput += isReported && half == Half.INPUT_ONLY ? 1 : 0;
    check(Check.USAGE).add(isReported && half == Half.NONE);
    check(Check.MODEL).add(span.getModelReturned() != null);
    if (Field.isAnsweredChat(linted)) {
      check(Check.FINISH_REASON).add(!span.getFinishReasonsRaw().isEmpty());
    }
    for (int i = 0; i < span.getFinishReasons().size(); i++) {
      if (span.getFinishReasons().get(i) == FinishReason.UNKNOWN
          && i < span.getFinishReasonsRaw().size()) {
        count(unknownFinishReasons, span.getFinishReasonsRaw().get(i));
      }
    }
    if (span.getUsage() != null) {
      conventions.merge(Convention.of(span), 1L, Long::sum);
    }
  }

  private void addTag(String tag, Check check, @Nullable Provenance provenance) {
    check(check).add(provenance != null && provenance != Provenance.RULE);
    count(
        tags.computeIfAbsent(tag, t -> new TreeMap<>()),
        provenance == null ? MISSING : word(provenance));
  }

  /** Counts a refused span. */
  void addRejected(String reason, long count) {
    rejected.merge(reason, count, Long::sum);
    check(Check.ACCEPTED).addFailed(count);
  }

  /** Counts a call: whether it was recorded once, or is one of several records of one call. */
  void addOnce(boolean isOnce) {
    check(Check.ONCE).add(isOnce);
  }

  /** Adds everything another one counted. */
  void add(Tally other) {
    spans += other.spans;
    calls += other.calls;
    failedCalls += other.failedCalls;
    sampled += other.sampled;
    maxSkewUs = Math.max(maxSkewUs, other.maxSkewUs);
    other.checks.forEach((check, count) -> check(check).add(count));
    other.fields.forEach(
        (field, count) -> fields.computeIfAbsent(field, f -> new Count()).add(count));
    other.rejected.forEach((reason, count) -> rejected.merge(reason, count, Long::sum));
  }

  /** The count of a check. */
  Count check(Check check) {
    return checks.computeIfAbsent(check, c -> new Count());
  }

  /** The dialect most spans are in. */
  String dialect() {
    return dialects.entrySet().stream()
        .max(Map.Entry.comparingByValue())
        .map(Map.Entry::getKey)
        .orElse("unknown");
  }

  static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static void count(Map<String, Long> counts, String name) {
    counts.merge(name, 1L, Long::sum);
  }

  /** How cached input was counted, and how that was decided. */
  enum Convention {
    /** The payload lists disjoint parts. */
    PARTITION("partition", "the payload lists disjoint parts"),
    /** More cached input than input: it stands beside it. */
    EXCLUSIVE_PROVEN("exclusive", "proven: more cached input than input"),
    /** Known of the instrumentation. */
    EXCLUSIVE_KNOWN("exclusive", "known of this instrumentation"),
    /** Known of the instrumentation. */
    INCLUSIVE_KNOWN("inclusive", "known of this instrumentation"),
    /** Nothing proves it, and it makes no difference. */
    ASSUMED_WITHOUT_CACHE("inclusive", "assumed; no cached input, so nothing depends on it"),
    /** Nothing proves it. */
    ASSUMED("inclusive", "assumed: nothing proves it, and there is cached input");

    private final String label;
    private final String decision;

    Convention(String label, String decision) {
      this.label = label;
      this.decision = decision;
    }

    String label() {
      return label;
    }

    String decision() {
      return decision;
    }

    static Convention of(Span span) {
      UsageConvention convention = span.getUsageConvention();
      TokenUsage usage = span.getUsage();
      long cached =
          tokens(usage.getCacheRead())
              + tokens(usage.getCacheWrite5m())
              + tokens(usage.getCacheWrite1h());
      return switch (convention) {
        case PARTITION -> PARTITION;
        case INCLUSIVE -> INCLUSIVE_KNOWN;
        // Beside the input, the input is what no cache served.
        case EXCLUSIVE ->
            cached > tokens(usage.getInputUncached()) ? EXCLUSIVE_PROVEN : EXCLUSIVE_KNOWN;
        case ASSUMED -> cached > 0 ? ASSUMED : ASSUMED_WITHOUT_CACHE;
      };
    }

    private static long tokens(@Nullable Long count) {
      return count == null ? 0 : count;
    }
  }
}
