package dev.tributary.normalize;

import static com.google.protobuf.WireFormat.WIRETYPE_FIXED64;

import dev.tributary.normalize.core.Attributes;
import dev.tributary.normalize.core.LogBatch;
import dev.tributary.normalize.core.OtlpLog;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.LogsData;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.resource.v1.Resource;
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
    if (bytes.length > 0 && bytes[0] == '{') {
      throw new MalformedOtlpException(DeadLetterReason.JSON_ON_PROTO_TOPIC);
    }
    List<LogBatch.Group> groups = new ArrayList<>();
    boolean hasLogs = false;
    try {
      ProtoFields in = new ProtoFields(bytes);
      while (in.next()) {
        if (in.isMessage(LogsData.RESOURCE_LOGS_FIELD_NUMBER)) {
          hasLogs = true;
          int limit = in.enter();
          resourceLogs(in, groups);
          in.leave(limit);
        } else {
          in.skip();
        }
      }
    } catch (IOException e) {
      throw new MalformedOtlpException(DeadLetterReason.MALFORMED_PROTO);
    }
    if (!hasLogs && bytes.length > 0) {
      throw new MalformedOtlpException(DeadLetterReason.NOT_A_LOG_REQUEST);
    }
    return new LogBatch(groups);
  }

  /** A resource may come after its records: its groups are made at the end. */
  private static void resourceLogs(ProtoFields in, List<LogBatch.Group> groups) throws IOException {
    Attributes.Builder resource = new Attributes.Builder();
    List<Scope> scopes = new ArrayList<>(2);
    while (in.next()) {
      if (in.isMessage(ResourceLogs.RESOURCE_FIELD_NUMBER)) {
        int limit = in.enter();
        while (in.next()) {
          in.attributeOrSkip(Resource.ATTRIBUTES_FIELD_NUMBER, resource);
        }
        in.leave(limit);
      } else if (in.isMessage(ResourceLogs.SCOPE_LOGS_FIELD_NUMBER)) {
        int limit = in.enter();
        scopes.add(scopeLogs(in));
        in.leave(limit);
      } else {
        in.skip();
      }
    }
    Attributes attributes = resource.build();
    for (Scope scope : scopes) {
      groups.add(new LogBatch.Group(attributes, scope.name, scope.version, scope.logs));
    }
  }

  private static final class Scope {
    private final List<OtlpLog> logs = new ArrayList<>();
    private String name = "";
    private String version = "";
  }

  private static Scope scopeLogs(ProtoFields in) throws IOException {
    Scope scope = new Scope();
    while (in.next()) {
      if (in.isMessage(ScopeLogs.SCOPE_FIELD_NUMBER)) {
        int limit = in.enter();
        while (in.next()) {
          if (in.isMessage(InstrumentationScope.NAME_FIELD_NUMBER)) {
            scope.name = in.text();
          } else if (in.isMessage(InstrumentationScope.VERSION_FIELD_NUMBER)) {
            scope.version = in.text();
          } else {
            in.skip();
          }
        }
        in.leave(limit);
      } else if (in.isMessage(ScopeLogs.LOG_RECORDS_FIELD_NUMBER)) {
        int limit = in.enter();
        scope.logs.add(log(in));
        in.leave(limit);
      } else {
        in.skip();
      }
    }
    return scope;
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
