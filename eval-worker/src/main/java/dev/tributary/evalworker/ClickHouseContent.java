package dev.tributary.evalworker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tributary.evalworker.core.SpanText;
import dev.tributary.runtime.http.HttpLimit;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Content from ClickHouse's table {@code span_content} over HTTP. */
public final class ClickHouseContent implements ContentSource {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  /** The last row of a span counts: erasure and late texts come as further rows. */
  private static final String SQL =
      """
      SELECT trace_id, span_id, toUnixTimestamp64Micro(event_time) AS end_us, mode, name, input,
        output, tool_definitions, tool_arguments, tool_result, documents, attributes, truncated
      FROM span_content
      WHERE tenant = {tenant:String} AND trace_id IN {traces:Array(String)}
      ORDER BY kafka_partition DESC, kafka_offset DESC
      LIMIT 1 BY trace_id, span_id
      FORMAT JSONEachRow""";

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(10))
          .build();
  private final EvalWorkerConfig config;

  /** The content that a worker of this configuration sees. */
  public ClickHouseContent(EvalWorkerConfig config) {
    this.config = config;
  }

  @Override
  public Map<String, List<SpanText>> fetch(String tenant, Collection<String> traceIds)
      throws IOException, InterruptedException {
    List<String> quoted = new ArrayList<>();
    for (String id : traceIds) {
      if (id.matches("[0-9a-f]{32}")) { // anything else has no content, and could end the quotes
        quoted.add("'" + id + "'");
      }
    }
    String query =
        "/?database="
            + escape(config.contentDatabase())
            + "&param_tenant="
            + escape(tenant)
            + "&param_traces="
            + escape("[" + String.join(",", quoted) + "]");
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(config.contentUrl().resolve("/") + query.substring(1)))
            .timeout(TIMEOUT)
            .header("X-ClickHouse-User", config.contentUser())
            .POST(HttpRequest.BodyPublishers.ofString(SQL));
    if (config.contentPassword() != null) {
      request.header("X-ClickHouse-Key", config.contentPassword());
    }
    HttpResponse<String> response =
        HttpLimit.send(
            http, request.build(), HttpResponse.BodyHandlers.ofString(), TIMEOUT.multipliedBy(2));
    if (response.statusCode() != 200) {
      // The body may quote the query, not content; its first line says what is wrong.
      throw new IOException(
          "ClickHouse answers " + response.statusCode() + ": " + firstLine(response.body()));
    }
    return read(response.body());
  }

  private static String firstLine(String body) {
    return body.lines().findFirst().orElse("");
  }

  private static Map<String, List<SpanText>> read(String body) throws IOException {
    Map<String, List<SpanText>> byTrace = new HashMap<>();
    for (String line : body.split("\n", -1)) {
      if (!line.isBlank()) {
        JsonNode row = JSON.readTree(line);
        byTrace
            .computeIfAbsent(row.path("trace_id").asText(), id -> new ArrayList<>())
            .add(span(row));
      }
    }
    return byTrace;
  }

  private static SpanText span(JsonNode row) {
    Map<String, String> attributes = new HashMap<>();
    row.path("attributes")
        .properties()
        .forEach(entry -> attributes.put(entry.getKey(), entry.getValue().asText()));
    return new SpanText(
        row.path("span_id").asText(),
        row.path("end_us").asLong(),
        row.path("mode").asText(),
        text(row, "name"),
        text(row, "input"),
        text(row, "output"),
        text(row, "tool_definitions"),
        text(row, "tool_arguments"),
        text(row, "tool_result"),
        text(row, "documents"),
        attributes,
        row.path("truncated").asBoolean());
  }

  private static @Nullable String text(JsonNode row, String field) {
    return row.path(field).isTextual() ? row.get(field).asText() : null;
  }

  private static String escape(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
