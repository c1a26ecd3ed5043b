package dev.tributary.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Metrics of a server and calls of its model, from OTLP over HTTP to one row of one view. */
final class SignalsIT {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

  @TempDir Path folder;

  @Test
  void serverAndItsCalls_standOnOneTimeline() throws Exception {
    // The first second of a minute, so that everything below falls into it.
    long minute = Instant.now().getEpochSecond() / 60 * 60 - 60;
    try (PlatformFixture instance = PlatformFixture.start(folder, Map.of(), List.of())) {
      post(instance, "/v1/metrics", metrics(minute + 5, 100));
      post(instance, "/v1/metrics", metrics(minute + 35, 160));
      long end = (minute + 20) * 1_000_000_000L;
      byte[] call =
          OtlpDraft.request(
              List.of(OtlpDraft.call(TRACE, "b7ad6b7169203331", end, 1_000, 100).build()));
      HttpRequest request =
          HttpRequest.newBuilder(instance.otlp().resolve("/v1/traces"))
              .header("Content-Type", "application/x-protobuf")
              .POST(BodyPublishers.ofByteArray(call))
              .build();
      assertThat(send(request)).isEqualTo(200);
      post(instance, "/v1/logs", evaluation(minute + 21));

      instance.awaitRow(
          "the gauges and the call",
          "SELECT host, model, gpu_utilization, running_requests, generated_tokens, model_calls, cost_per_request"
              + " FROM serving",
          List.of("gpu-1", "gpt-4o-mini-2024-07-18", "0.75", "3", "60", "1", "0.00021"));
      instance.awaitRow(
          "the evaluation's text",
          "SELECT count() FROM span_content WHERE arrayExists(name -> name = 'gen_ai.evaluation.result', events.name)",
          List.of("1"));
    }
  }

  private static String metrics(long second, int tokens) {
    return """
        {"resourceMetrics":[{"resource":{"attributes":[{"key":"host.name","value":{"stringValue":"gpu-1"}}]},
        "scopeMetrics":[{"metrics":[
        {"name":"DCGM_FI_DEV_GPU_UTIL","gauge":{"dataPoints":[{"timeUnixNano":"%1$d","asDouble":75}]}},
        {"name":"vllm:num_requests_running","gauge":{"dataPoints":[{"timeUnixNano":"%1$d","asInt":"3",%2$s}]}},
        {"name":"vllm:generation_tokens_total","sum":{"aggregationTemporality":2,"isMonotonic":true,
         "dataPoints":[{"timeUnixNano":"%1$d","asInt":"%3$d",%2$s}]}}]}]}]}
        """
        .formatted(
            second * 1_000_000_000L,
            "\"attributes\":[{\"key\":\"model_name\",\"value\":{\"stringValue\":\"gpt-4o-mini-2024-07-18\"}}]",
            tokens);
  }

  private static String evaluation(long second) {
    return """
        {"resourceLogs":[{"scopeLogs":[{"scope":{"name":"judge"},"logRecords":[{"timeUnixNano":"%d",
        "traceId":"%s","spanId":"b7ad6b7169203331","eventName":"gen_ai.evaluation.result","attributes":[
        {"key":"gen_ai.evaluation.name","value":{"stringValue":"faithfulness"}},
        {"key":"gen_ai.evaluation.score.value","value":{"doubleValue":0.25}},
        {"key":"gen_ai.evaluation.explanation","value":{"stringValue":"no source says so"}}]}]}]}]}
        """
        .formatted(second * 1_000_000_000L, TRACE);
  }

  private static void post(PlatformFixture instance, String path, String json) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(instance.otlp().resolve(path))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json))
            .build();
    assertThat(send(request)).as(path).isEqualTo(200);
  }

  private static int send(HttpRequest request) throws Exception {
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).statusCode();
  }
}
