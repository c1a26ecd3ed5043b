package dev.tributary.standalone.otlp;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import dev.tributary.normalize.DeadLetterReason;
import dev.tributary.normalize.JsonTree;
import dev.tributary.normalize.MalformedOtlpException;
import dev.tributary.normalize.OtlpJson;
import dev.tributary.normalize.OtlpProto;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes Kafka records of a request body: the body itself where it fits, else one record per span,
 * so that one large request is not refused for its size. A single span that does not fit is left
 * out and counted for the partial success. What {@code stream-normalize} can open is taken, and
 * nothing else: a text that is no UTF-8 costs no other span its place.
 */
final class OtlpSplitter {
  private static final ObjectMapper MAPPER =
      new ObjectMapper(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private static final String SCOPES = "scopeSpans";

  /** As the protobuf definition spells it, and as it was called before OTLP 0.16. */
  private static final List<String> SCOPES_ELSE =
      List.of("scope_spans", "instrumentationLibrarySpans", "instrumentation_library_spans");

  /**
   * The records of a body.
   *
   * @param records what to publish
   * @param leftOut spans that fit into no record
   * @param reason why they were left out; empty where none was
   */
  record Split(List<byte[]> records, int leftOut, String reason) {}

  /** Records while they come, within bounds. */
  private static final class Records {
    private final List<byte[]> records = new ArrayList<>();
    private final int maxRecordBytes;
    private final int maxTotalBytes;
    private long bytes;
    private int leftOut;

    Records(int maxRecordBytes, int maxTotalBytes) {
      this.maxRecordBytes = maxRecordBytes;
      this.maxTotalBytes = maxTotalBytes;
    }

    void add(byte[] record) throws RefusedRequestException {
      if (record.length > maxRecordBytes) {
        leftOut++;
        return;
      }
      bytes += record.length;
      // Each repeats its resource: a large one can make gigabytes of a few megabytes.
      if (bytes > maxTotalBytes) {
        throw new RefusedRequestException(
            413,
            "the body takes more than "
                + maxTotalBytes
                + " bytes as one record per span; send fewer spans at once");
      }
      records.add(record);
    }

    Split split() {
      String reason =
          leftOut == 0
              ? ""
              : leftOut + " spans are larger than " + maxRecordBytes + " bytes and were left out";
      return new Split(records, leftOut, reason);
    }
  }

  private OtlpSplitter() {}

  /**
   * Splits a body.
   *
   * @param maxTotalBytes most bytes of all its records
   * @throws RefusedRequestException when it is not OTLP in the stated encoding, or its records
   *     would be too many bytes
   */
  static Split split(byte[] body, boolean json, int maxRecordBytes, int maxTotalBytes)
      throws RefusedRequestException {
    try {
      if (json) {
        OtlpJson.parse(body);
      } else {
        OtlpProto.parse(body);
      }
      if (body.length <= maxRecordBytes) {
        return whole(body);
      }
      Records records = new Records(maxRecordBytes, maxTotalBytes);
      if (json) {
        splitJson(body, records);
      } else {
        splitProtobuf(body, records);
      }
      return records.split();
    } catch (MalformedOtlpException e) {
      throw new RefusedRequestException(
          400,
          "the body is not an OTLP trace request: "
              + e.reason()
              + (e.reason() == DeadLetterReason.MALFORMED_JSON ? where(body) : ""));
    } catch (IOException e) {
      throw new RefusedRequestException(400, "the body cannot be read");
    }
  }

  /** Where a body stops being JSON; empty: that is not known. */
  private static String where(byte[] body) {
    try {
      MAPPER.readTree(body);
      return "";
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      return at == null ? "" : " at line %d, column %d".formatted(at.getLineNr(), at.getColumnNr());
    } catch (IOException e) {
      return "";
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

  /** Takes the frame apart by its field numbers; what it frames stays bytes. */
  private static void splitProtobuf(byte[] body, Records records)
      throws InvalidProtocolBufferException, RefusedRequestException {
    int ofResources = ExportTraceServiceRequest.RESOURCE_SPANS_FIELD_NUMBER;
    int ofScopes = ResourceSpans.SCOPE_SPANS_FIELD_NUMBER;
    int ofSpans = ScopeSpans.SPANS_FIELD_NUMBER;
    for (ByteString resourceBytes : items(UnknownFieldSet.parseFrom(body), ofResources)) {
      UnknownFieldSet resource = UnknownFieldSet.parseFrom(resourceBytes);
      UnknownFieldSet bareResource = without(resource, ofScopes);
      for (ByteString scopeBytes : items(resource, ofScopes)) {
        UnknownFieldSet scope = UnknownFieldSet.parseFrom(scopeBytes);
        UnknownFieldSet bareScope = without(scope, ofSpans);
        for (ByteString span : items(scope, ofSpans)) {
          ByteString ofResource = with(bareResource, ofScopes, with(bareScope, ofSpans, span));
          records.add(
              with(UnknownFieldSet.getDefaultInstance(), ofResources, ofResource).toByteArray());
        }
      }
    }
  }

  private static List<ByteString> items(UnknownFieldSet message, int field) {
    return message.getField(field).getLengthDelimitedList();
  }

  private static UnknownFieldSet without(UnknownFieldSet message, int field) {
    return UnknownFieldSet.newBuilder(message).clearField(field).build();
  }

  /** The message with one item more. */
  private static ByteString with(UnknownFieldSet message, int field, ByteString item) {
    return UnknownFieldSet.newBuilder(message)
        .addField(field, UnknownFieldSet.Field.newBuilder().addLengthDelimited(item).build())
        .build()
        .toByteString();
  }

  private static void splitJson(byte[] body, Records records)
      throws IOException, RefusedRequestException {
    JsonNode request = JsonTree.read(body);
    for (JsonNode resource : either(request, "resourceSpans", "resource_spans")) {
      for (JsonNode scope : scopes(resource)) {
        for (JsonNode span : scope.path("spans")) {
          records.add(MAPPER.writeValueAsBytes(requestOf(resource, scope, span)));
        }
      }
    }
  }

  /** Copies no more than the span at hand: a scope may hold thousands. */
  private static ObjectNode requestOf(JsonNode resource, JsonNode scope, JsonNode span) {
    ObjectNode oneScope = MAPPER.createObjectNode();
    oneScope.setAll((ObjectNode) scope);
    oneScope.set("spans", array(span));
    ObjectNode oneResource = MAPPER.createObjectNode();
    oneResource.setAll((ObjectNode) resource);
    oneResource.remove(SCOPES_ELSE);
    oneResource.set(SCOPES, array(oneScope));
    return MAPPER.createObjectNode().set("resourceSpans", array(oneResource));
  }

  private static JsonNode scopes(JsonNode resource) {
    JsonNode scopes = resource.path(SCOPES);
    for (String name : SCOPES_ELSE) {
      scopes = scopes.isEmpty() ? resource.path(name) : scopes;
    }
    return scopes;
  }

  /** A field in the spelling of OTLP/JSON, or in that of the protobuf definition. */
  private static JsonNode either(JsonNode node, String camelCase, String snakeCase) {
    return node.has(camelCase) ? node.path(camelCase) : node.path(snakeCase);
  }

  private static ArrayNode array(JsonNode element) {
    return MAPPER.createArrayNode().add(element);
  }
}
