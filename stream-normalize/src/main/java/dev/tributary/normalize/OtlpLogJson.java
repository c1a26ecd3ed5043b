package dev.tributary.normalize;

import static dev.tributary.normalize.OtlpJson.member;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tributary.normalize.core.Attributes;
import dev.tributary.normalize.core.LogBatch;
import dev.tributary.normalize.core.OtlpLog;
import dev.tributary.schemas.EvaluationAttributes;
import java.util.ArrayList;
import java.util.List;

/** Reads {@code ExportLogsServiceRequest} in JSON, in the spellings that {@link OtlpJson} reads. */
final class OtlpLogJson {
  private OtlpLogJson() {}

  /**
   * The log records of a request.
   *
   * @throws MalformedOtlpException when the bytes are no JSON object of a log request
   */
  static LogBatch parse(byte[] bytes) throws MalformedOtlpException {
    JsonNode root = OtlpJson.tree(bytes);
    JsonNode resourceLogs = member(root, "resourceLogs", "resource_logs");
    if (!resourceLogs.isArray() && !root.isEmpty()) {
      throw new MalformedOtlpException(DeadLetterReason.NOT_A_LOG_REQUEST);
    }
    List<LogBatch.Group> groups = new ArrayList<>();
    for (JsonNode node : resourceLogs) {
      Attributes resource = OtlpJson.attributes(node.path("resource"));
      for (JsonNode scopeLogs : OtlpJson.scopes(node, "Logs")) {
        JsonNode scope = OtlpJson.scope(scopeLogs);
        List<OtlpLog> logs = new ArrayList<>();
        for (JsonNode log : records(scopeLogs)) {
          logs.add(log(log));
        }
        groups.add(
            new LogBatch.Group(
                resource, scope.path("name").asText(""), scope.path("version").asText(""), logs));
      }
    }
    return new LogBatch(groups);
  }

  /** The records of a scope, under today's name or the one they had with the scopes' old one. */
  private static JsonNode records(JsonNode scopeLogs) throws MalformedOtlpException {
    JsonNode records = OtlpJson.list(scopeLogs, "logRecords", "log_records");
    return records.isEmpty() ? OtlpJson.list(scopeLogs, "logs", "logs") : records;
  }

  private static OtlpLog log(JsonNode node) {
    long time = JsonValues.nanos(member(node, "timeUnixNano", "time_unix_nano"));
    if (time == 0) {
      time = JsonValues.nanos(member(node, "observedTimeUnixNano", "observed_time_unix_nano"));
    }
    Attributes attributes = OtlpJson.attributes(node);
    JsonNode body = node.path("body");
    return new OtlpLog(
        JsonValues.id(member(node, "traceId", "trace_id")),
        JsonValues.id(member(node, "spanId", "span_id")),
        name(member(node, "eventName", "event_name").asText(""), attributes),
        time,
        attributes,
        body.isMissingNode() || body.isNull() ? null : JsonValues.any(body, 0));
  }

  /** The event's name, which older producers state as an attribute. */
  static String name(String stated, Attributes attributes) {
    Object attribute = attributes.find(EvaluationAttributes.EVENT_NAME);
    return stated.isEmpty() && attribute instanceof String name ? name : stated;
  }
}
