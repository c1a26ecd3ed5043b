package dev.tributary.runtime.errors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.runtime.metrics.InputMetrics;
import dev.tributary.runtime.metrics.MetricNames;
import dev.tributary.runtime.metrics.ModuleMetrics;
import dev.tributary.runtime.run.AppContext;
import dev.tributary.runtime.run.StreamsApp;
import dev.tributary.runtime.serde.SerdeOptions;
import dev.tributary.runtime.serde.TopicSerdes;
import dev.tributary.runtime.testing.ConservationCheck;
import dev.tributary.runtime.testing.TestClock;
import dev.tributary.runtime.testing.TopologyFixture;
import dev.tributary.schemas.Rejected;
import dev.tributary.schemas.Topics;
import java.io.EOFException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TransactionAbortedException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/** The routes as a topology meets them; the real broker is in {@code StreamsRunnerIT}. */
class ErrorRoutesTest {
  private static final StreamsApp APP =
      new StreamsApp("routes", List.of(), ErrorRoutesTest::topology);
  private static final String COPIES = "copies";
  private static final int MAX_VALUE_BYTES = 2_000;

  @Test
  void undecodable_goesToDeadLettersAndTheNextRecordIsProcessed() {
    try (TopologyFixture fixture = TopologyFixture.of(APP)) {
      byte[] garbage = "no avro at all".getBytes(StandardCharsets.UTF_8);
      fixture.rawInput(Topics.REJECTED).pipeInput(bytes("k"), garbage, TopologyFixture.START);
      fixture.input(Topics.REJECTED).pipeInput("k", rejected("fine"), TopologyFixture.START);

      List<TestRecord<byte[], byte[]>> letters = fixture.records(Topics.DLQ);

      assertThat(letters).hasSize(1);
      TestRecord<byte[], byte[]> letter = letters.get(0);
      assertThat(letter.value()).isEqualTo(garbage);
      assertThat(letter.key()).isEqualTo(bytes("k"));
      assertThat(header(letter, DeadLetters.TOPIC)).isEqualTo(Topics.REJECTED.name());
      assertThat(header(letter, DeadLetters.PARTITION)).isEqualTo("0");
      assertThat(header(letter, DeadLetters.OFFSET)).isEqualTo("0");
      assertThat(header(letter, DeadLetters.REASON))
          .isEqualTo(DeserializationErrorRoute.UNDECODABLE);
      assertThat(header(letter, DeadLetters.MODULE)).isEqualTo("routes");
      assertThat(copies(fixture)).isEqualTo(1);
      assertThat(fixture.count(MetricNames.DEAD_LETTERED)).isEqualTo(1);
      new ConservationCheck(fixture.meters(), "routes").assertHolds();
    }
  }

  @Test
  void processorFindsItUndecodable_isADeadLetterWithoutContentInItsHeaders() {
    try (TopologyFixture fixture = TopologyFixture.of(APP)) {
      fixture.input(Topics.REJECTED).pipeInput("k", rejected("poison secret"));

      TestRecord<byte[], byte[]> letter = fixture.records(Topics.DLQ).get(0);

      assertThat(header(letter, DeadLetters.REASON)).isEqualTo("SPAN_TRUNCATED");
      for (Header header : letter.headers()) {
        assertThat(new String(header.value(), StandardCharsets.UTF_8)).doesNotContain("secret");
      }
      assertThat(fixture.count(MetricNames.DEAD_LETTERED)).isEqualTo(1);
      new ConservationCheck(fixture.meters(), "routes").assertHolds();
    }
  }

  @Test
  void anyOtherFault_stops() {
    try (TopologyFixture fixture = TopologyFixture.of(APP)) {
      assertThatThrownBy(() -> fixture.input(Topics.REJECTED).pipeInput("k", rejected("bug")))
          .hasStackTraceContaining("a bug");
      assertThat(fixture.records(Topics.DLQ)).isEmpty();
    }
  }

  @Test
  void outputTooLarge_inputGoesToDeadLettersAndTheNextRecordIsProcessed() {
    try (TopologyFixture fixture = TopologyFixture.of(APP)) {
      fixture
          .input(Topics.REJECTED)
          .pipeInput("big", rejected("x".repeat(MAX_VALUE_BYTES)), TopologyFixture.START);
      fixture.input(Topics.REJECTED).pipeInput("k", rejected("fine"), TopologyFixture.START);

      TestRecord<byte[], byte[]> letter = fixture.records(Topics.DLQ).get(0);

      assertThat(letter.key()).isEqualTo(bytes("big"));
      assertThat(letter.value()).hasSizeGreaterThan(MAX_VALUE_BYTES);
      assertThat(header(letter, DeadLetters.REASON)).isEqualTo(ProductionErrorRoute.TOO_LARGE);
      assertThat(fixture.count(MetricNames.OUTPUT_DEAD_LETTERED)).isEqualTo(1);
      assertThat(copies(fixture)).isEqualTo(1);
    }
  }

  @Test
  void deadLetter_valueTooLarge_statesItsSizeInstead() {
    DeadLetters letters = new DeadLetters("dlq", "m", 10);
    DeadLetters.Origin origin = new DeadLetters.Origin("in", 1, 2, -1, "R", "E");

    var letter = letters.of(origin, null, new byte[11], null);

    assertThat(letter.value()).isNull();
    assertThat(letter.timestamp()).isNull();
    assertThat(letter.headers().lastHeader(DeadLetters.OMITTED_BYTES).value())
        .isEqualTo(bytes("11"));
  }

  /** A letter that is refused itself would stop the application at this record for good. */
  @Test
  void deadLetter_keyAndHeadersTooLarge_areLeftOutToo() {
    DeadLetters letters = new DeadLetters("dlq", "m", 20_000);
    DeadLetters.Origin origin = new DeadLetters.Origin("in", 1, 2, -1, "R", "E");
    List<Header> long15 = List.of(new RecordHeader("long", new byte[15_000]));

    var fits = letters.of(origin, bytes("k"), new byte[12_000], long15);
    assertThat(fits.value()).hasSize(12_000);
    assertThat(fits.headers().lastHeader("long")).isNotNull();

    var withoutValue = letters.of(origin, bytes("k"), new byte[15_000], long15);
    assertThat(withoutValue.value()).isNull();
    assertThat(withoutValue.key()).isEqualTo(bytes("k"));
    assertThat(withoutValue.headers().lastHeader("long")).isNotNull();

    var bare = letters.of(origin, new byte[30_000], new byte[1], long15);
    assertThat(bare.key()).isNull();
    assertThat(bare.value()).isNull();
    assertThat(bare.headers().lastHeader("long")).isNull();
    assertThat(bare.headers().lastHeader(DeadLetters.OFFSET).value()).isEqualTo(bytes("2"));
    assertThat(bare.headers().lastHeader(DeadLetters.OMITTED_BYTES).value())
        .isEqualTo(bytes("45005"));
  }

  @Test
  void transientFault_isToldFromATruncatedRecord() {
    assertThat(Faults.isTransient(new RuntimeException(new TimeoutException("registry")))).isTrue();
    assertThat(Faults.isTransient(new RuntimeException(new EOFException()))).isFalse();
    assertThat(Faults.describe(new RuntimeException("secret", new EOFException("secret"))))
        .isEqualTo("RuntimeException <- EOFException");
  }

  @Test
  void recoverableFault_isATransactionThatEndedWithoutTheThread_orStateThatIsDamaged() {
    assertThat(Faults.isRecoverable(new TimeoutException("registry"))).isTrue();
    for (Exception overtaken :
        List.of(
            new InvalidTxnStateException("committed too late"),
            new OutOfOrderSequenceException("sent too late"),
            new ProducerFencedException("another instance has the task"),
            new TransactionAbortedException("timed out"),
            new ProcessorStateException(damage(Status.Code.Corruption)))) {
      assertThat(Faults.isRecoverable(new StreamsException(overtaken)))
          .as("%s", overtaken)
          .isTrue();
      assertThat(Faults.isTransient(new StreamsException(overtaken))).as("%s", overtaken).isFalse();
    }
    assertThat(
            Faults.isRecoverable(
                new StreamsException(new TransactionalIdAuthorizationException("not allowed"))))
        .isFalse();
  }

  /** It is not damaged, and to begin anew would write even more. */
  @Test
  void recoverableFault_isNotADiskThatIsFull() {
    assertThat(Faults.isRecoverable(new ProcessorStateException(damage(Status.Code.IOError))))
        .isFalse();
    assertThat(Faults.isRecoverable(new ProcessorStateException("locked"))).isFalse();
  }

  private static RocksDBException damage(Status.Code code) {
    return new RocksDBException(new Status(code, Status.SubCode.None, "as RocksDB says it"));
  }

  @Test
  void threshold_tooManyFaultsWithinTheInterval_isOver() {
    TestClock clock = new TestClock(Instant.EPOCH);
    FaultThreshold threshold = new FaultThreshold(2, Duration.ofMinutes(1), clock);

    assertThat(threshold.bears()).isTrue();
    assertThat(threshold.bears()).isTrue();
    assertThat(threshold.bears()).isFalse();
    clock.advance(Duration.ofMinutes(2));
    assertThat(threshold.bears()).isTrue();
  }

  /** Each fault counts for the interval from its own moment, and no longer. */
  @Test
  void threshold_faultsSpreadOverTime_areBorneForEver() {
    TestClock clock = new TestClock(Instant.EPOCH);
    FaultThreshold threshold = new FaultThreshold(2, Duration.ofMinutes(1), clock);

    for (int i = 0; i < 10; i++) {
      assertThat(threshold.bears()).as("fault %d", i).isTrue();
      clock.advance(Duration.ofSeconds(31));
    }
    assertThat(threshold.bears()).isTrue();
    assertThat(threshold.bears()).as("the third within a minute").isFalse();
  }

  @Test
  void threshold_ofNone_bearsNone() {
    FaultThreshold none =
        new FaultThreshold(0, Duration.ofMinutes(1), new TestClock(Instant.EPOCH));

    assertThat(none.bears()).isFalse();
  }

  /** The largest value is kept, beside key and headers of the usual size. */
  @Test
  void deadLetter_largestValue_isKept() {
    DeadLetters letters = new DeadLetters("dlq", "m", 10);
    DeadLetters.Origin origin = new DeadLetters.Origin("in", 1, 2, 5_000, "R", "E");
    List<Header> usual = List.of(new RecordHeader("h", new byte[(8 << 10) - 2]));

    var kept = letters.of(origin, new byte[1], new byte[10], usual);
    var omitted = letters.of(origin, new byte[2], new byte[10], usual);

    assertThat(kept.value()).hasSize(10);
    assertThat(kept.timestamp()).isEqualTo(5_000);
    assertThat(kept.headers().lastHeader(DeadLetters.OMITTED_BYTES)).isNull();
    assertThat(omitted.value()).isNull();
    assertThat(omitted.key()).hasSize(2);
  }

  private static Topology topology(AppContext context) {
    ModuleMetrics metrics = new ModuleMetrics(context.meters(), "routes");
    // The limit of production comes with the serdes; here it is small.
    TopicSerdes limited = TopicSerdes.create(SerdeOptions.of("mock://routes"), MAX_VALUE_BYTES);
    Topology topology = new Topology();
    topology.addSource(
        "consume-rejected",
        Serdes.String().deserializer(),
        context.serdes().value(Topics.REJECTED).deserializer(),
        context.topics().of(Topics.REJECTED));
    topology.addProcessor("judge-rejected", () -> new Judge(metrics), "consume-rejected");
    topology.addSink(
        "produce-copies",
        COPIES,
        Serdes.String().serializer(),
        limited.value(Topics.REJECTED).serializer(),
        "judge-rejected");
    return topology;
  }

  private static final class Judge extends ContextualProcessor<String, Rejected, String, Rejected> {
    private final ModuleMetrics metrics;

    Judge(ModuleMetrics metrics) {
      this.metrics = metrics;
    }

    @Override
    public void process(Record<String, Rejected> record) {
      RecordMetadata position = context().recordMetadata().orElseThrow();
      InputMetrics input = metrics.input(position.topic(), position.partition());
      input.received();
      String detail = record.value().getDetail();
      if (detail.startsWith("poison")) {
        throw new UndecodableRecordException("SPAN_TRUNCATED", new RuntimeException(detail));
      }
      if (detail.startsWith("bug")) {
        throw new IllegalStateException("a bug");
      }
      context().forward(record);
      input.sentPrimary();
    }
  }

  private enum Reason {
    TOO_OLD
  }

  private static Rejected rejected(String detail) {
    return new Rejections("routes", new TestClock(TopologyFixture.START))
        .of("default", Reason.TOO_OLD, detail, new Rejections.Position("in", 0, 7, 0));
  }

  @Test
  void rejection_carriesModuleReasonPositionAndTime() {
    Rejected rejected = rejected("5 > 3");

    assertThat(rejected.getModule()).isEqualTo("routes");
    assertThat(rejected.getReason()).isEqualTo("TOO_OLD");
    assertThat(rejected.getSourceOffset()).isEqualTo(7);
    assertThat(rejected.getRejectedAtUs())
        .isEqualTo(TopologyFixture.START.getEpochSecond() * 1_000_000);
  }

  private static int copies(TopologyFixture fixture) {
    return fixture
        .driver()
        .createOutputTopic(COPIES, new ByteArrayDeserializer(), new ByteArrayDeserializer())
        .readRecordsToList()
        .size();
  }

  private static String header(TestRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
