package dev.tributary.runtime.serde;

import dev.tributary.schemas.Topic;
import dev.tributary.schemas.Topics;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/**
 * CPU time per record of our serde and Confluent's in one JVM, interleaved; run by hand. Argument:
 * rounds (10). The ratio is what counts: the machine is shared.
 */
public final class SerdeComparison {

  private static final int RECORDS = 1_000;
  private static final int PASSES = 50;

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  /** Keeps the compiler from dropping the work. */
  private static long sink;

  private SerdeComparison() {}

  /** Prints one line per topic and direction. */
  public static void main(String[] args) throws Exception {
    int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 10;
    ConfluentClasses.with(
        () -> {
          measure(Topics.SPANS, rounds);
          measure(Topics.LEDGER, rounds);
          return null;
        });
    System.out.println("(" + sink + ")");
    System.exit(0);
  }

  private static <V extends SpecificRecord> void measure(Topic<?, V> topic, int rounds) {
    SerdeOptions options = SerdeOptions.of("mock://comparison");
    try (TopicSerdes ours = TopicSerdes.create(options);
        TopicSerdes theirs =
            TopicSerdes.create(
                options.withValueClasses(
                    ConfluentClasses.SERIALIZER, ConfluentClasses.DESERIALIZER, Map.of()))) {
      List<V> records = new ArrayList<>();
      RandomRecords random = new RandomRecords(RandomRecords.seed());
      for (int i = 0; i < RECORDS; i++) {
        records.add(random.next(topic.value()));
      }
      Side<V> thin = new Side<>(ours.value(topic), topic.name(), records);
      Side<V> real = new Side<>(theirs.value(topic), topic.name(), records);
      double[] best = {1e9, 1e9, 1e9, 1e9};
      for (int round = 0; round < rounds; round++) {
        best[0] = Math.min(best[0], nanos(thin::encode));
        best[1] = Math.min(best[1], nanos(real::encode));
        best[2] = Math.min(best[2], nanos(thin::decode));
        best[3] = Math.min(best[3], nanos(real::decode));
      }
      System.out.printf(
          "%s, %d bytes: encode thin %.0f ns, Confluent %.0f ns (x%.2f);"
              + " decode thin %.0f ns, Confluent %.0f ns (x%.2f)%n",
          topic.value().getSimpleName(),
          thin.averageBytes(),
          best[0],
          best[1],
          best[1] / best[0],
          best[2],
          best[3],
          best[3] / best[2]);
    }
  }

  private static double nanos(IntConsumer oneRecord) {
    long start = THREADS.getCurrentThreadCpuTime();
    for (int pass = 0; pass < PASSES; pass++) {
      for (int i = 0; i < RECORDS; i++) {
        oneRecord.accept(i);
      }
    }
    return (double) (THREADS.getCurrentThreadCpuTime() - start) / PASSES / RECORDS;
  }

  private static final class Side<V> {
    private final Serializer<V> serializer;
    private final Deserializer<V> deserializer;
    private final String topic;
    private final List<V> records;
    private final List<byte[]> encoded;

    Side(Serde<V> serde, String topic, List<V> records) {
      this.serializer = serde.serializer();
      this.deserializer = serde.deserializer();
      this.topic = topic;
      this.records = records;
      this.encoded = records.stream().map(r -> serializer.serialize(topic, r)).toList();
    }

    void encode(int i) {
      sink += serializer.serialize(topic, records.get(i)).length;
    }

    void decode(int i) {
      sink += deserializer.deserialize(topic, encoded.get(i)) == null ? 0 : 1;
    }

    long averageBytes() {
      return encoded.stream().mapToLong(bytes -> bytes.length).sum() / encoded.size();
    }
  }
}
