package dev.tributary.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tributary.attribution.core.Book;
import dev.tributary.attribution.core.BookOptions;
import dev.tributary.attribution.core.RandomTrace;
import dev.tributary.attribution.core.ReferenceView;
import dev.tributary.runtime.testing.ChildProcess;
import dev.tributary.runtime.testing.KafkaTestCluster;
import dev.tributary.runtime.testing.Seeds;
import dev.tributary.schemas.Keys;
import dev.tributary.schemas.LedgerEntry;
import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.Reference;
import dev.tributary.schemas.Span;
import dev.tributary.schemas.Topics;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

/**
 * The law through a real broker: three partitions, two instances, one of them killed by SIGKILL at
 * seeded moments. Net lines and sums are exact, and every entry obeys the law in the order of its
 * partition.
 */
class AttributionIT {
  private static final int PARTITIONS = 3;
  private static final int TRACES = Integer.getInteger("tributary.it.traces", 120);
  private static final int KILLS = Integer.getInteger("tributary.it.kills", 3);
  private static final Duration PATIENCE = Duration.ofSeconds(150);

  private final SchemaCodec codec = new SchemaCodec();

  @Test
  void net_twoInstancesAndKills() throws InterruptedException {
    long seed = Seeds.one();
    Random random = new Random(seed);
    try (RegistryServer registry = RegistryServer.start();
        KafkaTestCluster cluster = KafkaTestCluster.start()) {
      cluster.create(
          PARTITIONS,
          List.of(
              Topics.SPANS,
              Topics.CORRECTIONS,
              Topics.REF,
              Topics.LEDGER,
              Topics.TRACES,
              Topics.SESSIONS,
              Topics.REJECTED,
              Topics.SIGNALS,
              Topics.DLQ));
      try (Run run = new Run(cluster, registry)) {
        run.publish(TestReference.first());
        List<RandomTrace> traces = traces(random);
        run.feed(traces, random);
        Map<String, byte[]> expected = expected(traces);
        await()
            .atMost(PATIENCE)
            .pollInterval(Duration.ofSeconds(1))
            .untilAsserted(
                () -> assertThat(net(run).netBytes().keySet()).isEqualTo(expected.keySet()));
        assertExact(seed, net(run), expected);
      }
    }
  }

  private static List<RandomTrace> traces(Random random) {
    List<RandomTrace> traces = new ArrayList<>();
    for (int i = 1; i <= TRACES; i++) {
      traces.add(new RandomTrace(random, i, 1 + random.nextInt(i % 20 == 0 ? 200 : 15)));
    }
    return traces;
  }

  private Map<String, byte[]> expected(List<RandomTrace> traces) {
    ReferenceView view = TestReference.first().index().view(1);
    Map<String, byte[]> lines = new TreeMap<>();
    for (RandomTrace trace : traces) {
      if (!trace.distinct().isEmpty()) {
        Book.book(trace.distinct(), view, BookOptions.closed(view))
            .forEachLine(
                line -> lines.put(line.getSource() + "|" + line.getItem(), codec.encode(line)));
      }
    }
    return lines;
  }

  private static LedgerLaw net(Run run) {
    LedgerLaw law = new LedgerLaw();
    Deserializer<LedgerEntry> reader = run.ledgerReader();
    for (ConsumerRecord<String, byte[]> record :
        run.cluster.read(
            Topics.LEDGER.name(),
            new StringDeserializer(),
            new ByteArrayDeserializer(),
            "read_committed")) {
      law.accept(reader.deserialize(Topics.LEDGER.name(), record.value()), record.value());
    }
    return law;
  }

  private void assertExact(long seed, LedgerLaw law, Map<String, byte[]> expected) {
    BigDecimal cost = BigDecimal.ZERO;
    Map<String, byte[]> net = law.netBytes();
    for (Map.Entry<String, byte[]> line : expected.entrySet()) {
      LedgerLine wanted = codec.decodeLine(line.getValue());
      assertThat(net.get(line.getKey()))
          .as("seed %d, line %s: %s", seed, line.getKey(), wanted)
          .isEqualTo(line.getValue());
      cost = wanted.getCost() == null ? cost : cost.add(wanted.getCost());
    }
    assertThat(law.cost()).as("cost, seed %d", seed).isEqualByComparingTo(cost);
  }

  /** Two instances in processes of their own; the first is killed and started again. */
  private static final class Run implements AutoCloseable {
    private final KafkaTestCluster cluster;
    private final RegistryServer registry;
    private final Map<String, ChildProcess> instances = new HashMap<>();

    Run(KafkaTestCluster cluster, RegistryServer registry) {
      this.cluster = cluster;
      this.registry = registry;
      start("one");
      start("two");
    }

    private void start(String name) {
      Map<String, String> settings = new HashMap<>(cluster.settings(name));
      settings.put("tributary.registry.url", registry.url());
      settings.put("tributary.topics.partitions", Integer.toString(PARTITIONS));
      settings.put("tributary.attribution.clock-idle", "1s");
      settings.put("tributary.attribution.settle", "2s");
      settings.put("tributary.attribution.book-after", "4s");
      settings.put("tributary.attribution.idle-close", "8s");
      List<String> jvm = new ArrayList<>(List.of("-Xmx256m"));
      settings.forEach((key, value) -> jvm.add("-D" + key + "=" + value));
      instances.put(name, ChildProcess.start(AttributionMain.class, jvm, Map.of()));
    }

    void publish(TestReference reference) {
      try (KafkaProducer<String, Reference> producer =
          cluster.producer(
              new StringSerializer(), registry.serdes().value(Topics.REF).serializer())) {
        reference
            .all()
            .forEach(
                (key, value) -> producer.send(new ProducerRecord<>(Topics.REF.name(), key, value)));
        producer.flush();
      }
    }

    /** Sends all spans in random order, and kills the first instance on the way. */
    void feed(List<RandomTrace> traces, Random random) throws InterruptedException {
      List<Span> spans = new ArrayList<>();
      traces.forEach(trace -> spans.addAll(trace.copies()));
      Collections.shuffle(spans, random);
      try (KafkaProducer<String, Span> producer =
          cluster.producer(
              new StringSerializer(), registry.serdes().value(Topics.SPANS).serializer())) {
        int chunk = Math.max(1, spans.size() / (KILLS + 1));
        for (int i = 0; i < spans.size(); i++) {
          Span span = spans.get(i);
          producer.send(
              new ProducerRecord<>(
                  Topics.SPANS.name(), Keys.trace(span.getTenant(), span.getTraceId()), span));
          if (i % chunk == chunk - 1) {
            producer.flush();
            killSoon(random);
          }
        }
        producer.flush();
      }
    }

    /** Waits until the ledger moves on, then a seeded moment longer, so that kills hit work. */
    private void killSoon(Random random) throws InterruptedException {
      long before = readLedger();
      Duration delay = Duration.ofMillis(random.nextInt(900));
      await()
          .atMost(Duration.ofSeconds(60))
          .pollDelay(delay)
          .pollInterval(Duration.ofMillis(200))
          .until(() -> readLedger() > before || delay.toMillis() < 300);
      String victim = random.nextBoolean() ? "one" : "two";
      ChildProcess process = instances.get(victim);
      if (process != null) {
        process.kill();
      }
      start(victim);
    }

    private long readLedger() {
      return cluster
          .read(
              Topics.LEDGER.name(),
              new StringDeserializer(),
              new ByteArrayDeserializer(),
              "read_committed")
          .size();
    }

    Deserializer<LedgerEntry> ledgerReader() {
      return registry.serdes().value(Topics.LEDGER).deserializer();
    }

    @Override
    public void close() {
      instances.values().forEach(ChildProcess::close);
    }
  }
}
