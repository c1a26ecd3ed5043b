package dev.tributary.runtime.serde;

import java.util.Map;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Refuses records without a value. Only on compacted topics do they mean something; elsewhere
 * nobody expects them, and the first processor that met one would stop its application for good.
 */
final class ValueRequiredDeserializer<V> implements Deserializer<V> {
  private final Deserializer<V> decoder;

  ValueRequiredDeserializer(Deserializer<V> decoder) {
    this.decoder = decoder;
  }

  @Override
  public void configure(Map<String, ?> configs, boolean isKey) {
    decoder.configure(configs, isKey);
  }

  @Override
  public V deserialize(String topic, byte @Nullable [] data) {
    return decoder.deserialize(topic, required(topic, data));
  }

  @Override
  public V deserialize(String topic, Headers headers, byte @Nullable [] data) {
    return decoder.deserialize(topic, headers, required(topic, data));
  }

  private static byte[] required(String topic, byte @Nullable [] data) {
    if (data == null) {
      throw new SerializationException("topic " + topic + ": a record without a value");
    }
    return data;
  }

  @Override
  public void close() {
    decoder.close();
  }
}
