package dev.tributary.normalize.core;

import dev.tributary.normalize.core.NormalizeResult.RejectedSpan;
import dev.tributary.schemas.EvalResult;
import dev.tributary.schemas.EvaluationAttributes;
import dev.tributary.schemas.GenAiAttributes;
import dev.tributary.schemas.Score;
import dev.tributary.schemas.ScoreDirection;
import dev.tributary.schemas.ScoreSource;
import dev.tributary.schemas.ScoreStatus;
import dev.tributary.schemas.SpanContent;
import dev.tributary.schemas.SpanKind;
import dev.tributary.schemas.SubjectKind;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code gen_ai.evaluation.result}, from log records and from span events. The same event
 * gives the same id each time it comes.
 */
final class EvaluationEvents {
  private static final int AMOUNT_SCALE = 18;
  private static final int ID_BYTES = 16;

  private final Coercion coercion;

  EvaluationEvents(Coercion coercion) {
    this.coercion = coercion;
  }

  /**
   * An event and where it stood.
   *
   * @param field reads an attribute of the event; null: not there
   * @param traceId empty: none
   * @param spanId of the span that is judged; empty: none
   * @param timeUs microseconds since the epoch
   * @param evaluator name of what emitted it; null: not stated
   */
  record Stated(
      int index,
      Function<String, @Nullable Object> field,
      String traceId,
      String spanId,
      @Nullable SpanKind spanKind,
      long timeUs,
      @Nullable String evaluator,
      @Nullable String evaluatorVersion,
      @Nullable String serviceName) {}

  /** What a score is about. */
  private record Subject(
      SubjectKind kind, String id, @Nullable String traceId, @Nullable String sessionId) {}

  /**
   * The result of an event, or why there is none.
   *
   * @param explanationRef where its text is kept; null: nowhere
   * @param content goes with the result; null: none, or kept with its span
   */
  SignalResult read(
      Stated event, String tenant, @Nullable String explanationRef, @Nullable SpanContent content) {
    String name = shortIdentifier(event, EvaluationAttributes.NAME);
    if (name == null) {
      return refused(
          event, RejectReason.INVALID_SCORE, EvaluationAttributes.NAME + " is missing or no name");
    }
    Object stated = event.field().apply(EvaluationAttributes.SCORE_VALUE);
    BigDecimal value = coercion.decimal(EvaluationAttributes.SCORE_VALUE, stated);
    String label = shortIdentifier(event, EvaluationAttributes.SCORE_LABEL);
    String error =
        coercion.word(GenAiAttributes.ERROR_TYPE, event.field().apply(GenAiAttributes.ERROR_TYPE));
    if (stated != null && value == null) {
      return refused(event, RejectReason.INVALID_SCORE, "the value is no finite number");
    }
    if (value != null && (value.signum() < 0 || value.compareTo(BigDecimal.ONE) > 0)) {
      return refused(event, RejectReason.INVALID_SCORE, "the value must be 0 to 1");
    }
    if (value == null && label == null && error == null) {
      return refused(event, RejectReason.INVALID_SCORE, "neither value, label nor error");
    }
    ScoreDirection direction = direction(event);
    if (direction == ScoreDirection.UNKNOWN) {
      return refused(event, RejectReason.INVALID_SCORE, "the direction must be higher or lower");
    }
    Subject subject = subject(event);
    if (subject == null) {
      return refused(
          event, RejectReason.NO_SUBJECT, "neither trace, response nor conversation is stated");
    }
    Score score = new Score();
    score.setTenant(tenant);
    score.setSubjectKind(subject.kind());
    score.setSubjectId(subject.id());
    score.setTraceId(subject.traceId());
    score.setSessionId(subject.sessionId());
    score.setName(name);
    score.setValue(value == null ? null : value.doubleValue());
    score.setLabel(label);
    boolean isScored = value != null || label != null;
    score.setStatus(isScored ? ScoreStatus.SCORED : ScoreStatus.FAILED);
    score.setStatusReason(isScored ? null : error);
    score.setSource(source(event));
    score.setDirection(direction);
    boolean isEvaluator = score.getSource() == ScoreSource.EVALUATOR;
    score.setEvaluator(isEvaluator ? event.evaluator() : null);
    score.setEvaluatorVersion(isEvaluator ? event.evaluatorVersion() : null);
    score.setAmount(amount(event));
    score.setScoredAtUs(event.timeUs());
    boolean hasText = event.field().apply(EvaluationAttributes.EXPLANATION) != null;
    score.setExplanationRef(hasText ? explanationRef : null);
    String id = id(tenant, subject, name, score, event);
    score.setScoreId(id);
    EvalResult result = new EvalResult();
    result.setTenant(tenant);
    result.setJobId(id);
    result.setScore(score);
    return new SignalResult.Evaluated(result, content);
  }

  /**
   * The span the event stands on; on an evaluator's own span the answer it names; else a trace, a
   * response or a session. A response's id stands for its span until somebody resolves it.
   */
  private @Nullable Subject subject(Stated event) {
    boolean hasTrace = SpanChecks.isTraceId(event.traceId());
    String traceId = hasTrace ? event.traceId() : null;
    String response = identifier(event, GenAiAttributes.RESPONSE_ID);
    String conversation = identifier(event, GenAiAttributes.CONVERSATION_ID);
    boolean hasSpan = hasTrace && SpanChecks.isSpanId(event.spanId());
    if (hasSpan && (response == null || event.spanKind() != SpanKind.EVALUATOR)) {
      return new Subject(SubjectKind.SPAN, event.spanId(), traceId, conversation);
    }
    if (response != null) {
      return new Subject(SubjectKind.SPAN, response, traceId, conversation);
    }
    if (traceId != null) {
      return new Subject(SubjectKind.TRACE, traceId, traceId, conversation);
    }
    String session = identifier(event, EvaluationAttributes.TRIBUTARY_SESSION);
    session = session == null ? conversation : session;
    return session == null ? null : new Subject(SubjectKind.SESSION, session, null, session);
  }

  private ScoreSource source(Stated event) {
    String word = identifier(event, EvaluationAttributes.TRIBUTARY_SOURCE);
    if (word == null) {
      return ScoreSource.EVALUATOR;
    }
    for (ScoreSource source : ScoreSource.values()) {
      // UNKNOWN is what a reader sees of a source that is added later, and no word of anybody's.
      if (source != ScoreSource.UNKNOWN && source.name().equals(word.toUpperCase(Locale.ROOT))) {
        return source;
      }
    }
    coercion.failed(EvaluationAttributes.TRIBUTARY_SOURCE);
    return ScoreSource.EVALUATOR;
  }

  /**
   * Which end is good; higher where nothing is stated, {@code UNKNOWN} where it is no such word.
   */
  private ScoreDirection direction(Stated event) {
    String name = EvaluationAttributes.TRIBUTARY_DIRECTION;
    Object stated = event.field().apply(name);
    if (stated == null || stated.toString().isBlank()) {
      return ScoreDirection.HIGHER_IS_BETTER;
    }
    String word = identifier(event, name);
    return switch (word == null ? "" : word.toLowerCase(Locale.ROOT)) {
      case "higher", "higher_is_better" -> ScoreDirection.HIGHER_IS_BETTER;
      case "lower", "lower_is_better" -> ScoreDirection.LOWER_IS_BETTER;
      default -> ScoreDirection.UNKNOWN;
    };
  }

  /** A decimal that the schema can hold; null: none, or it cannot. */
  private @Nullable BigDecimal amount(Stated event) {
    String name = EvaluationAttributes.TRIBUTARY_AMOUNT;
    BigDecimal amount = coercion.decimal(name, event.field().apply(name));
    if (amount == null) {
      return null;
    }
    boolean fits =
        amount.scale() <= AMOUNT_SCALE && amount.precision() - amount.scale() <= 38 - AMOUNT_SCALE;
    if (!fits) {
      coercion.failed(name);
      return null;
    }
    return amount.setScale(AMOUNT_SCALE);
  }

  private static String id(String tenant, Subject subject, String name, Score score, Stated event) {
    String identity =
        String.join(
            "\n",
            tenant,
            subject.kind().name(),
            subject.id(),
            String.valueOf(subject.traceId()),
            name,
            score.getSource().name(),
            String.valueOf(event.evaluator()),
            Long.toString(event.timeUs()),
            String.valueOf(score.getValue()),
            String.valueOf(score.getLabel()));
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(identity.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, ID_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private @Nullable String identifier(Stated event, String attribute) {
    return coercion.identifier(attribute, event.field().apply(attribute));
  }

  /** Names and labels are few and short; what is longer is text, which stays off a score. */
  private @Nullable String shortIdentifier(Stated event, String attribute) {
    String text = identifier(event, attribute);
    if (text != null && text.length() > Coercion.MAX_WORD) {
      coercion.failed(attribute);
      return null;
    }
    return text;
  }

  private static SignalResult refused(Stated event, RejectReason reason, String detail) {
    return new SignalResult.Refused(
        new RejectedSpan(
            event.index(),
            reason,
            detail,
            SpanChecks.isTraceId(event.traceId()) ? event.traceId() : null,
            SpanChecks.isSpanId(event.spanId()) ? event.spanId() : null,
            event.timeUs(),
            event.serviceName()));
  }
}
