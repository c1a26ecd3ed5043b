package dev.tributary.cost;

import dev.tributary.cost.core.MergeInput;
import dev.tributary.cost.core.WindowCodec;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.jspecify.annotations.Nullable;

/** Serde of the repartition topic, which nobody but this module reads. */
final class MergeInputSerde {
  // A topology's serdes are shared by its threads; a codec is not.
  private static final ThreadLocal<WindowCodec> CODEC = ThreadLocal.withInitial(WindowCodec::new);

  private MergeInputSerde() {}

  static Serde<MergeInput> create() {
    return Serdes.serdeFrom(
        (topic, input) -> CODEC.get().encode(input), MergeInputSerde::deserialize);
  }

  private static @Nullable MergeInput deserialize(String topic, byte @Nullable [] bytes) {
    if (bytes == null) {
      return null;
    }
    try {
      return CODEC.get().decodeInput(bytes);
    } catch (IllegalArgumentException e) {
      throw new SerializationException("record of " + topic + ": " + e.getMessage(), e);
    }
  }
}
