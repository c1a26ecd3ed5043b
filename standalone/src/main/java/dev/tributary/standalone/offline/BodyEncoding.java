package dev.tributary.standalone.offline;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tributary.normalize.MalformedOtlpException;
import dev.tributary.normalize.OtlpProto;
import java.io.IOException;
import java.nio.file.Path;

/** Which of its two encodings a recorded trace request is written in. */
public final class BodyEncoding {
  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  /** How a protobuf request begins, with the tag of its first field: a line break in JSON. */
  private static final byte PROTOBUF = '\n';

  private BodyEncoding() {}

  /**
   * Whether a body is JSON; else it is protobuf. The content decides. Where a length of protobuf
   * looks like the beginning of JSON, what can be read decides. Of what is neither, the name says
   * what it was meant to be.
   */
  public static boolean isJson(Path file, byte[] body) {
    if (beginsLikeJson(body)) {
      return body[0] != PROTOBUF || isReadAsJson(body) || !isReadAsProtobuf(body);
    }
    return file.toString().endsWith(".json") && (body.length == 0 || !isReadAsProtobuf(body));
  }

  private static boolean beginsLikeJson(byte[] body) {
    for (byte b : body) {
      boolean isBlank = b == ' ' || b == '\t' || b == '\n' || b == '\r';
      if (!isBlank) {
        return b == '{' || b == '[';
      }
    }
    return false;
  }

  private static boolean isReadAsJson(byte[] body) {
    try {
      MAPPER.readTree(body);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean isReadAsProtobuf(byte[] body) {
    try {
      var unused = OtlpProto.parse(body);
      return true;
    } catch (MalformedOtlpException e) {
      return false;
    }
  }
}
