package dev.tributary.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tributary.runtime.errors.DeadLetters;
import dev.tributary.runtime.testing.Generator;
import dev.tributary.runtime.testing.Seeds;
import dev.tributary.schemas.Topics;
import dev.tributary.standalone.replay.OtlpSender;
import io.opentelemetry.proto.trace.v1.Span;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What producers get wrong is kept and counted, and the rest of their batch goes on. */
final class BadInputIT {
  private static final Duration PATIENCE = Duration.ofSeconds(180);
  private static final long SEED = Seeds.one();
  private static final Generator GENERATOR = new Generator(SEED);

  @TempDir static Path folder;
  private static PlatformFixture platform;
  private static KafkaProducer<byte[], byte[]> producer;

  @BeforeAll
  static void start() {
    System.out.println("repeat with -Dtributary.seed=" + SEED);
    platform = PlatformFixture.start(folder, Map.of(), List.of());
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", platform.addresses().kafka(), "acks", "all"),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  @AfterAll
  static void stop() {
    if (platform != null) {
      producer.close();
      platform.close();
    }
  }

  @Test
  void topic_truncatedAndForeignBytes_deadLettersNameTheirOrigin() throws Exception {
    byte[] whole = OtlpDraft.request(List.of(good("dlq").build()));
    RecordMetadata truncated = write(Arrays.copyOf(whole, whole.length - 7));
    RecordMetadata foreign = write("GET / HTTP/1.1".getBytes(StandardCharsets.UTF_8));
    RecordMetadata json = write("{\"resourceSpans\":[]}".getBytes(StandardCharsets.UTF_8));
    write(OtlpDraft.request(List.of(good("after-dlq").build())));

    await("dead letters")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(500))
        .untilAsserted(
            () ->
                assertThat(deadLetters())
                    .containsExactlyInAnyOrder(
                        origin(truncated, "MALFORMED_PROTO"),
                        origin(foreign, "MALFORMED_PROTO"),
                        origin(json, "JSON_ON_PROTO_TOPIC")));
    awaitCalls("after-dlq", 1, "0.000021");
    awaitCalls("dlq", 0, "0");
    assertThat(platform.metrics().lines())
        .filteredOn(line -> line.startsWith("tributary_dead_lettered_total"))
        .filteredOn(line -> line.contains("module=\"normalize\""))
        .extracting(line -> Double.valueOf(line.substring(line.lastIndexOf(' ') + 1)))
        .satisfies(counts -> assertThat(counts.stream().mapToDouble(d -> d).sum()).isEqualTo(3.0));
  }

  @Test
  void batch_invalidSpans_areRejectedWithReasonAndTheRestGoesOn() throws Exception {
    List<Span> spans = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      spans.add(good("batch").build());
    }
    long now = nanos(Instant.now());
    spans.add(broken(span -> span.setTraceId(OtlpDraft.bytes("0123456789abcdef"))));
    spans.add(broken(span -> span.setTraceId(OtlpDraft.bytes("00".repeat(16)))));
    spans.add(broken(span -> span.setSpanId(OtlpDraft.bytes("01020304"))));
    spans.add(broken(span -> span.setSpanId(OtlpDraft.bytes("00".repeat(8)))));
    spans.add(broken(span -> span.setParentSpanId(OtlpDraft.bytes("01"))));
    spans.add(broken(span -> span.setStartTimeUnixNano(span.getEndTimeUnixNano() + 1_000)));
    spans.add(broken(span -> at(span, now + TimeUnit.HOURS.toNanos(2))));
    spans.add(broken(span -> at(span, now - TimeUnit.DAYS.toNanos(500))));
    // Its usage is refused, the call itself is booked without a cost.
    spans.add(
        OtlpDraft.call(GENERATOR.hex(16), GENERATOR.hex(8), now, -5, 10)
            .addAttributes(OtlpDraft.text("tributary.feature", "negative"))
            .build());
    write(OtlpDraft.request(GENERATOR.shuffled(spans)));

    platform.awaitRow(
        "reasons in ClickHouse",
        """
        SELECT arrayStringConcat(arraySort(groupArray(concat(reason, ' ', toString(n)))), ', ')
        FROM (SELECT reason, count() AS n FROM rejected WHERE module = 'normalize' GROUP BY reason)
        """,
        List.of(
            "END_BEFORE_START 1, INVALID_PARENT_ID 1, INVALID_SPAN_ID 2, INVALID_TRACE_ID 2,"
                + " INVALID_USAGE 1, TIMESTAMP_IN_FUTURE 1, TIMESTAMP_TOO_OLD 1"));
    awaitCalls("batch", 5, "0.000105");
    awaitCalls("broken", 0, "0");
    platform.awaitRow(
        "the call without usable usage",
        """
        SELECT sum(sign), countIf(cost IS NOT NULL), any(price_status) FROM calls
        WHERE feature = 'negative' AND item != 'trace'
        """,
        List.of("1", "0", "INVALID_USAGE"));
  }

  @Test
  void span_overOneMebibyte_sameMoneyAndItsTextIsMarked() throws Exception {
    Span big =
        good("big-span")
            .addAttributes(OtlpDraft.text("gen_ai.input.messages", message(1_500_000)))
            .build();
    assertThat(big.getSerializedSize()).isGreaterThan(1 << 20);

    post(OtlpDraft.request(List.of(big, good("beside-big").build())));

    awaitCalls("big-span", 1, "0.000021");
    awaitCalls("beside-big", 1, "0.000021");
    platform.awaitRow(
        "content marked as cut",
        "SELECT count() FROM span_content WHERE truncated AND length(input) > 100000",
        List.of("1"));
  }

  @Test
  void trace_tenThousandSpans_sameMoneyAllInherited() throws Exception {
    int calls = 9_999;
    String trace = GENERATOR.hex(16);
    String root = GENERATOR.hex(8);
    long end = nanos(Instant.now());
    List<Span> spans = new ArrayList<>();
    for (int i = 0; i < calls; i++) {
      spans.add(
          OtlpDraft.call(trace, "%016x".formatted(i + 1L), end - calls + i, 100, 10)
              .setParentSpanId(OtlpDraft.bytes(root))
              .build());
    }
    // The root, which alone knows the feature, comes last.
    for (List<Span> batch : GENERATOR.batches(GENERATOR.shuffled(spans), 700)) {
      post(OtlpDraft.request(batch));
    }
    post(
        OtlpDraft.request(
            List.of(
                OtlpDraft.span(trace, root, end + 1_000)
                    .addAttributes(OtlpDraft.text("gen_ai.operation.name", "invoke_workflow"))
                    .addAttributes(OtlpDraft.text("tributary.feature", "big-trace"))
                    .build())));

    // 9,999 x (100 x $0.15 + 10 x $0.60) per million.
    awaitCalls("big-trace", calls, "0.209979");
    platform.awaitRow(
        "one trace with all its spans",
        "SELECT sum(sign), max(trace_spans) FROM calls WHERE feature = 'big-trace' AND item = 'trace'",
        List.of("1", Integer.toString(calls + 1)));
  }

  private static void awaitCalls(String feature, int calls, String dollars) {
    platform.awaitRow(
        "calls of " + feature + ", seed " + SEED,
        """
        SELECT toString(sum(sign * calls)),
          toString(sum(sign * ifNull(cost, toDecimal128(0, 18))) = toDecimal128('%s', 18))
        FROM calls WHERE feature = '%s'
        """
            .formatted(dollars, feature),
        List.of(Integer.toString(calls), "1"));
  }

  /** A root call of 100 input and 10 output tokens: $0.000021. */
  private static Span.Builder good(String feature) {
    return OtlpDraft.call(GENERATOR.hex(16), GENERATOR.hex(8), nanos(Instant.now()), 100, 10)
        .addAttributes(OtlpDraft.text("tributary.feature", feature));
  }

  private static Span broken(UnaryOperator<Span.Builder> change) {
    return change.apply(good("broken")).build();
  }

  private static Span.Builder at(Span.Builder span, long endNanos) {
    return span.setStartTimeUnixNano(endNanos - 1_000).setEndTimeUnixNano(endNanos);
  }

  private static long nanos(Instant at) {
    return TimeUnit.SECONDS.toNanos(at.getEpochSecond()) + at.getNano();
  }

  private static String message(int chars) {
    return "[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\""
        + "lorem ipsum ".repeat(chars / 12)
        + "\"}]}]";
  }

  private static RecordMetadata write(byte[] body) throws Exception {
    return producer.send(new ProducerRecord<>(Topics.OTLP_SPANS.name(), body)).get();
  }

  private static void post(byte[] body) throws Exception {
    try (OtlpSender sender = new OtlpSender(platform.otlp())) {
      sender.send(BodyPublishers.ofByteArray(body), false);
    }
  }

  private static String origin(RecordMetadata record, String reason) {
    return "%s %d %d %s normalize"
        .formatted(record.topic(), record.partition(), record.offset(), reason);
  }

  private static List<String> deadLetters() {
    List<String> origins = new ArrayList<>();
    CommittedRecords.read(
        platform.addresses().kafka(),
        Topics.DLQ.name(),
        record ->
            origins.add(
                String.join(
                    " ",
                    header(record, DeadLetters.TOPIC),
                    header(record, DeadLetters.PARTITION),
                    header(record, DeadLetters.OFFSET),
                    header(record, DeadLetters.REASON),
                    header(record, DeadLetters.MODULE))));
    return origins;
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null ? "no " + name : new String(header.value(), StandardCharsets.UTF_8);
  }
}
