package dev.tributary.standalone.otlp;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes Kafka records of a request body: the body itself where it fits, else one record per span,
 * so that one large request is not refused for its size. A single span that does not fit is left
 * out and counted for the partial success.
 */
final class OtlpSplitter {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /**
   * The records of a body.
   *
   * @param records what to publish
   * @param leftOut spans that fit into no record
   * @param reason why they were left out; empty where none was
   */
  record Split(List<byte[]> records, int leftOut, String reason) {}

  private OtlpSplitter() {}

  /**
   * Splits a body.
   *
   * @throws RefusedRequestException when it is not OTLP in the stated encoding
   */
  static Split split(byte[] body, boolean json, int maxRecordBytes) throws RefusedRequestException {
    try {
      if (json) {
        return splitJson(body, maxRecordBytes);
      }
      ExportTraceServiceRequest request = ExportTraceServiceRequest.parseFrom(body);
      return body.length <= maxRecordBytes ? whole(body) : splitProtobuf(request, maxRecordBytes);
    } catch (InvalidProtocolBufferException e) {
      throw new RefusedRequestException(400, "the body is not an OTLP protobuf request");
    } catch (JsonProcessingException e) {
      throw new RefusedRequestException(
          400,
          "the body is not JSON at line %d, column %d"
              .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr()));
    } catch (IOException e) {
      throw new RefusedRequestException(400, "the body cannot be read as JSON");
    }
  }

  /**
   * A body of another signal as one record; who reads its topic decides what it is.
   *
   * @throws RefusedRequestException when it does not fit into a record
   */
  static Split whole(byte[] body, int maxRecordBytes) throws RefusedRequestException {
    if (body.length > maxRecordBytes) {
      throw new RefusedRequestException(
          413, "logs and metrics may have at most " + maxRecordBytes + " bytes a request");
    }
    return whole(body);
  }

  private static Split whole(byte[] body) {
    return new Split(body.length == 0 ? List.of() : List.of(body), 0, "");
  }

  private static Split splitProtobuf(ExportTraceServiceRequest request, int maxRecordBytes) {
    List<byte[]> records = new ArrayList<>();
    int leftOut = 0;
    for (ResourceSpans resource : request.getResourceSpansList()) {
      for (ScopeSpans scope : resource.getScopeSpansList()) {
        for (Span span : scope.getSpansList()) {
          ScopeSpans one = scope.toBuilder().clearSpans().addSpans(span).build();
          byte[] record =
              ExportTraceServiceRequest.newBuilder()
                  .addResourceSpans(resource.toBuilder().clearScopeSpans().addScopeSpans(one))
                  .build()
                  .toByteArray();
          if (record.length <= maxRecordBytes) {
            records.add(record);
          } else {
            leftOut++;
          }
        }
      }
    }
    return new Split(records, leftOut, reason(leftOut, maxRecordBytes));
  }

  private static Split splitJson(byte[] body, int maxRecordBytes) throws IOException {
    JsonNode request = MAPPER.readTree(body);
    if (!request.isObject()) {
      throw new IOException("not an object");
    }
    if (body.length <= maxRecordBytes) {
      return whole(body);
    }
    List<byte[]> records = new ArrayList<>();
    int leftOut = 0;
    for (JsonNode resource : either(request, "resourceSpans", "resource_spans")) {
      for (JsonNode scope : either(resource, "scopeSpans", "scope_spans")) {
        for (JsonNode span : scope.path("spans")) {
          byte[] record = MAPPER.writeValueAsBytes(requestOf(resource, scope, span));
          if (record.length <= maxRecordBytes) {
            records.add(record);
          } else {
            leftOut++;
          }
        }
      }
    }
    return new Split(records, leftOut, reason(leftOut, maxRecordBytes));
  }

  private static ObjectNode requestOf(JsonNode resource, JsonNode scope, JsonNode span) {
    ObjectNode oneScope = ((ObjectNode) scope).deepCopy();
    oneScope.set("spans", array(span));
    ObjectNode oneResource = ((ObjectNode) resource).objectNode();
    oneResource.setAll((ObjectNode) resource);
    oneResource.remove("scope_spans");
    oneResource.set("scopeSpans", array(oneScope));
    return MAPPER.createObjectNode().set("resourceSpans", array(oneResource));
  }

  /** A field in the spelling of OTLP/JSON, or in that of the protobuf definition. */
  private static JsonNode either(JsonNode node, String camelCase, String snakeCase) {
    return node.has(camelCase) ? node.path(camelCase) : node.path(snakeCase);
  }

  private static ArrayNode array(JsonNode element) {
    return MAPPER.createArrayNode().add(element);
  }

  private static String reason(int leftOut, int maxRecordBytes) {
    return leftOut == 0
        ? ""
        : leftOut + " spans are larger than " + maxRecordBytes + " bytes and were left out";
  }
}
