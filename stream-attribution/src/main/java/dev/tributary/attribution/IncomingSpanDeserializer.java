package dev.tributary.attribution;

import dev.tributary.schemas.Span;
import java.util.Arrays;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads spans and keeps their Avro bytes, which the join stores as they are. That is right only for
 * records of exactly our schema: those whose frame (magic byte and schema id) is the one the
 * configured serializer writes. Others are encoded again.
 */
final class IncomingSpanDeserializer implements Deserializer<Object> {
  private static final int FRAME_BYTES = 5;
  private static final byte[] UNKNOWN = {};

  private final Deserializer<Span> reader;
  private final Serializer<Span> writer;
  private final ThreadLocal<SchemaCodec> codec = ThreadLocal.withInitial(SchemaCodec::new);
  private volatile byte @Nullable [] ownFrame;

  IncomingSpanDeserializer(Deserializer<Span> reader, Serializer<Span> writer) {
    this.reader = reader;
    this.writer = writer;
  }

  @Override
  public Object deserialize(String topic, byte[] record) {
    Span span = reader.deserialize(topic, record);
    byte[] frame = ownFrame;
    if (frame == null) {
      frame = frameOf(topic, span);
      ownFrame = frame;
    }
    boolean isOwn =
        frame.length == FRAME_BYTES
            && record.length > FRAME_BYTES
            && Arrays.equals(record, 0, FRAME_BYTES, frame, 0, FRAME_BYTES);
    byte[] content =
        isOwn ? Arrays.copyOfRange(record, FRAME_BYTES, record.length) : codec.get().encode(span);
    return new IncomingSpan(span, content);
  }

  /** Our frame; empty where the serializer has another format, or may not register. */
  private byte[] frameOf(String topic, Span span) {
    byte[] body = codec.get().encode(span);
    byte[] written;
    try {
      written = writer.serialize(topic, span);
    } catch (SerializationException e) {
      return UNKNOWN;
    }
    boolean isFramed = written.length == FRAME_BYTES + body.length && written[0] == 0;
    return isFramed ? Arrays.copyOf(written, FRAME_BYTES) : UNKNOWN;
  }
}
