package dev.tributary.normalize;

import dev.tributary.normalize.core.Attributes;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The frame that export requests of all signals share in protobuf: resources, in them scopes, in
 * these spans, log records or metrics. OTLP numbers the fields of the frame alike for every signal
 * (opentelemetry-proto); those of traces are named here.
 */
final class ProtoRequest {
  private ProtoRequest() {}

  /** What one resource sent, in the payload's order. */
  record OfResource<T>(Attributes attributes, List<OfScope<T>> scopes) {}

  /**
   * What one instrumentation scope of a resource sent, in the payload's order.
   *
   * @param name empty: not stated
   * @param version empty: not stated
   */
  record OfScope<T>(String name, String version, List<T> items) {}

  /**
   * A scope's place in its request.
   *
   * @param resource of the request's resources, from 0
   * @param scope of the resource's scopes, from 0
   */
  record Place(int resource, int scope) {}

  /** Reads a span, a log record or a metric, which the input stands at the start of. */
  interface ItemReader<T> {
    /**
     * Adds what the item holds.
     *
     * @param place of the scope that sent it
     */
    void read(ProtoFields in, Place place, List<T> items) throws IOException;
  }

  /**
   * The items of a request by resource and scope.
   *
   * @param notOne why a message without any resource is refused
   * @throws MalformedOtlpException when the bytes are no such request, or cut off
   */
  static <T> List<OfResource<T>> parse(byte[] bytes, DeadLetterReason notOne, ItemReader<T> reader)
      throws MalformedOtlpException {
    if (bytes.length > 0 && bytes[0] == '{') {
      throw new MalformedOtlpException(DeadLetterReason.JSON_ON_PROTO_TOPIC);
    }
    List<OfResource<T>> resources = new ArrayList<>();
    try {
      ProtoFields in = new ProtoFields(bytes);
      while (in.next()) {
        if (in.isMessage(TracesData.RESOURCE_SPANS_FIELD_NUMBER)) {
          int limit = in.enter();
          resources.add(resource(in, resources.size(), reader));
          in.leave(limit);
        } else {
          in.skip();
        }
      }
    } catch (IOException e) {
      throw new MalformedOtlpException(DeadLetterReason.MALFORMED_PROTO);
    }
    if (resources.isEmpty() && bytes.length > 0) {
      throw new MalformedOtlpException(notOne);
    }
    return resources;
  }

  /** A resource's attributes may come after what it sent. */
  private static <T> OfResource<T> resource(ProtoFields in, int index, ItemReader<T> reader)
      throws IOException {
    Attributes.Builder attributes = new Attributes.Builder();
    List<OfScope<T>> scopes = new ArrayList<>(2);
    while (in.next()) {
      if (in.isMessage(ResourceSpans.RESOURCE_FIELD_NUMBER)) {
        int limit = in.enter();
        while (in.next()) {
          in.attributeOrSkip(Resource.ATTRIBUTES_FIELD_NUMBER, attributes);
        }
        in.leave(limit);
      } else if (in.isMessage(ResourceSpans.SCOPE_SPANS_FIELD_NUMBER)) {
        int limit = in.enter();
        scopes.add(scope(in, new Place(index, scopes.size()), reader));
        in.leave(limit);
      } else {
        in.skip();
      }
    }
    return new OfResource<>(attributes.build(), scopes);
  }

  private static <T> OfScope<T> scope(ProtoFields in, Place place, ItemReader<T> reader)
      throws IOException {
    List<T> items = new ArrayList<>();
    String name = "";
    String version = "";
    while (in.next()) {
      if (in.isMessage(ScopeSpans.SCOPE_FIELD_NUMBER)) {
        int limit = in.enter();
        while (in.next()) {
          if (in.isMessage(InstrumentationScope.NAME_FIELD_NUMBER)) {
            name = in.text();
          } else if (in.isMessage(InstrumentationScope.VERSION_FIELD_NUMBER)) {
            version = in.text();
          } else {
            in.skip();
          }
        }
        in.leave(limit);
      } else if (in.isMessage(ScopeSpans.SPANS_FIELD_NUMBER)) {
        int limit = in.enter();
        reader.read(in, place, items);
        in.leave(limit);
      } else {
        in.skip();
      }
    }
    return new OfScope<>(name, version, items);
  }
}
