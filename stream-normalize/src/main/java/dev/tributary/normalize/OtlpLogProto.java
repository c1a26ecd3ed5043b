package dev.tributary.normalize;

import static com.google.protobuf.WireFormat.WIRETYPE_FIXED64;

import dev.tributary.normalize.core.Attributes;
import dev.tributary.normalize.core.LogBatch;
import dev.tributary.normalize.core.OtlpLog;
import io.opentelemetry.proto.logs.v1.LogRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Reads {@code ExportLogsServiceRequest} and {@code LogsData} (one shape) in protobuf. */
final class OtlpLogProto {
  private OtlpLogProto() {}

  /**
   * The log records of a request.
   *
   * @throws MalformedOtlpException when the bytes are no such request, or cut off
   */
  static LogBatch parse(byte[] bytes) throws MalformedOtlpException {
    List<LogBatch.Group> groups = new ArrayList<>();
    for (ProtoRequest.OfResource<OtlpLog> resource :
        ProtoRequest.<OtlpLog>parse(
            bytes, DeadLetterReason.NOT_A_LOG_REQUEST, (in, place, logs) -> logs.add(log(in)))) {
      for (ProtoRequest.OfScope<OtlpLog> scope : resource.scopes()) {
        groups.add(
            new LogBatch.Group(
                resource.attributes(), scope.name(), scope.version(), scope.items()));
      }
    }
    return new LogBatch(groups);
  }

  private static OtlpLog log(ProtoFields in) throws IOException {
    Attributes.Builder builder = new Attributes.Builder();
    String traceId = "";
    String spanId = "";
    String name = "";
    long time = 0;
    long observed = 0;
    Object body = null;
    while (in.next()) {
      if (in.wireType() == WIRETYPE_FIXED64) {
        if (in.field() == LogRecord.TIME_UNIX_NANO_FIELD_NUMBER) {
          time = in.fixed64();
        } else if (in.field() == LogRecord.OBSERVED_TIME_UNIX_NANO_FIELD_NUMBER) {
          observed = in.fixed64();
        } else {
          in.skip();
        }
      } else if (in.isMessage(LogRecord.TRACE_ID_FIELD_NUMBER)) {
        traceId = in.hex();
      } else if (in.isMessage(LogRecord.SPAN_ID_FIELD_NUMBER)) {
        spanId = in.hex();
      } else if (in.isMessage(LogRecord.EVENT_NAME_FIELD_NUMBER)) {
        name = in.text();
      } else if (in.isMessage(LogRecord.BODY_FIELD_NUMBER)) {
        body = in.anyValue();
      } else {
        in.attributeOrSkip(LogRecord.ATTRIBUTES_FIELD_NUMBER, builder);
      }
    }
    Attributes attributes = builder.build();
    return new OtlpLog(
        traceId,
        spanId,
        OtlpLogJson.name(name, attributes),
        time == 0 ? observed : time,
        attributes,
        body);
  }
}
