package dev.tributary.runtime.serde;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.schemas.MinuteClosed;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.Test;

/**
 * Avro 1.12.2 refuses to decode classes it was not told to trust (platform facts, Avro in Java);
 * our serdes must tell it. Runs in JVMs of their own without the property that this build sets.
 */
final class AvroTrustIT {

  @Test
  void decode_freshJvmWithTopicSerdes_works() throws Exception {
    assertThat(run("serdes")).isEqualTo("decoded");
  }

  @Test
  void decode_freshJvmWithoutTopicSerdes_isForbidden() throws Exception {
    assertThat(run("plain")).contains("SecurityException").contains("dev.tributary.schemas");
  }

  private static String run(String mode) throws Exception {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName(),
                mode)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String out = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return out.trim();
  }

  /** Builds a record by hand: the test's generator would install the trust itself. */
  static final class Child {
    public static void main(String[] args) throws IOException {
      MinuteClosed record = new MinuteClosed(1L, 2, Map.of("a", 3L), List.of());
      if (args[0].equals("serdes")) {
        try (TopicSerdes serdes = TopicSerdes.inMemory()) {
          Serde<MinuteClosed> serde = serdes.avro(MinuteClosed.class);
          byte[] bytes = serde.serializer().serialize("t", record);
          boolean same = serde.deserializer().deserialize("t", bytes).equals(record);
          System.out.println(same ? "decoded" : "different");
        }
        return;
      }
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
      new SpecificDatumWriter<>(MinuteClosed.class).write(record, encoder);
      encoder.flush();
      try {
        DatumReader<MinuteClosed> reader = new SpecificDatumReader<>(MinuteClosed.class);
        reader.read(
            null,
            DecoderFactory.get().binaryDecoder(new ByteArrayInputStream(out.toByteArray()), null));
        System.out.println("decoded");
      } catch (SecurityException e) {
        System.out.println(e);
      }
    }
  }
}
