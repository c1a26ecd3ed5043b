package dev.tributary.embedded.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EmbeddedBrokerIT {

  private static final String TOPIC = "numbers";

  @TempDir Path dir;

  @Test
  void broker_restartedOnTheSameDirectory_keepsRecordsOnAnotherPort() throws Exception {
    // Given
    EmbeddedBroker.Options options = new EmbeddedBroker.Options(dir.resolve("kafka"), 0);
    String firstAddress;
    try (EmbeddedBroker first = EmbeddedBroker.start(options)) {
      firstAddress = first.bootstrapServers();
      createTopic(firstAddress);
      writeTransaction(firstAddress, 0, 100, true);
    }

    // When
    List<String> found;
    String secondAddress;
    try (EmbeddedBroker second = EmbeddedBroker.start(options)) {
      secondAddress = second.bootstrapServers();
      found = readCommitted(secondAddress, 100);
    }

    // Then
    assertThat(found).isEqualTo(numbers(0, 100));
    assertThat(secondAddress).isNotEqualTo(firstAddress);
  }

  @Test
  void broker_killedWithAnOpenTransaction_keepsCommittedAndAbortsTheRest() throws Exception {
    // Given
    Process first = child();
    String firstAddress = readyAddress(first);
    createTopic(firstAddress);
    writeTransaction(firstAddress, 0, 50, true);
    writeTransaction(firstAddress, 50, 60, false);
    first.destroyForcibly().waitFor(20, TimeUnit.SECONDS);

    // When
    Process second = child();
    List<String> found;
    try {
      String secondAddress = readyAddress(second);
      writeTransaction(secondAddress, 100, 110, true);
      found = readCommitted(secondAddress, 60);
    } finally {
      second.getOutputStream().close();
    }

    // Then
    List<String> expected = new ArrayList<>(numbers(0, 50));
    expected.addAll(numbers(100, 110));
    assertThat(found).isEqualTo(expected);
    assertThat(second.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(second.exitValue()).isZero();
  }

  @Test
  void start_portInUse_saysWhichPort() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      int port = taken.getLocalPort();

      assertThatThrownBy(() -> EmbeddedBroker.start(new EmbeddedBroker.Options(dir, port)))
          .isInstanceOf(EmbeddedBrokerException.class)
          .hasMessageContaining("port " + port)
          .hasMessageContaining("in use");
    }
  }

  private Process child() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            EmbeddedBrokerMain.class.getName(),
            dir.resolve("child").toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static String readyAddress(Process broker) throws IOException {
    BufferedReader out =
        new BufferedReader(new InputStreamReader(broker.getInputStream(), StandardCharsets.UTF_8));
    String line = out.readLine();
    assertThat(line).startsWith(EmbeddedBrokerMain.READY + " 127.0.0.1:");
    return line.substring(EmbeddedBrokerMain.READY.length() + 1);
  }

  private static void createTopic(String address) throws InterruptedException, ExecutionException {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", address))) {
      admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1))).all().get();
    }
  }

  /**
   * Leaves the transaction open when it shall not commit; its id is its own, so nobody fences it.
   */
  private static void writeTransaction(String address, int from, int to, boolean commit) {
    KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                address,
                "transactional.id",
                "writer-" + from,
                "transaction.timeout.ms",
                2000),
            new StringSerializer(),
            new StringSerializer());
    try {
      producer.initTransactions();
      producer.beginTransaction();
      numbers(from, to).forEach(n -> producer.send(new ProducerRecord<>(TOPIC, n, n)));
      producer.flush();
      if (commit) {
        producer.commitTransaction();
      }
    } finally {
      producer.close(Duration.ZERO);
    }
  }

  private static List<String> readCommitted(String address, int count) {
    List<String> values = new ArrayList<>();
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", address, "isolation.level", "read_committed"),
            new StringDeserializer(),
            new StringDeserializer())) {
      TopicPartition partition = new TopicPartition(TOPIC, 0);
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      Awaitility.await("records readable under read_committed")
          .atMost(Duration.ofSeconds(30))
          .until(
              () -> {
                consumer.poll(Duration.ofMillis(200)).forEach(r -> values.add(r.value()));
                return values.size() >= count;
              });
    }
    return values;
  }

  private static List<String> numbers(int from, int to) {
    return IntStream.range(from, to).mapToObj(Integer::toString).toList();
  }
}
