package dev.tributary.runtime.errors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.runtime.metrics.MetricNames;
import dev.tributary.runtime.metrics.ModuleMetrics;
import dev.tributary.runtime.serde.HttpRegistryClient;
import dev.tributary.runtime.serde.SchemaRegistryException;
import dev.tributary.runtime.serde.SerdeOptions;
import dev.tributary.runtime.testing.LocalServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.errors.DeserializationExceptionHandler;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProcessingExceptionHandler;
import org.apache.kafka.streams.errors.ProductionExceptionHandler;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which faults are a record's own, and which must stop the application before it loses any. */
class ErrorHandlersTest {
  private static final ConsumerRecord<byte[], byte[]> RECORD =
      new ConsumerRecord<>("in", 3, 7, bytes("k"), bytes("v"));

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

  /** Where Kafka was when it asked. */
  private record Place(@Nullable String topic, int subtopology) implements ErrorHandlerContext {
    @Override
    public int partition() {
      return 3;
    }

    @Override
    public long offset() {
      return 7;
    }

    @Override
    public Headers headers() {
      return new RecordHeaders();
    }

    @Override
    public String processorNodeId() {
      return "node";
    }

    @Override
    public TaskId taskId() {
      return new TaskId(subtopology, 3);
    }

    @Override
    public long timestamp() {
      return 1_000;
    }

    @Override
    public byte[] sourceRawKey() {
      return bytes("k");
    }

    @Override
    public byte[] sourceRawValue() {
      return bytes("v");
    }
  }

  private static final Place TASK = new Place("in", 0);

  /** Kafka's own number for the thread that reads reference data. */
  private static final Place GLOBAL = new Place("in", -1);

  private Map<String, ?> routes(boolean isTransactional) {
    DeadLetters letters = new DeadLetters("dlq", "m", 1_000);
    return Map.of(
        ErrorRoutes.CONFIG,
        new ErrorRoutes(letters, new ModuleMetrics(meters, "m"), isTransactional));
  }

  private DeserializationExceptionHandler.Response undecodable(Place place, Exception fault) {
    DeserializationErrorRoute route = new DeserializationErrorRoute();
    route.configure(routes(true));
    return route.handleError(place, RECORD, fault);
  }

  private double counted(String name) {
    return meters.find(name).counters().stream().mapToDouble(counter -> counter.count()).sum();
  }

  @Test
  void deserialize_garbage_isADeadLetterOfItsPlace() {
    var response = undecodable(TASK, new SerializationException("garbage"));

    assertThat(response.result()).isEqualTo(DeserializationExceptionHandler.Result.RESUME);
    assertThat(response.deadLetterQueueRecords()).hasSize(1);
    ProducerRecord<byte[], byte[]> letter = response.deadLetterQueueRecords().get(0);
    assertThat(letter.key()).isEqualTo(bytes("k"));
    assertThat(letter.value()).isEqualTo(bytes("v"));
    assertThat(letter.timestamp()).isEqualTo(1_000);
    assertThat(letter.headers().lastHeader(DeadLetters.PARTITION).value()).isEqualTo(bytes("3"));
    assertThat(counted(MetricNames.RECEIVED)).isEqualTo(1);
    assertThat(counted(MetricNames.DEAD_LETTERED)).isEqualTo(1);
  }

  /** The record is fine: as a dead letter it would be lost to every sum. */
  @Test
  void deserialize_registryDoesNotAnswer_stops() {
    var response =
        undecodable(TASK, new SerializationException("x", new TimeoutException("registry")));

    assertThat(response.result()).isEqualTo(DeserializationExceptionHandler.Result.FAIL);
    assertThat(response.deadLetterQueueRecords()).isEmpty();
    assertThat(counted(MetricNames.RECEIVED)).isZero();
  }

  /** Wrong credentials, and an address that leads elsewhere: a proxy knows no schema ids. */
  @ParameterizedTest
  @ValueSource(ints = {401, 403, 404, 409})
  void deserialize_registryRefuses_stops(int status) throws IOException {
    var response = undecodable(TASK, new SerializationException("x", refusal(status)));

    assertThat(response.result()).isEqualTo(DeserializationExceptionHandler.Result.FAIL);
    assertThat(response.deadLetterQueueRecords()).isEmpty();
  }

  private static SchemaRegistryException refusal(int status) throws IOException {
    try (LocalServer server =
            LocalServer.start(
                "/", exchange -> LocalServer.answer(exchange, status, bytes("no registry")));
        HttpRegistryClient client =
            new HttpRegistryClient(SerdeOptions.of(server.base().toString()))) {
      client.schemaById(1);
      throw new AssertionError("the answer was taken");
    } catch (SchemaRegistryException e) {
      return e;
    }
  }

  /** That thread has no producer. */
  @Test
  void deserialize_undecodableReferenceData_isLeftOutAndCounted() {
    var response = undecodable(GLOBAL, new SerializationException("garbage"));

    assertThat(response.result()).isEqualTo(DeserializationExceptionHandler.Result.RESUME);
    assertThat(response.deadLetterQueueRecords()).isEmpty();
    assertThat(counted(MetricNames.DROPPED)).isEqualTo(1);
    assertThat(counted(MetricNames.DEAD_LETTERED)).isZero();
  }

  private ProcessingExceptionHandler.Response process(Place place, Exception fault) {
    ProcessingErrorRoute route = new ProcessingErrorRoute();
    route.configure(routes(true));
    return route.handleError(place, new Record<>("k", "v", 0), fault);
  }

  /** There is no record that could be kept. */
  @Test
  void process_undecodableInAPunctuation_stops() {
    var response = process(new Place(null, 0), new UndecodableRecordException("R"));

    assertThat(response.result()).isEqualTo(ProcessingExceptionHandler.Result.FAIL);
    assertThat(response.deadLetterQueueRecords()).isEmpty();
  }

  @Test
  void process_undecodableWithinAnotherFault_isADeadLetter_andAnyOtherStops() {
    var wrapped = process(TASK, new RuntimeException(new UndecodableRecordException("R")));
    var other = process(TASK, new RuntimeException("a bug"));

    assertThat(wrapped.result()).isEqualTo(ProcessingExceptionHandler.Result.RESUME);
    assertThat(wrapped.deadLetterQueueRecords()).hasSize(1);
    assertThat(other.result()).isEqualTo(ProcessingExceptionHandler.Result.FAIL);
    assertThat(other.deadLetterQueueRecords()).isEmpty();
  }

  private ProductionExceptionHandler.Response produce(
      boolean isTransactional, String topic, Exception fault) {
    ProductionErrorRoute route = new ProductionErrorRoute();
    route.configure(routes(isTransactional));
    return route.handleError(TASK, new ProducerRecord<>(topic, bytes("k"), bytes("v")), fault);
  }

  private ProductionExceptionHandler.Response serialize(String topic, Exception fault) {
    ProductionErrorRoute route = new ProductionErrorRoute();
    route.configure(routes(true));
    return route.handleSerializationError(
        TASK,
        new ProducerRecord<>(topic, "k", "v"),
        fault,
        ProductionExceptionHandler.SerializationExceptionOrigin.VALUE);
  }

  @Test
  void produce_tooLarge_isSurvivedOutsideTransactionsOnly() {
    RecordTooLargeException tooLarge = new RecordTooLargeException("x");

    assertThat(produce(false, "out", tooLarge).result())
        .isEqualTo(ProductionExceptionHandler.Result.RESUME);
    assertThat(produce(true, "out", tooLarge).result())
        .isEqualTo(ProductionExceptionHandler.Result.FAIL);
    assertThat(serialize("out", tooLarge).result())
        .isEqualTo(ProductionExceptionHandler.Result.RESUME);
    assertThat(serialize("out", tooLarge).deadLetterQueueRecords()).hasSize(1);
  }

  /**
   * A changelog without it would restore another state, a repartition topic would lose a record.
   */
  @ParameterizedTest
  @ValueSource(strings = {"app-store-changelog", "app-sums-repartition"})
  void produce_tooLargeForAnInternalTopic_stops(String topic) {
    RecordTooLargeException tooLarge = new RecordTooLargeException("x");

    assertThat(produce(false, topic, tooLarge).result())
        .isEqualTo(ProductionExceptionHandler.Result.FAIL);
    assertThat(serialize(topic, tooLarge).result())
        .isEqualTo(ProductionExceptionHandler.Result.FAIL);
  }

  @Test
  void produce_anyOtherFault_stops() {
    for (Exception fault :
        List.of(new TimeoutException("broker"), new SerializationException("a bug"))) {
      assertThat(produce(false, "out", fault).result())
          .isEqualTo(ProductionExceptionHandler.Result.FAIL);
      assertThat(serialize("out", fault).result())
          .isEqualTo(ProductionExceptionHandler.Result.FAIL);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
