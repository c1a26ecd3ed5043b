package dev.tributary.normalize.core;

import dev.tributary.normalize.core.Findings.Finding;
import dev.tributary.normalize.core.NormalizeResult.Normalized;
import dev.tributary.normalize.core.NormalizeResult.RejectedSpan;
import dev.tributary.schemas.FinishReason;
import dev.tributary.schemas.Span;
import dev.tributary.schemas.SpanKind;
import dev.tributary.schemas.SpanLink;
import dev.tributary.schemas.SpanStatus;
import dev.tributary.schemas.Tags;
import dev.tributary.schemas.TokenUsage;
import dev.tributary.schemas.UsageQuality;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * Takes in spans that producers write in our own schema: the same checks of ids, times and counts
 * as for OTLP, and nothing but names in text fields. Not safe for use by several threads.
 */
public final class AvroIntake {
  /** Dialect of such spans. */
  static final String DIALECT = "avro";

  private static final int MAX_ENTRIES = 64;

  private final TimeBounds bounds;
  private final Pseudonyms pseudonyms;
  private final Findings findings;
  private final Coercion coercion;
  private final NameRedaction names;

  /** An intake. */
  public AvroIntake(NormalizeRules rules, Pseudonyms pseudonyms, Findings findings) {
    this.bounds = rules.times();
    this.pseudonyms = pseudonyms;
    this.findings = findings;
    this.coercion = new Coercion(findings);
    this.names = new NameRedaction(rules.privacy().redactor(), pseudonyms);
  }

  /**
   * The span, cleaned in place, or why it is refused.
   *
   * @param span a record that nobody else holds
   */
  public NormalizeResult take(Span span, NormalizeContext context) {
    span.setTraceId(span.getTraceId().toLowerCase(Locale.ROOT));
    span.setSpanId(span.getSpanId().toLowerCase(Locale.ROOT));
    String parent = span.getParentSpanId();
    span.setParentSpanId(
        parent == null || SpanChecks.isZero(parent) ? null : parent.toLowerCase(Locale.ROOT));
    SpanChecks.Problem problem = problem(span, context);
    if (problem != null) {
      return new RejectedSpan(
          0,
          problem.reason(),
          problem.detail(),
          SpanChecks.isTraceId(span.getTraceId()) ? span.getTraceId() : null,
          SpanChecks.isSpanId(span.getSpanId()) ? span.getSpanId() : null,
          span.getEndTimeUs(),
          coercion.identifier("service_name", span.getServiceName()));
    }
    clean(span, context);
    return new Normalized(0, span, null);
  }

  private SpanChecks.@Nullable Problem problem(Span span, NormalizeContext context) {
    String parent = span.getParentSpanId();
    SpanChecks.Problem problem =
        SpanChecks.ids(span.getTraceId(), span.getSpanId(), parent == null ? "" : parent);
    if (problem != null) {
      return problem;
    }
    Long end = span.getHasEnd() ? Long.valueOf(span.getEndTimeUs()) : null;
    return SpanChecks.timesUs(span.getStartTimeUs(), end, bounds, context.nowUs());
  }

  private void clean(Span span, NormalizeContext context) {
    String userId = coercion.identifier("user_hash", span.getUserHash());
    boolean hasErrorType = span.getErrorType() != null;
    keepNames(span);
    if (span.getRetrieval() != null) {
      keepNames(span.getRetrieval());
    }
    if (!CallFacts.isProbability(span.getSamplingProbability())) {
      span.setSamplingProbability(null);
    }
    span.setTenant(context.tenant());
    span.setDialect(DIALECT);
    span.setContentRef(null);
    if (!span.getHasEnd()) {
      span.setEndTimeUs(span.getStartTimeUs());
    }
    span.setUserHash(
        userId == null || CallFacts.isJunkSession(userId)
            ? null
            : pseudonyms.user(context.tenant(), userId));
    String session = span.getSessionId();
    span.setSessionId(session == null || CallFacts.isJunkSession(session) ? null : session);
    span.setErrorType(coercion.word("error_type", span.getErrorType()));
    span.setOperation(coercion.word("operation", span.getOperation()));
    if (hasErrorType) {
      span.setStatus(SpanStatus.ERROR);
    }
    span.setTags(tags(span.getTags()));
    span.setResourceTags(tags(span.getResourceTags()));
    span.setLinks(links(span.getLinks()));
    reasons(span);
    span.setUnknownAttributes(List.of());
    span.setRawUsage(counts(span.getRawUsage()));
    names
        .redact(span, context.tenant())
        .keySet()
        .forEach(kind -> findings.note(Finding.REDACTED, kind));
    checkUsage(span);
  }

  /** Every optional text field holds a name, or nothing. */
  private void keepNames(SpecificRecord record) {
    for (Schema.Field field : record.getSchema().getFields()) {
      if (field.schema().getType() == Schema.Type.UNION
          && record.get(field.pos()) instanceof String text) {
        record.put(field.pos(), coercion.identifier(field.name(), text));
      }
    }
  }

  private Tags tags(Tags tags) {
    keepNames(tags);
    Map<String, String> custom = new LinkedHashMap<>();
    tags.getCustom()
        .forEach(
            (name, value) -> {
              String kept = coercion.identifier("custom", value);
              if (kept != null
                  && custom.size() < TagMapping.MAX_CUSTOM
                  && Coercion.isWord(name, Coercion.MAX_WORD)) {
                custom.put(name, kept);
              }
            });
    tags.setCustom(custom);
    return tags;
  }

  private static List<SpanLink> links(List<SpanLink> links) {
    return links.stream()
        .map(
            link ->
                new SpanLink(
                    link.getTraceId().toLowerCase(Locale.ROOT),
                    link.getSpanId().toLowerCase(Locale.ROOT)))
        .filter(
            link ->
                SpanChecks.isTraceId(link.getTraceId()) && SpanChecks.isSpanId(link.getSpanId()))
        .limit(MAX_ENTRIES)
        .toList();
  }

  private static void reasons(Span span) {
    List<FinishReason> normalised = new ArrayList<>(span.getFinishReasons());
    List<String> raw = new ArrayList<>();
    for (String reason : span.getFinishReasonsRaw()) {
      if (Coercion.isWord(reason, Coercion.MAX_WORD) && raw.size() < MAX_ENTRIES) {
        raw.add(reason);
      }
    }
    span.setFinishReasons(
        normalised.isEmpty() && !raw.isEmpty() ? FinishReasons.ofWords(raw) : normalised);
    span.setFinishReasonsRaw(raw);
  }

  private static Map<String, Long> counts(Map<String, Long> raw) {
    Map<String, Long> kept = new LinkedHashMap<>();
    raw.forEach(
        (name, count) -> {
          if (kept.size() < MAX_ENTRIES && Coercion.isWord(name, Coercion.MAX_WORD * 2)) {
            kept.put(name, count);
          }
        });
    return kept;
  }

  private void checkUsage(Span span) {
    TokenUsage usage = span.getUsage();
    span.setUsageError(null);
    if (usage == null) {
      span.setUsageQuality(UsageQuality.MISSING);
      return;
    }
    UsageError error = Units.of(usage.getUnits()).error();
    for (Schema.Field field : usage.getSchema().getFields()) {
      if (usage.get(field.pos()) instanceof Long count) {
        error =
            count < 0
                ? UsageError.NEGATIVE_COUNT
                : count > TokenCounts.ABSURD ? UsageError.ABSURD_COUNT : error;
      }
    }
    if (error != null) {
      span.setUsage(null);
      span.setUsageQuality(UsageQuality.MISSING);
      span.setUsageError(error.name());
      findings.note(Finding.USAGE_REFUSED, error.name());
    } else if (span.getUsageQuality() == UsageQuality.MISSING) {
      span.setUsageQuality(UsageQuality.REPORTED);
    }
    if (span.getKind() == SpanKind.OTHER && span.getUsage() != null) {
      findings.note(Finding.UNKNOWN_KIND, DIALECT);
    }
  }
}
