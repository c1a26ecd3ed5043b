package dev.tributary.normalize;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.tributary.normalize.core.Attributes;
import dev.tributary.normalize.core.OtlpBatch;
import dev.tributary.normalize.core.OtlpSpan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Reads {@code ExportTraceServiceRequest} in JSON, as JavaScript exporters and the Collector write
 * it and as old ones did: numbers as numbers or text or {@code {low, high}}, ids as hex, arrays or
 * {@code Buffer} objects, enums as numbers or names, names in camel or snake case, scopes under the
 * names they had before OTLP 0.16; and as it is written by hand, attributes as an object. Unknown
 * members are ignored. What cannot be read of a span makes that span invalid, not its batch.
 */
public final class OtlpJson {
  private OtlpJson() {}

  /**
   * The spans of a request.
   *
   * @throws MalformedOtlpException when the bytes are no JSON object, or cut off
   */
  public static OtlpBatch parse(byte[] bytes) throws MalformedOtlpException {
    JsonNode root = tree(bytes);
    JsonNode resourceSpans = member(root, "resourceSpans", "resource_spans");
    if (!resourceSpans.isArray() && !root.isEmpty()) {
      throw new MalformedOtlpException(DeadLetterReason.NOT_A_TRACE_REQUEST);
    }
    List<OtlpBatch.Group> groups = new ArrayList<>();
    for (JsonNode node : resourceSpans) {
      Attributes resource = attributes(node.path("resource"));
      for (JsonNode scopeSpans : scopes(node, "Spans")) {
        JsonNode scope = scope(scopeSpans);
        List<OtlpSpan> spans = new ArrayList<>();
        for (JsonNode span : list(scopeSpans, "spans", "spans")) {
          spans.add(span(span));
        }
        groups.add(
            new OtlpBatch.Group(
                resource, scope.path("name").asText(""), scope.path("version").asText(""), spans));
      }
    }
    return new OtlpBatch(groups);
  }

  /** A request of any kind as a tree. */
  static JsonNode tree(byte[] bytes) throws MalformedOtlpException {
    JsonNode root;
    try {
      root = JsonTree.read(bytes);
    } catch (IOException e) {
      throw new MalformedOtlpException(DeadLetterReason.MALFORMED_JSON);
    }
    if (!root.isObject()) {
      throw new MalformedOtlpException(DeadLetterReason.MALFORMED_JSON);
    }
    return root;
  }

  /**
   * A list of the frame; empty: not stated. One of another shape is refused with the request, since
   * nothing would tell of the items in it.
   */
  static JsonNode list(JsonNode owner, String camel, String snake) throws MalformedOtlpException {
    JsonNode list = member(owner, camel, snake);
    boolean isStated = !list.isMissingNode() && !list.isNull();
    if (!owner.isObject() || (isStated && !list.isArray())) {
      throw new MalformedOtlpException(DeadLetterReason.MALFORMED_JSON);
    }
    return list;
  }

  /**
   * What the scopes of a resource sent, under today's name or the one before OTLP 0.16.
   *
   * @param signal {@code Spans}, {@code Logs} or {@code Metrics}
   */
  static JsonNode scopes(JsonNode ofResource, String signal) throws MalformedOtlpException {
    String snake = signal.toLowerCase(Locale.ROOT);
    JsonNode scopes = list(ofResource, "scope" + signal, "scope_" + snake);
    return scopes.isEmpty()
        ? list(ofResource, "instrumentationLibrary" + signal, "instrumentation_library_" + snake)
        : scopes;
  }

  static JsonNode scope(JsonNode scopeSpans) {
    JsonNode scope = scopeSpans.get("scope");
    return scope == null
        ? member(scopeSpans, "instrumentationLibrary", "instrumentation_library")
        : scope;
  }

  private static OtlpSpan span(JsonNode node) {
    SpanBuilder span = new SpanBuilder();
    span.traceId = JsonValues.id(member(node, "traceId", "trace_id"));
    span.spanId = JsonValues.id(member(node, "spanId", "span_id"));
    span.parentSpanId = JsonValues.id(member(node, "parentSpanId", "parent_span_id"));
    span.traceState = member(node, "traceState", "trace_state").asText("");
    span.name = node.path("name").asText("");
    span.start = JsonValues.nanos(member(node, "startTimeUnixNano", "start_time_unix_nano"));
    span.end = JsonValues.nanos(member(node, "endTimeUnixNano", "end_time_unix_nano"));
    addAttributes(node, span.attributes);
    for (JsonNode event : node.path("events")) {
      span.events.add(
          new OtlpSpan.Event(
              event.path("name").asText(""),
              JsonValues.nanos(member(event, "timeUnixNano", "time_unix_nano")),
              attributes(event)));
    }
    for (JsonNode link : node.path("links")) {
      span.links.add(
          new OtlpSpan.Link(
              JsonValues.id(member(link, "traceId", "trace_id")),
              JsonValues.id(member(link, "spanId", "span_id"))));
    }
    JsonNode status = node.path("status");
    span.statusCode = JsonValues.statusCode(status.path("code"));
    span.statusMessage = status.path("message").asText("");
    return span.build();
  }

  static Attributes attributes(JsonNode owner) {
    Attributes.Builder attributes = new Attributes.Builder();
    addAttributes(owner, attributes);
    return attributes.build();
  }

  static void addAttributes(JsonNode owner, Attributes.Builder attributes) {
    JsonNode stated = owner.path("attributes");
    if (stated.isObject()) {
      stated.properties().forEach(e -> attributes.add(e.getKey(), JsonValues.any(e.getValue(), 0)));
      return;
    }
    for (JsonNode attribute : stated) {
      JsonNode name = attribute.path("key");
      if (name.isTextual()) {
        attributes.add(name.textValue(), JsonValues.any(attribute.path("value"), 0));
      }
    }
  }

  /** A member in camel case, or in snake case. */
  static JsonNode member(JsonNode node, String camel, String snake) {
    JsonNode found = node.get(camel);
    if (found == null) {
      found = node.get(snake);
    }
    return found == null ? MissingNode.getInstance() : found;
  }
}
