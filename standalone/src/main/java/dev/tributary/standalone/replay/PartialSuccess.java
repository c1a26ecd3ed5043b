package dev.tributary.standalone.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import java.io.IOException;
import java.net.http.HttpResponse;
import org.jspecify.annotations.Nullable;

/** What a receiver that answered 200 took all the same not. */
final class PartialSuccess {
  private static final ObjectMapper JSON = new ObjectMapper();

  private PartialSuccess() {}

  /** A complaint where spans were left out; null: none were, or the answer is of another form. */
  static @Nullable IOException of(HttpResponse<byte[]> answer) {
    byte[] body = answer.body();
    boolean isJson = body.length > 0 && body[0] == '{';
    return isJson ? ofJson(body) : ofProtobuf(body);
  }

  private static @Nullable IOException ofProtobuf(byte[] body) {
    try {
      var partial = ExportTraceServiceResponse.parseFrom(body).getPartialSuccess();
      return complaint(partial.getRejectedSpans(), partial.getErrorMessage());
    } catch (InvalidProtocolBufferException e) {
      return null;
    }
  }

  private static @Nullable IOException ofJson(byte[] body) {
    try {
      JsonNode partial = JSON.readTree(body).path("partialSuccess");
      return complaint(
          partial.path("rejectedSpans").asLong(), partial.path("errorMessage").asText());
    } catch (IOException e) {
      return null;
    }
  }

  private static @Nullable IOException complaint(long leftOut, String message) {
    return leftOut == 0
        ? null
        : new IOException("the receiver left %d spans out: %s".formatted(leftOut, message));
  }
}
