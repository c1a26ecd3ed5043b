package dev.tributary.evalworker.judge;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tributary.evalworker.core.Verdict;
import dev.tributary.schemas.Attribution;
import dev.tributary.schemas.EvalJob;
import dev.tributary.schemas.GenAiAttributes;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The judge's own calls as a trace in OTLP/JSON, purpose {@code eval}, with the tags of what was
 * judged: they are priced like any other call and never judged. The judge's sentence is the output
 * of its span, so it goes through redaction and stays on the content plane; the prompt would repeat
 * the judged content and is left out.
 */
public final class JudgeSpans {
  /** Service name of the spans. */
  public static final String SERVICE = "tributary-eval-worker";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int SPAN_KIND_CLIENT = 3;
  private static final int STATUS_ERROR = 2;

  private JudgeSpans() {}

  /** Trace id of an attempt at a job: the same on every retry of its transaction. */
  public static String traceId(EvalJob job) {
    return HexFormat.of().formatHex(hash(job, "trace"), 0, 16);
  }

  private static String spanId(EvalJob job, String what) {
    return HexFormat.of().formatHex(hash(job, what), 0, 8);
  }

  private static byte[] hash(EvalJob job, String what) {
    try {
      String text = job.getTenant() + "|" + job.getJobId() + "|" + job.getAttempt() + "|" + what;
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  /** An export request with the calls of a job. */
  public static String request(EvalJob job, List<JudgeCall> calls, String provider) {
    ObjectNode request = JSON.createObjectNode();
    ObjectNode resourceSpans = request.putArray("resourceSpans").addObject();
    ArrayNode resource = resourceSpans.putObject("resource").putArray("attributes");
    put(resource, GenAiAttributes.SERVICE_NAME, SERVICE);
    String environment = job.getAttribution().getEnvironment().getValue();
    if (environment != null) {
      put(resource, GenAiAttributes.DEPLOYMENT_ENVIRONMENT_NAME, environment);
    }
    ObjectNode scopeSpans = resourceSpans.putArray("scopeSpans").addObject();
    scopeSpans.putObject("scope").put("name", SERVICE);
    ArrayNode spans = scopeSpans.putArray("spans");
    String root = spanId(job, "root");
    long start = calls.stream().mapToLong(JudgeCall::startUs).min().orElse(0);
    long end = calls.stream().mapToLong(JudgeCall::endUs).max().orElse(0);
    ObjectNode rootSpan =
        span(spans, job, root, null, "evaluate " + job.getEvaluator(), start, end);
    tags((ArrayNode) rootSpan.get("attributes"), job);
    for (int i = 0; i < calls.size(); i++) {
      call(spans, job, root, i, calls.get(i), provider);
    }
    try {
      return JSON.writeValueAsString(request);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of texts and numbers is JSON", e);
    }
  }

  private static ObjectNode span(
      ArrayNode spans,
      EvalJob job,
      String spanId,
      @Nullable String parent,
      String name,
      long startUs,
      long endUs) {
    ObjectNode span = spans.addObject();
    span.put("traceId", traceId(job));
    span.put("spanId", spanId);
    if (parent != null) {
      span.put("parentSpanId", parent);
    }
    span.put("name", name);
    span.put("kind", parent == null ? 1 : SPAN_KIND_CLIENT);
    span.put("startTimeUnixNano", startUs + "000");
    span.put("endTimeUnixNano", endUs + "000");
    put(span.putArray("attributes"), GenAiAttributes.TRIBUTARY_PURPOSE, "eval");
    return span;
  }

  private static void call(
      ArrayNode spans, EvalJob job, String root, int index, JudgeCall call, String provider) {
    ObjectNode span =
        span(
            spans,
            job,
            spanId(job, "call-" + index),
            root,
            "chat " + call.model(),
            call.startUs(),
            call.endUs());
    ArrayNode attributes = (ArrayNode) span.get("attributes");
    tags(attributes, job);
    put(attributes, GenAiAttributes.OPERATION_NAME, "chat");
    put(attributes, GenAiAttributes.PROVIDER_NAME, provider);
    put(attributes, GenAiAttributes.REQUEST_MODEL, call.model());
    JudgeCall.Answer answer = call.answer();
    if (answer == null) {
      span.putObject("status").put("code", STATUS_ERROR);
      if (call.verdict() instanceof Verdict.NoScore none) {
        put(attributes, GenAiAttributes.ERROR_TYPE, none.reason().name());
      }
      return;
    }
    put(attributes, GenAiAttributes.RESPONSE_ID, answer.responseId());
    put(attributes, GenAiAttributes.RESPONSE_MODEL, answer.model());
    put(attributes, GenAiAttributes.USAGE_INPUT_TOKENS, answer.inputTokens());
    put(attributes, GenAiAttributes.USAGE_CACHE_READ, answer.cachedTokens());
    put(attributes, GenAiAttributes.USAGE_OUTPUT_TOKENS, answer.outputTokens());
    put(attributes, GenAiAttributes.USAGE_REASONING, answer.reasoningTokens());
    if (answer.finishReason() != null) {
      attribute(attributes, GenAiAttributes.RESPONSE_FINISH_REASONS)
          .putObject("arrayValue")
          .putArray("values")
          .addObject()
          .put("stringValue", answer.finishReason());
    }
    if (answer.content() != null) {
      ArrayNode messages = JSON.createArrayNode();
      messages.addObject().put("role", "assistant").put("content", answer.content());
      put(attributes, GenAiAttributes.OUTPUT_MESSAGES, messages.toString());
    }
  }

  private static void tags(ArrayNode attributes, EvalJob job) {
    Attribution tags = job.getAttribution();
    put(attributes, "tributary.feature", tags.getFeature().getValue());
    put(attributes, "tributary.team", tags.getTeam().getValue());
    put(attributes, "tributary.workspace", tags.getWorkspace().getValue());
    put(attributes, "tributary.project", tags.getProject().getValue());
    put(attributes, "tributary.cost_center", tags.getCostCenter().getValue());
    put(attributes, "tributary.prompt_name", "judge-" + job.getEvaluator());
    put(attributes, "tributary.prompt_version", job.getEvaluatorVersion());
  }

  private static ObjectNode attribute(ArrayNode attributes, String name) {
    return attributes.addObject().put("key", name).putObject("value");
  }

  private static void put(ArrayNode attributes, String name, @Nullable String text) {
    if (text != null) {
      attribute(attributes, name).put("stringValue", text);
    }
  }

  private static void put(ArrayNode attributes, String name, @Nullable Long number) {
    if (number != null) {
      attribute(attributes, name).put("intValue", number.toString());
    }
  }
}
