package dev.tributary.normalize;

import dev.tributary.normalize.core.NormalizeContext;
import dev.tributary.normalize.core.Normalizer;
import dev.tributary.normalize.core.OtlpBatch;
import dev.tributary.runtime.errors.UndecodableRecordException;
import dev.tributary.runtime.metrics.InputMetrics;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.Record;

/**
 * One OTLP request in, its spans out. Bytes that are no request leave by {@link
 * UndecodableRecordException}, before anything was forwarded.
 */
final class OtlpProcessor extends NormalizeProcessor<byte[]> {
  private final NormalizeConfig config;
  private final NormalizeMetrics metrics;
  private final Normalizer normalizer;

  OtlpProcessor(NormalizeConfig config, NormalizeMetrics metrics, Clock clock) {
    super(config, metrics, clock);
    this.config = config;
    this.metrics = metrics;
    this.normalizer = new Normalizer(config.rules(), config.pseudonyms(), metrics);
  }

  @Override
  void normalize(Record<byte[], byte[]> record, NormalizeContext at, InputMetrics input) {
    OtlpBatch batch = parse(record, input);
    metrics.batch();
    normalizer.normalize(
        batch,
        at,
        result -> {
          input.received();
          accept(result, at, input);
        });
  }

  private OtlpBatch parse(Record<byte[], byte[]> record, InputMetrics input) {
    try {
      byte[] value = record.value();
      if (value == null) {
        throw new MalformedOtlpException(DeadLetterReason.EMPTY_RECORD);
      }
      return encoding(record.headers()) == OtlpEncoding.OTLP_JSON
          ? OtlpJson.parse(value)
          : OtlpProto.parse(value);
    } catch (MalformedOtlpException e) {
      // A request that cannot be opened counts as one; the error route counts the other side.
      input.received();
      throw new UndecodableRecordException(e.reason().name(), e);
    }
  }

  private OtlpEncoding encoding(Headers headers) throws MalformedOtlpException {
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
