package dev.tributary.runtime.serde;

import java.util.Map;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/** Refuses values whose encoding is larger than what may be produced. */
final class SizeLimitedSerializer<V> implements Serializer<V> {
  private final Serializer<V> encoder;
  private final long maxBytes;

  SizeLimitedSerializer(Serializer<V> encoder, long maxBytes) {
    this.encoder = encoder;
    this.maxBytes = maxBytes;
  }

  @Override
  public void configure(Map<String, ?> configs, boolean isKey) {
    encoder.configure(configs, isKey);
  }

  @Override
  public byte @Nullable [] serialize(String topic, @Nullable V value) {
    return checked(topic, encoder.serialize(topic, value));
  }

  @Override
  public byte @Nullable [] serialize(String topic, Headers headers, @Nullable V value) {
    return checked(topic, encoder.serialize(topic, headers, value));
  }

  private byte @Nullable [] checked(String topic, byte @Nullable [] bytes) {
    if (bytes != null && bytes.length > maxBytes) {
      throw new RecordTooLargeException(
          "a value for " + topic + " has " + bytes.length + " bytes; at most " + maxBytes);
    }
    return bytes;
  }

  @Override
  public void close() {
    encoder.close();
  }
}
