package dev.tributary.normalize.core;

import dev.tributary.normalize.core.Findings.Finding;
import dev.tributary.normalize.core.NormalizeResult.Normalized;
import dev.tributary.normalize.core.NormalizeResult.RejectedSpan;
import dev.tributary.schemas.GenAiAttributes;
import dev.tributary.schemas.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Turns OTLP spans into normalised spans and their content. A pure function of batch, context and
 * rules: every span is normalised or rejected, none is dropped, and nothing is thrown for what a
 * payload holds. Not safe for use by several threads.
 */
public final class Normalizer {
  private final NormalizeRules rules;
  private final Pseudonyms pseudonyms;
  private final Findings findings;
  private final Coercion coercion;

  /**
   * A normaliser.
   *
   * @param findings takes notice of what is not in the results
   */
  public Normalizer(NormalizeRules rules, Pseudonyms pseudonyms, Findings findings) {
    this.rules = rules;
    this.pseudonyms = pseudonyms;
    this.findings = findings;
    this.coercion = new Coercion(findings);
  }

  /** One result per span of the batch, in the batch's order. */
  public List<NormalizeResult> normalize(OtlpBatch batch, NormalizeContext context) {
    List<NormalizeResult> results = new ArrayList<>(batch.spanCount());
    normalize(batch, context, results::add);
    return results;
  }

  /** The same without collecting the results. */
  public void normalize(
      OtlpBatch batch, NormalizeContext context, Consumer<NormalizeResult> results) {
    int index = 0;
    for (OtlpBatch.Group group : batch.groups()) {
      Origin origin = null;
      for (OtlpSpan span : group.spans()) {
        origin = origin == null ? origin(group) : origin;
        results.accept(normalize(index++, span, origin, context));
      }
    }
  }

  private NormalizeResult normalize(
      int index, OtlpSpan span, Origin origin, NormalizeContext context) {
    SpanChecks.Problem problem = SpanChecks.of(span, rules.times(), context.nowUs());
    if (problem != null) {
      return rejected(index, span, origin, problem);
    }
    SpanAssembly assembly =
        new SpanAssembly(span, origin, context, rules, pseudonyms, coercion, findings);
    Normalized normalized = assembly.assemble(index);
    String error = normalized.span().getUsageError();
    if (error != null) {
      findings.note(Finding.USAGE_REFUSED, error);
    }
    return normalized;
  }

  private static RejectedSpan rejected(
      int index, OtlpSpan span, Origin origin, SpanChecks.Problem problem) {
    long time = span.endNanos() > 0 ? span.endNanos() : span.startNanos();
    return new RejectedSpan(
        index,
        problem.reason(),
        problem.detail(),
        usable(span.traceId()),
        usable(span.spanId()),
        time > 0 ? Long.valueOf(time / 1_000) : null,
        origin.serviceName());
  }

  /** An id as stated, where it is an id at all and not some text. */
  private static @Nullable String usable(String id) {
    return !id.isEmpty() && id.length() <= 64 && SpanChecks.isHex(id) ? id : null;
  }

  /** What all spans of a group share, read once. */
  record Origin(
      @Nullable String serviceName,
      @Nullable String serviceNamespace,
      @Nullable String serviceVersion,
      @Nullable String scopeName,
      @Nullable String scopeVersion,
      @Nullable Dialect dialect,
      List<ScopeRule> scopeRules,
      Tags tags) {}

  private Origin origin(OtlpBatch.Group group) {
    Attributes resource = group.resource();
    TagReader tags = TagReader.onResource(rules.tags(), resource, coercion);
    tags.otherwise("environment", resource(resource, GenAiAttributes.DEPLOYMENT_ENVIRONMENT_NAME));
    tags.otherwise("environment", resource(resource, GenAiAttributes.DEPLOYMENT_ENVIRONMENT));
    List<ScopeRule> covering = new ArrayList<>(1);
    for (ScopeRule rule : rules.scopes()) {
      if (rule.covers(group.scopeName(), group.scopeVersion())) {
        covering.add(rule);
      }
    }
    return new Origin(
        resource(resource, GenAiAttributes.SERVICE_NAME),
        resource(resource, GenAiAttributes.SERVICE_NAMESPACE),
        resource(resource, GenAiAttributes.SERVICE_VERSION),
        coercion.identifier("scope.name", group.scopeName()),
        coercion.identifier("scope.version", group.scopeVersion()),
        Dialects.ofScope(group.scopeName()),
        covering,
        tags.tags());
  }

  private @Nullable String resource(Attributes resource, String attribute) {
    return coercion.identifier(attribute, resource.find(attribute));
  }
}
