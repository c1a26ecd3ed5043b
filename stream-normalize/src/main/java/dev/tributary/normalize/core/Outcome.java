package dev.tributary.normalize.core;

import dev.tributary.schemas.GenAiAttributes;
import dev.tributary.schemas.SpanStatus;
import org.jspecify.annotations.Nullable;

/**
 * How a span ended. It failed when any of these says so: its status, an error type, an exception
 * event (also beside status OK), or an error level.
 *
 * @param errorType a class or code, never a message; null: none stated
 * @param httpStatus null: none stated
 */
record Outcome(SpanStatus status, @Nullable String errorType, @Nullable Integer httpStatus) {
  private static final int OTLP_OK = 1;
  private static final int OTLP_ERROR = 2;
  private static final String ERROR_CODE = "Error code: ";

  static Outcome of(OtlpSpan span, Facts facts) {
    OtlpSpan.Event exception = exception(span);
    boolean isErrorLevel = "ERROR".equals(facts.raw(Attr.LANGFUSE_LEVEL));
    boolean isError =
        span.statusCode() == OTLP_ERROR || hasErrorType(facts) || exception != null || isErrorLevel;
    SpanStatus status =
        isError
            ? SpanStatus.ERROR
            : span.statusCode() == OTLP_OK ? SpanStatus.OK : SpanStatus.UNSET;
    if (!isError) {
      return new Outcome(status, null, httpStatus(facts));
    }
    Coercion coercion = facts.coercion();
    String type = coercion.word(Attr.ERROR_TYPE.attribute, facts.raw(Attr.ERROR_TYPE));
    if (type == null && exception != null) {
      Object stated = exception.find(GenAiAttributes.EXCEPTION_TYPE);
      type = coercion.word(GenAiAttributes.EXCEPTION_TYPE, stated);
    }
    return new Outcome(status, type, httpStatus(span, facts, exception));
  }

  /** An empty text is what some write where there was no error. */
  private static boolean hasErrorType(Facts facts) {
    String type = facts.text(Attr.ERROR_TYPE);
    return type != null && !type.isBlank();
  }

  private static OtlpSpan.@Nullable Event exception(OtlpSpan span) {
    for (OtlpSpan.Event event : span.events()) {
      if (event.name().equals(GenAiAttributes.EXCEPTION_EVENT)
          || event.name().equals(GenAiAttributes.OPERATION_EXCEPTION_EVENT)) {
        return event;
      }
    }
    return null;
  }

  private static @Nullable Integer httpStatus(Facts facts) {
    Long stated = facts.number(Precedence.HTTP_STATUS);
    return stated == null || stated < 100 || stated > 599 ? null : stated.intValue();
  }

  private static @Nullable Integer httpStatus(
      OtlpSpan span, Facts facts, OtlpSpan.@Nullable Event exception) {
    Integer status = httpStatus(facts);
    if (status == null) {
      status = leadingStatus(span.statusMessage());
    }
    if (status == null) {
      status = leadingStatus(facts.text(Attr.LANGFUSE_STATUS_MESSAGE));
    }
    if (status == null && exception != null) {
      Object message = exception.find(GenAiAttributes.EXCEPTION_MESSAGE);
      status = leadingStatus(message instanceof String text ? text : null);
    }
    return status;
  }

  /**
   * 429 of "429 Too many", of "RateLimitError: 429 Too many", and of what Python's clients of
   * OpenAI and Anthropic write: "Error code: 429 - ...".
   */
  static @Nullable Integer leadingStatus(@Nullable String message) {
    if (message == null) {
      return null;
    }
    int start = 0;
    int colon = message.indexOf(": ");
    if (colon > 0 && Coercion.isWord(message.substring(0, colon), Coercion.MAX_WORD)) {
      start = colon + 2;
    }
    if (message.startsWith(ERROR_CODE, start)) {
      start += ERROR_CODE.length();
    }
    int end = start;
    while (end < message.length() && end < start + 4 && isDigit(message.charAt(end))) {
      end++;
    }
    if (end - start != 3) {
      return null;
    }
    int status = Integer.parseInt(message, start, end, 10);
    return status >= 400 && status <= 599 ? status : null;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
