package dev.tributary.standalone.lint;

import java.util.List;

/**
 * What instrumentations are known not to send, so that nobody looks for it in vain. Measured on the
 * recorded payloads of the versions named.
 */
final class KnownGaps {
  private record Gap(String scope, String text) {}

  private static final List<Gap> GAPS =
      List.of(
          new Gap(
              "@traceloop/instrumentation-openai",
              "Cached and reasoning tokens are not sent (0.27); failed calls and aborted streams"
                  + " leave no span."),
          new Gap(
              "@traceloop/instrumentation-anthropic",
              "Input tokens stand beside cached ones (0.27): read as exclusive."),
          new Gap(
              "@arizeai/openinference-instrumentation-openai",
              "Failed calls leave no span (4.2.7); of several choices one finish reason is sent."),
          new Gap(
              "@opentelemetry/instrumentation-openai",
              "Cached and reasoning tokens are not sent (0.21); a Responses answer cut by its token"
                  + " limit is sent as stop."),
          new Gap(
              "langfuse-sdk",
              "Failed calls have status unset (5.11): read from their level; aborted streams leave"
                  + " no span."),
          new Gap(
              "ai",
              "A refusal of Anthropic is sent as content-filter (6.0): refusals are a lower bound."));

  private KnownGaps() {}

  /** What is known of a scope. */
  static List<String> of(ScopeId id) {
    return GAPS.stream().filter(gap -> gap.scope.equals(id.scope())).map(Gap::text).toList();
  }
}
