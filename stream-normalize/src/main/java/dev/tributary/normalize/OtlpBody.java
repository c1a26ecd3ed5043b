package dev.tributary.normalize;

import dev.tributary.runtime.errors.UndecodableRecordException;
import dev.tributary.runtime.metrics.InputMetrics;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.Record;

/** Opens the request in a record, in the encoding that its topic or its header says. */
final class OtlpBody {
  /**
   * Reads a request.
   *
   * @param <T> what it is read into
   */
  @FunctionalInterface
  interface Parser<T> {
    T parse(byte[] bytes) throws MalformedOtlpException;
  }

  private OtlpBody() {}

  /**
   * The request of a record. One that cannot be opened counts as one received; the error route
   * counts the other side.
   *
   * @throws UndecodableRecordException when it is no such request
   */
  static <T> T open(
      Record<byte[], byte[]> record,
      NormalizeConfig config,
      InputMetrics input,
      Parser<T> proto,
      Parser<T> json) {
    try {
      byte[] value = record.value();
      if (value == null) {
        throw new MalformedOtlpException(DeadLetterReason.EMPTY_RECORD);
      }
      return encoding(record.headers(), config) == OtlpEncoding.OTLP_JSON
          ? json.parse(value)
          : proto.parse(value);
    } catch (MalformedOtlpException e) {
      input.received();
      throw new UndecodableRecordException(e.reason().name(), e);
    }
  }

  private static OtlpEncoding encoding(Headers headers, NormalizeConfig config)
      throws MalformedOtlpException {
    Header header = headers.lastHeader(config.encodingHeader());
    if (header == null || header.value() == null) {
      return config.encoding();
    }
    OtlpEncoding stated = OtlpEncoding.of(new String(header.value(), StandardCharsets.UTF_8));
    if (stated == null) {
      throw new MalformedOtlpException(DeadLetterReason.UNKNOWN_ENCODING);
    }
    return stated;
  }
}
