package dev.tributary.standalone.lint;

import dev.tributary.schemas.GenAiAttributes;
import java.util.List;
import java.util.Map;

/** How each dialect's producers state what is missing, in their own words first. */
final class Remedies {
  /** An example of each tag, recognisable as one. */
  private static final Map<String, String> EXAMPLES =
      Map.of(
          "feature", "checkout-assistant",
          "team", "payments",
          "workspace", "acme",
          "environment", "production",
          "prompt_version", "7");

  private Remedies() {}

  /** How to state a tag. */
  static List<Remedy> tag(String tag, String dialect) {
    String value = EXAMPLES.getOrDefault(tag, "example");
    return switch (tag) {
      case "environment" ->
          List.of(Remedy.onResource(GenAiAttributes.DEPLOYMENT_ENVIRONMENT_NAME, value));
      case "team" ->
          List.of(Remedy.onResource("tributary.team", value), metadata(tag, value, dialect));
      case "prompt_version" -> List.of(promptVersion(value, dialect));
      default -> List.of(metadata(tag, value, dialect));
    };
  }

  private static Remedy metadata(String tag, String value, String dialect) {
    return switch (dialect) {
      case "traceloop" ->
          Remedy.onSpan(
              "traceloop.association.properties." + tag,
              value,
              "traceloop.withAssociationProperties({ " + tag + ": \"" + value + "\" }, run)");
      case "langfuse" ->
          Remedy.onSpan(
              "langfuse.trace.metadata." + tag,
              value,
              "propagateAttributes({ metadata: { " + tag + ": \"" + value + "\" } }, run)");
      case "vercel-ai" ->
          Remedy.onSpan(
              "ai.telemetry.metadata." + tag,
              value,
              "experimental_telemetry: { metadata: { " + tag + ": \"" + value + "\" } }");
      case "openinference" ->
          Remedy.onSpan(
              GenAiAttributes.METADATA,
              "{\"" + tag + "\":\"" + value + "\"}",
              "span.setAttribute(\"metadata\", JSON.stringify({ "
                  + tag
                  + ": \""
                  + value
                  + "\" }))");
      default -> Remedy.onSpan("tributary." + tag, value);
    };
  }

  private static Remedy promptVersion(String value, String dialect) {
    return switch (dialect) {
      case "langfuse" -> Remedy.onSpan(GenAiAttributes.LANGFUSE_PROMPT_VERSION, value);
      case "traceloop" -> Remedy.onSpan(GenAiAttributes.TRACELOOP_PROMPT_VERSION, value);
      case "openinference" -> Remedy.onSpan(GenAiAttributes.LLM_PROMPT_TEMPLATE_VERSION, value);
      default -> Remedy.onSpan(GenAiAttributes.PROMPT_VERSION, value);
    };
  }

  /** How to have the provider's own counts on the span. */
  static List<Remedy> usage(String dialect) {
    Remedy streams =
        Remedy.line("stream_options: { include_usage: true }   // in streamed requests");
    return switch (dialect) {
      case "traceloop" ->
          List.of(streams, Remedy.line("new OpenAIInstrumentation({ enrichTokens: false })"));
      case "langfuse" ->
          List.of(
              streams,
              Remedy.onSpan(
                  GenAiAttributes.LANGFUSE_USAGE_DETAILS,
                  "{\"input\":1200,\"output\":300}",
                  "generation.update({ usageDetails: { input: 1200, output: 300 } })"));
      default ->
          List.of(
              streams,
              Remedy.onSpan(
                  GenAiAttributes.USAGE_INPUT_TOKENS,
                  "1200",
                  "span.setAttribute(\"" + GenAiAttributes.USAGE_INPUT_TOKENS + "\", 1200)"),
              Remedy.onSpan(
                  GenAiAttributes.USAGE_OUTPUT_TOKENS,
                  "300",
                  "span.setAttribute(\"" + GenAiAttributes.USAGE_OUTPUT_TOKENS + "\", 300)"));
    };
  }

  /** How to have the half of a usage that is missing, or both where calls lack one or the other. */
  static List<Remedy> halfUsage(String dialect, boolean isInputMissing, boolean isOutputMissing) {
    String missing =
        isInputMissing ? GenAiAttributes.USAGE_INPUT_TOKENS : GenAiAttributes.USAGE_OUTPUT_TOKENS;
    String count = isInputMissing ? "1200" : "300";
    boolean isOne = isInputMissing != isOutputMissing;
    if (!isOne || dialect.equals("langfuse")) {
      return usage(dialect);
    }
    return List.of(
        Remedy.onSpan(missing, count, "span.setAttribute(\"" + missing + "\", " + count + ")"));
  }

  static List<Remedy> times() {
    return List.of(
        Remedy.line("startTimeUnixNano: Date.now() * 1e6   // nanoseconds since 1970, in UTC"),
        Remedy.line("keep the clock of the host right (NTP)"));
  }

  static List<Remedy> model() {
    return List.of(Remedy.onSpan(GenAiAttributes.RESPONSE_MODEL, "gpt-4o-2024-08-06"));
  }

  static List<Remedy> provider() {
    return List.of(Remedy.onSpan(GenAiAttributes.PROVIDER_NAME, "openai"));
  }

  static List<Remedy> finishReason() {
    return List.of(
        Remedy.onSpan(
            GenAiAttributes.RESPONSE_FINISH_REASONS,
            "stop",
            "span.setAttribute(\"" + GenAiAttributes.RESPONSE_FINISH_REASONS + "\", [\"stop\"])"));
  }

  static List<Remedy> errorType() {
    return List.of(
        Remedy.onSpan(GenAiAttributes.ERROR_TYPE, "RateLimitError"),
        Remedy.onSpan(
            GenAiAttributes.HTTP_RESPONSE_STATUS_CODE,
            "429",
            "span.setAttribute(\"" + GenAiAttributes.HTTP_RESPONSE_STATUS_CODE + "\", 429)"));
  }

  static List<Remedy> service() {
    return List.of(
        new Remedy(
            Remedy.Where.RESOURCE,
            GenAiAttributes.SERVICE_NAME,
            "checkout-api",
            "OTEL_SERVICE_NAME=checkout-api"));
  }

  static List<Remedy> session(String dialect) {
    return switch (dialect) {
      case "traceloop" ->
          List.of(
              Remedy.onSpan(
                  GenAiAttributes.TRACELOOP_SESSION_ID,
                  "chat-4711",
                  "traceloop.withAssociationProperties({ session_id: \"chat-4711\" }, run)"));
      case "langfuse" ->
          List.of(
              Remedy.onSpan(
                  GenAiAttributes.LANGFUSE_SESSION_ID,
                  "chat-4711",
                  "propagateAttributes({ sessionId: \"chat-4711\" }, run)"));
      case "vercel-ai" ->
          List.of(
              Remedy.onSpan(
                  GenAiAttributes.AI_SESSION_ID,
                  "chat-4711",
                  "experimental_telemetry: { metadata: { sessionId: \"chat-4711\" } }"));
      case "openinference" -> List.of(Remedy.onSpan(GenAiAttributes.SESSION_ID, "chat-4711"));
      default -> List.of(Remedy.onSpan(GenAiAttributes.CONVERSATION_ID, "chat-4711"));
    };
  }
}
