package dev.tributary.standalone.otlp;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Bodies of answers, in the encoding the client spoke. */
final class OtlpAnswer {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Field {@code message} of {@code google.rpc.Status}, which OTLP/HTTP uses for errors. */
  private static final int STATUS_MESSAGE_FIELD = 2;

  private OtlpAnswer() {}

  static byte[] success(boolean json, OtlpSplitter.Split split) {
    if (json) {
      ObjectNode answer = MAPPER.createObjectNode();
      if (split.leftOut() > 0) {
        answer
            .putObject("partialSuccess")
            .put("rejectedSpans", Integer.toString(split.leftOut()))
            .put("errorMessage", split.reason());
      }
      return bytes(answer);
    }
    ExportTraceServiceResponse.Builder answer = ExportTraceServiceResponse.newBuilder();
    if (split.leftOut() > 0) {
      answer.setPartialSuccess(
          ExportTracePartialSuccess.newBuilder()
              .setRejectedSpans(split.leftOut())
              .setErrorMessage(split.reason()));
    }
    return answer.build().toByteArray();
  }

  static byte[] error(boolean json, String message) {
    if (json) {
      return bytes(MAPPER.createObjectNode().put("message", message));
    }
    ByteString.Output out = ByteString.newOutput();
    try {
      CodedOutputStream coded = CodedOutputStream.newInstance(out);
      coded.writeString(STATUS_MESSAGE_FIELD, message);
      coded.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return out.toByteString().toByteArray();
  }

  private static byte[] bytes(ObjectNode answer) {
    try {
      return MAPPER.writeValueAsBytes(answer);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
  }
}
