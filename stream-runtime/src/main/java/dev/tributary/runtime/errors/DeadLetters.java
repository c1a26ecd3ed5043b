package dev.tributary.runtime.errors;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Makes records for the dead-letter topic: original key, value, headers and timestamp, plus where
 * the record came from and why it is here. The position headers are those of Kafka's own handlers
 * (KIP-1034), so that tools for them work. Their message and stack trace are left out: both may
 * quote the record.
 */
public final class DeadLetters {
  public static final String EXCEPTION = "__streams.errors.exception";
  public static final String TOPIC = "__streams.errors.topic";
  public static final String PARTITION = "__streams.errors.partition";
  public static final String OFFSET = "__streams.errors.offset";

  /** Reason code. */
  public static final String REASON = "tributary.reason";

  /** Module that gave up on it. */
  public static final String MODULE = "tributary.module";

  /**
   * Present when the value was too large to be kept: its size in bytes. Where key and headers are
   * too large even alone they are left out too, and counted.
   */
  public static final String OMITTED_BYTES = "tributary.omitted-bytes";

  /** What key and headers may take beside the largest value; as much is left for our own. */
  private static final int USUAL_REST_BYTES = 8 << 10;

  private final String topic;
  private final String module;
  private final long maxValueBytes;

  /**
   * A maker of dead letters.
   *
   * @param topic name of the dead-letter topic on the cluster
   * @param module as in the metrics
   * @param maxValueBytes a larger value is left out and its size stated
   */
  public DeadLetters(String topic, String module, long maxValueBytes) {
    this.topic = topic;
    this.module = module;
    this.maxValueBytes = maxValueBytes;
  }

  /**
   * Where a record came from and why it is dead.
   *
   * @param topic input topic; null when unknown, as in a punctuation
   * @param partition -1 when unknown
   * @param offset -1 when unknown
   * @param timestamp the record's, milliseconds; negative when unknown
   * @param reason a code, never content
   * @param exception class name of what was thrown
   */
  public record Origin(
      @Nullable String topic,
      int partition,
      long offset,
      long timestamp,
      String reason,
      String exception) {}

  /**
   * The dead letter of a record that a plain consumer read.
   *
   * @param reason a code, never content
   * @param exception class name of what was thrown; empty: nothing was
   */
  public ProducerRecord<byte[], byte[]> of(
      ConsumerRecord<byte[], byte[]> record, String reason, String exception) {
    return of(
        new Origin(
            record.topic(),
            record.partition(),
            record.offset(),
            record.timestamp(),
            reason,
            exception),
        record.key(),
        record.value(),
        record.headers());
  }

  /** The dead letter of an input record. */
  public ProducerRecord<byte[], byte[]> of(
      Origin origin,
      byte @Nullable [] key,
      byte @Nullable [] value,
      @Nullable Iterable<Header> originalHeaders) {
    int size = length(value);
    long rest = length(key) + length(originalHeaders);
    long beyond = Math.max(0, rest - USUAL_REST_BYTES);
    boolean isValueOmitted = size + beyond > maxValueBytes;
    boolean isRestOmitted = beyond > maxValueBytes;
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            topic,
            null,
            origin.timestamp() < 0 ? null : origin.timestamp(),
            isRestOmitted ? null : key,
            isValueOmitted ? null : value);
    Headers headers = record.headers();
    if (originalHeaders != null && !isRestOmitted) {
      originalHeaders.forEach(headers::add);
    }
    add(headers, EXCEPTION, origin.exception());
    add(headers, TOPIC, origin.topic() == null ? "" : origin.topic());
    add(headers, PARTITION, Integer.toString(origin.partition()));
    add(headers, OFFSET, Long.toString(origin.offset()));
    add(headers, REASON, origin.reason());
    add(headers, MODULE, module);
    if (isValueOmitted) {
      add(headers, OMITTED_BYTES, Long.toString(isRestOmitted ? size + rest : size));
    }
    return record;
  }

  private static int length(byte @Nullable [] bytes) {
    return bytes == null ? 0 : bytes.length;
  }

  private static long length(@Nullable Iterable<Header> headers) {
    long sum = 0;
    if (headers != null) {
      for (Header header : headers) {
        sum += header.key().length() + length(header.value());
      }
    }
    return sum;
  }

  private static void add(Headers headers, String name, String text) {
    headers.add(name, text.getBytes(StandardCharsets.UTF_8));
  }
}
