package dev.tributary.evalworker.judge;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tributary.evalworker.core.JudgeAnswer;
import dev.tributary.evalworker.core.JudgePrompt;
import dev.tributary.evalworker.core.Verdict;
import dev.tributary.evalworker.core.Verdict.Reason;
import dev.tributary.runtime.http.HttpLimit;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Calls an OpenAI-compatible chat API once. Safe for use by several threads. */
final class JudgeClient {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long MOST_RETRY_AFTER_MS = 60_000;

  private final JudgeOptions options;
  private final Clock clock;
  private final HttpClient http;
  private final URI uri;

  JudgeClient(JudgeOptions options, Clock clock) {
    this.options = options;
    this.clock = clock;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(min(options.timeout(), Duration.ofSeconds(10)))
            .build();
    String base = options.baseUrl().toString();
    this.uri =
        URI.create(
            (base.endsWith("/") ? base.substring(0, base.length() - 1) : base)
                + "/chat/completions");
  }

  private static Duration min(Duration left, Duration right) {
    return left.compareTo(right) < 0 ? left : right;
  }

  /**
   * Longest that a call takes. A little more than its limit, so that the client's own speak first:
   * they know whether the API was reached at all.
   */
  static Duration longest(Duration timeout) {
    return timeout.plusSeconds(1);
  }

  /** One call; every failure is a value. */
  JudgeCall call(String model, JudgePrompt prompt, String user, int seed)
      throws InterruptedException {
    long startUs = nowUs();
    try {
      HttpResponse<String> response =
          HttpLimit.send(
              http,
              request(model, prompt, user, seed),
              HttpResponse.BodyHandlers.ofString(),
              longest(options.timeout()));
      return read(model, response, startUs);
    } catch (HttpConnectTimeoutException e) {
      return failed(model, startUs, Reason.JUDGE_TIMEOUT, true, 0);
    } catch (HttpTimeoutException e) {
      return lost(model, startUs, Reason.JUDGE_TIMEOUT);
    } catch (ConnectException e) {
      return failed(model, startUs, Reason.JUDGE_UNAVAILABLE, true, 0);
    } catch (IOException e) {
      return lost(model, startUs, Reason.JUDGE_UNAVAILABLE);
    }
  }

  private HttpRequest request(String model, JudgePrompt prompt, String user, int seed)
      throws JsonProcessingException {
    ObjectNode body = JSON.createObjectNode();
    body.put("model", model);
    body.put("temperature", 0);
    body.put("seed", seed);
    body.put("max_tokens", options.mostOutputTokens());
    body.putArray("messages").add(message("system", prompt.rubric())).add(message("user", user));
    ObjectNode schema = body.putObject("response_format");
    schema.put("type", "json_schema");
    schema
        .putObject("json_schema")
        .put("name", prompt.kind().label())
        .put("strict", true)
        .set("schema", JSON.readTree(JudgePrompt.ANSWER_SCHEMA));
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .timeout(options.timeout())
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)));
    if (options.apiKey() != null) {
      request.header("Authorization", "Bearer " + options.apiKey());
    }
    return request.build();
  }

  private static ObjectNode message(String role, String content) {
    return JSON.createObjectNode().put("role", role).put("content", content);
  }

  private JudgeCall read(String model, HttpResponse<String> response, long startUs) {
    int status = response.statusCode();
    if (status == 429) {
      return failed(model, startUs, Reason.JUDGE_RATE_LIMITED, true, retryAfterMs(response));
    }
    if (status == 408 || status >= 500) {
      return failed(model, startUs, Reason.JUDGE_UNAVAILABLE, true, retryAfterMs(response));
    }
    if (status != 200) {
      return failed(model, startUs, Reason.JUDGE_REQUEST_REFUSED, false, 0);
    }
    JsonNode body;
    try {
      body = JSON.readTree(response.body());
    } catch (JsonProcessingException e) {
      return lost(model, startUs, Reason.MALFORMED_ANSWER);
    }
    JsonNode choice = body.path("choices").path(0);
    if (!choice.path("message").isObject()) {
      return lost(model, startUs, Reason.MALFORMED_ANSWER);
    }
    JsonNode message = choice.path("message");
    String content = text(message, "content");
    String finish = text(choice, "finish_reason");
    Verdict verdict = JudgeAnswer.read(content, text(message, "refusal"), finish);
    boolean isMalformed =
        verdict instanceof Verdict.NoScore none
            && (none.reason() == Reason.MALFORMED_ANSWER
                || none.reason() == Reason.VALUE_OUT_OF_RANGE);
    JsonNode usage = body.path("usage");
    return new JudgeCall(
        model,
        verdict,
        new JudgeCall.Answer(
            text(body, "id"),
            text(body, "model"),
            finish,
            content,
            number(usage, "prompt_tokens"),
            number(usage.path("prompt_tokens_details"), "cached_tokens"),
            number(usage, "completion_tokens"),
            number(usage.path("completion_tokens_details"), "reasoning_tokens")),
        true,
        startUs,
        nowUs(),
        isMalformed,
        0);
  }

  private static @Nullable String text(JsonNode node, String field) {
    return node.path(field).isTextual() ? node.get(field).asText() : null;
  }

  private static @Nullable Long number(JsonNode node, String field) {
    return node.path(field).isIntegralNumber() && node.get(field).asLong() >= 0
        ? node.get(field).asLong()
        : null;
  }

  private static long retryAfterMs(HttpResponse<String> response) {
    String after = response.headers().firstValue("Retry-After").orElse("");
    return after.matches("\\d{1,5}")
        ? Math.min(MOST_RETRY_AFTER_MS, TimeUnit.SECONDS.toMillis(Long.parseLong(after)))
        : 0;
  }

  /** The API did not do it. */
  private JudgeCall failed(
      String model, long startUs, Reason reason, boolean isRetryable, long retryAfterMs) {
    return new JudgeCall(
        model, Verdict.failed(reason), null, false, startUs, nowUs(), isRetryable, retryAfterMs);
  }

  /** The API may have done it, and nobody can read what it did. */
  private JudgeCall lost(String model, long startUs, Reason reason) {
    return new JudgeCall(model, Verdict.failed(reason), null, true, startUs, nowUs(), true, 0);
  }

  private long nowUs() {
    Instant now = clock.instant();
    return TimeUnit.SECONDS.toMicros(now.getEpochSecond()) + now.getNano() / 1_000;
  }
}
