package dev.tributary.standalone.lint;

import dev.tributary.normalize.core.Findings.Finding;
import dev.tributary.schemas.Span;
import dev.tributary.schemas.SpanKind;
import dev.tributary.schemas.TokenUsage;
import java.util.function.Predicate;

/** A field of the normalised span: the spans that should have it, and those that do. */
@SuppressWarnings("ImmutableEnumChecker") // the predicates capture nothing
enum Field {
  SERVICE_NAME("service.name", any -> true, LintedSpan::hasService),
  END("end time", any -> true, span -> span.span().getHasEnd()),
  PROVIDER("provider", LintedSpan::isCall, span -> span.span().getProvider() != null),
  MODEL_REQUESTED(
      "model requested", LintedSpan::isCall, span -> span.span().getModelRequested() != null),
  MODEL_RETURNED("model returned", Field::isAnswered, Field::hasModelReturned),
  RESPONSE_ID("response id", Field::isAnswered, span -> span.span().getResponseId() != null),
  INPUT_TOKENS("input tokens", Field::isAnswered, Field::hasInput),
  CACHE_READ_TOKENS("cache read tokens", Field::isAnswered, Field::hasCacheRead),
  OUTPUT_TOKENS("output tokens", Field::isAnsweredChat, Field::hasOutput),
  REASONING_TOKENS("reasoning tokens", Field::isAnsweredChat, Field::hasReasoning),
  FINISH_REASONS(
      "finish reasons",
      Field::isAnsweredChat,
      span -> !span.span().getFinishReasonsRaw().isEmpty()),
  TIME_TO_FIRST_TOKEN(
      "time to first token",
      span -> isAnsweredChat(span) && Boolean.TRUE.equals(span.span().getStream()),
      span -> span.span().getTtftUs() != null),
  SESSION("session", LintedSpan::isCall, LintedSpan::hasSession),
  USER("user", LintedSpan::isCall, Field::hasUser),
  ERROR_TYPE(
      "error type",
      span -> span.isCall() && span.hasFailed(),
      span -> span.span().getErrorType() != null),
  HTTP_STATUS(
      "HTTP status",
      span -> span.isCall() && span.hasFailed(),
      span -> span.span().getHttpStatus() != null),
  TOOL_NAME("tool name", Field::isTool, span -> span.span().getToolName() != null),
  TOOL_ARGUMENTS("tool arguments", Field::isTool, span -> span.span().getToolArgsHash() != null),
  RETRIEVAL_SOURCE(
      "retrieval source",
      span -> span.span().getRetrieval() != null,
      span -> span.span().getRetrieval().getSource() != null),
  RETRIEVAL_HITS(
      "retrieval hits",
      span -> span.span().getRetrieval() != null,
      span -> span.span().getRetrieval().getHits() != null);

  private final String label;
  private final Predicate<LintedSpan> concerns;
  private final Predicate<LintedSpan> isThere;

  Field(String label, Predicate<LintedSpan> concerns, Predicate<LintedSpan> isThere) {
    this.label = label;
    this.concerns = concerns;
    this.isThere = isThere;
  }

  String label() {
    return label;
  }

  /** Whether a span should have it. */
  boolean concerns(LintedSpan span) {
    return concerns.test(span);
  }

  /** Whether a span has it. */
  boolean isThere(LintedSpan span) {
    return isThere.test(span);
  }

  /** A call that came back with an answer. */
  static boolean isAnswered(LintedSpan span) {
    return span.isCall() && !span.hasFailed();
  }

  /** An answered call of a model that writes, unlike an embedding or a ranking. */
  static boolean isAnsweredChat(LintedSpan span) {
    return isAnswered(span)
        && span.span().getKind() != SpanKind.EMBEDDING
        && span.span().getKind() != SpanKind.RERANK;
  }

  private static boolean isTool(LintedSpan span) {
    return span.span().getKind() == SpanKind.TOOL;
  }

  private static boolean hasModelReturned(LintedSpan span) {
    return span.span().getModelReturned() != null;
  }

  private static boolean hasUser(LintedSpan span) {
    return span.span().getUserHash() != null
        || span.met().stream().anyMatch(met -> met.finding() == Finding.USER_WITHOUT_SECRET);
  }

  private static boolean hasInput(LintedSpan linted) {
    TokenUsage usage = usage(linted.span());
    return usage.getInputUncached() != null || usage.getCacheRead() != null;
  }

  private static boolean hasCacheRead(LintedSpan linted) {
    return usage(linted.span()).getCacheRead() != null;
  }

  private static boolean hasOutput(LintedSpan linted) {
    return usage(linted.span()).getOutputText() != null;
  }

  private static boolean hasReasoning(LintedSpan linted) {
    return usage(linted.span()).getReasoning() != null;
  }

  private static TokenUsage usage(Span span) {
    TokenUsage usage = span.getUsage();
    return usage == null ? NO_USAGE : usage;
  }

  private static final TokenUsage NO_USAGE = new TokenUsage();
}
