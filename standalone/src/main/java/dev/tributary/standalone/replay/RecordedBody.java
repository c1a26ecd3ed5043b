package dev.tributary.standalone.replay;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.tributary.standalone.offline.BodyEncoding;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A recorded OTLP request body, protobuf or JSON, whose times can be moved. */
final class RecordedBody {
  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  private static final List<String> ENDS = List.of("endTimeUnixNano", "end_time_unix_nano");
  private static final List<String> TIMES =
      List.of(
          "startTimeUnixNano",
          "start_time_unix_nano",
          "endTimeUnixNano",
          "end_time_unix_nano",
          "timeUnixNano",
          "time_unix_nano");

  private final boolean json;
  private final ExportTraceServiceRequest protobuf;
  private final JsonNode tree;

  private RecordedBody(boolean json, ExportTraceServiceRequest protobuf, JsonNode tree) {
    this.json = json;
    this.protobuf = protobuf;
    this.tree = tree;
  }

  /**
   * Reads a body in either encoding.
   *
   * @throws TraceFileException when the file is not an OTLP trace request
   */
  static RecordedBody read(Path file) throws IOException, TraceFileException {
    byte[] body = Files.readAllBytes(file);
    try {
      if (BodyEncoding.isJson(file, body)) {
        JsonNode tree = MAPPER.readTree(body);
        if (!tree.isObject()) {
          throw new TraceFileException(file, 1, "not an OTLP trace request in JSON");
        }
        return new RecordedBody(true, ExportTraceServiceRequest.getDefaultInstance(), tree);
      }
      return new RecordedBody(
          false, ExportTraceServiceRequest.parseFrom(body), MAPPER.createObjectNode());
    } catch (InvalidProtocolBufferException e) {
      throw new TraceFileException(file, 1, "not an OTLP protobuf trace request");
    } catch (JsonProcessingException e) {
      // A limit of the parser, such as on nesting, has no place.
      JsonLocation at = e.getLocation();
      throw new TraceFileException(
          file, at == null ? 1 : at.getLineNr(), "not one JSON request: " + e.getOriginalMessage());
    }
  }

  boolean isJson() {
    return json;
  }

  /** Latest end of a span, nanoseconds since the epoch; 0 where there is no span. */
  long lastEndNanos() {
    if (!json) {
      return protobuf.getResourceSpansList().stream()
          .flatMap(resource -> resource.getScopeSpansList().stream())
          .flatMap(scope -> scope.getSpansList().stream())
          .mapToLong(span -> span.getEndTimeUnixNano())
          .max()
          .orElse(0);
    }
    return ENDS.stream()
        .flatMap(field -> tree.findValues(field).stream())
        .mapToLong(JsonNode::asLong)
        .max()
        .orElse(0);
  }

  /** A time that is missing, or written in a way that is not moved, stays as it is. */
  private static long moved(long time, long nanos) {
    return time == 0 ? 0 : time + nanos;
  }

  /** The body with every time moved. */
  byte[] shifted(long nanos) throws IOException {
    if (!json) {
      ExportTraceServiceRequest.Builder request = protobuf.toBuilder();
      request.getResourceSpansBuilderList().stream()
          .flatMap(resource -> resource.getScopeSpansBuilderList().stream())
          .flatMap(scope -> scope.getSpansBuilderList().stream())
          .forEach(
              span -> {
                span.setStartTimeUnixNano(moved(span.getStartTimeUnixNano(), nanos));
                span.setEndTimeUnixNano(moved(span.getEndTimeUnixNano(), nanos));
                span.getEventsBuilderList()
                    .forEach(event -> event.setTimeUnixNano(moved(event.getTimeUnixNano(), nanos)));
              });
      return request.build().toByteArray();
    }
    JsonNode copy = tree.deepCopy();
    for (String field : TIMES) {
      for (JsonNode holder : copy.findParents(field)) {
        long time = holder.get(field).asLong();
        if (time != 0) {
          ((ObjectNode) holder).put(field, Long.toString(moved(time, nanos)));
        }
      }
    }
    return MAPPER.writeValueAsBytes(copy);
  }
}
