package dev.tributary.standalone.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OtlpReceiverTest {
  private static final int MAX_RECORD = 1_000;
  private static final int MAX_IN_FLIGHT = 1_500;

  private final HttpClient client = HttpClient.newHttpClient();
  private final AtomicInteger outOfMemory = new AtomicInteger();
  private final AtomicBoolean isBroken = new AtomicBoolean();
  private final MeterRegistry meters = new SimpleMeterRegistry();
  private final Counter failed = meters.counter("tributary.receiver.failed.requests");
  private final MockProducer<byte[], byte[]> kafka =
      new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer()) {
        @Override
        public synchronized Future<RecordMetadata> send(
            ProducerRecord<byte[], byte[]> record, Callback callback) {
          if (isBroken.get()) {
            throw new LinkageError("planted");
          }
          if (outOfMemory.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new OutOfMemoryError("planted");
          }
          return super.send(record, callback);
        }
      };
  private OtlpReceiver receiver;

  @BeforeEach
  void start() throws IOException {
    OtlpReceiver.Options options =
        ReceiverOptions.of(5_000, MAX_RECORD, MAX_IN_FLIGHT, Duration.ofMinutes(1));
    receiver = OtlpReceiver.start(options, kafka, meters);
  }

  @AfterEach
  void stop() {
    receiver.close();
  }

  @Test
  void protobuf_isAnsweredOnlyAfterKafkaAcknowledged() throws Exception {
    byte[] body = body(10);

    CompletableFuture<HttpResponse<byte[]>> answer = post(body, "application/x-protobuf");
    awaitSent(1);
    boolean answeredEarly = answer.isDone();
    kafka.completeNext();

    assertThat(answeredEarly).isFalse();
    assertThat(answer.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    assertThat(kafka.history().get(0).value()).isEqualTo(body);
    assertThat(header(0, "encoding")).isEqualTo("otlp_proto");
  }

  @Test
  void json_gzip_isUnpackedAndMarked() throws Exception {
    byte[] json = "{\"resourceSpans\":[]}".getBytes(StandardCharsets.UTF_8);

    CompletableFuture<HttpResponse<byte[]>> answer =
        send(request("application/json").header("Content-Encoding", "gzip"), gzip(json));
    awaitSent(1);
    kafka.completeNext();

    assertThat(answer.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    assertThat(answer.get().body()).asString().isEqualTo("{}");
    assertThat(kafka.history().get(0).value()).isEqualTo(json);
    assertThat(header(0, "encoding")).isEqualTo("otlp_json");
  }

  /** What another client would lose without a word. */
  @ParameterizedTest
  @ValueSource(ints = {1, 8, 30, 200_000})
  void bytesBehindGzip_are400(int behind) throws Exception {
    byte[] packed = gzip("{\"resourceSpans\":[]}".getBytes(StandardCharsets.UTF_8));

    HttpResponse<byte[]> answer =
        send(
                request("application/json").header("Content-Encoding", "gzip"),
                Arrays.copyOf(packed, packed.length + behind))
            .get(10, TimeUnit.SECONDS);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).asString().contains("not valid gzip: bytes follow the end of it");
    assertThat(kafka.history()).isEmpty();
  }

  @Test
  void gzipOfSeveralMembers_isOneBody() throws Exception {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    packed.write(gzip("{\"resource".getBytes(StandardCharsets.UTF_8)));
    packed.write(gzip(new byte[0]));
    packed.write(gzip("Spans\":[]}".getBytes(StandardCharsets.UTF_8)));

    CompletableFuture<HttpResponse<byte[]>> answer =
        send(request("application/json").header("Content-Encoding", "gzip"), packed.toByteArray());
    awaitSent(1);
    kafka.completeNext();

    assertThat(answer.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    assertThat(kafka.history().get(0).value()).asString().isEqualTo("{\"resourceSpans\":[]}");
  }

  @Test
  void tenantHeader_becomesARecordHeader() throws Exception {
    CompletableFuture<HttpResponse<byte[]>> answer =
        send(request("application/x-protobuf").header("X-Tributary-Tenant", "acme"), body(1));
    awaitSent(1);
    kafka.completeNext();

    assertThat(answer.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    assertThat(header(0, "tenant")).isEqualTo("acme");
  }

  @Test
  void invalidTenant_isRefused() throws Exception {
    assertThat(
            send(request("application/x-protobuf").header("X-Tributary-Tenant", "a|b"), body(1))
                .get(10, TimeUnit.SECONDS)
                .statusCode())
        .isEqualTo(400);
    assertThat(kafka.history()).isEmpty();
  }

  @Test
  void tooMuchInFlight_is429WithRetryAfter() throws Exception {
    post(body(800), "application/x-protobuf");
    awaitSent(1);

    HttpResponse<byte[]> second =
        post(body(800), "application/x-protobuf").get(10, TimeUnit.SECONDS);

    assertThat(second.statusCode()).isEqualTo(429);
    assertThat(second.headers().firstValue("Retry-After")).contains("1");
  }

  @Test
  void kafkaRefusal_is503() throws Exception {
    CompletableFuture<HttpResponse<byte[]>> answer = post(body(1), "application/x-protobuf");
    awaitSent(1);
    kafka.errorNext(new NotEnoughReplicasException("only one"));

    assertThat(answer.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(503);
  }

  /** What was answered waits no more, whatever the answer was. */
  @Test
  void inFlight_isGivenBack() throws Exception {
    for (int i = 0; i < 4; i++) {
      CompletableFuture<HttpResponse<byte[]>> answer = post(body(800), "application/x-protobuf");
      awaitSent(i + 1);
      boolean isRefused = i % 2 == 1;
      if (isRefused) {
        kafka.errorNext(new NotEnoughReplicasException("only one"));
      } else {
        kafka.completeNext();
      }
      assertThat(answer.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(isRefused ? 503 : 200);
    }
  }

  /** Its buffer is full, or it is closed: nothing was written, so nothing was accepted. */
  @Test
  void producerThatTakesNothing_is503_andTheNextGoesOn() throws Exception {
    kafka.sendException = new org.apache.kafka.common.errors.TimeoutException("buffer full");
    for (int i = 0; i < 3; i++) {
      assertThat(post(body(800), "application/x-protobuf").get(10, TimeUnit.SECONDS).statusCode())
          .isEqualTo(503);
    }
    kafka.sendException = null;

    CompletableFuture<HttpResponse<byte[]>> answer = post(body(800), "application/x-protobuf");
    awaitSent(1);
    kafka.completeNext();
    assertThat(answer.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
  }

  /** Buffers of the producer are the largest there are; what one request took is given back. */
  @Test
  void producerWithoutMemory_is503_andTheNextGoesOn() throws Exception {
    outOfMemory.set(3);
    for (int i = 0; i < 3; i++) {
      assertThat(post(body(800), "application/x-protobuf").get(10, TimeUnit.SECONDS).statusCode())
          .isEqualTo(503);
    }

    CompletableFuture<HttpResponse<byte[]>> answer = post(body(800), "application/x-protobuf");
    awaitSent(1);
    kafka.completeNext();
    assertThat(answer.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
  }

  /** A client that is left without an answer, on a connection that stays, waits for ever. */
  @Test
  void errorOfTheReceiver_closesTheConnection_andTheNextGoesOn() throws Exception {
    isBroken.set(true);
    CompletableFuture<HttpResponse<byte[]>> broken = post(body(1), "application/x-protobuf");
    assertThatThrownBy(() -> broken.get(10, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(IOException.class);
    isBroken.set(false);

    CompletableFuture<HttpResponse<byte[]>> answer = post(body(1), "application/x-protobuf");
    awaitSent(1);
    kafka.completeNext();
    assertThat(answer.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    Awaitility.await("told").until(() -> failed.count() == 1);
  }

  /** Such an answer is no handler's any more: the server would keep its connection for ever. */
  @Test
  void answerThatIsCut_closesItsConnection() throws Exception {
    CutExchange gone = new CutExchange(new IOException("planted"));
    CutExchange broken = new CutExchange(new LinkageError("planted"));
    OtlpSplitter.Split split = OtlpSplitter.whole(body(1), MAX_RECORD);

    receiver.finish(gone, false, split, null, 1);
    assertThatThrownBy(() -> receiver.finish(broken, false, split, null, 1))
        .isInstanceOf(LinkageError.class);

    assertThat(List.of(gone.closed(), broken.closed())).containsExactly(1, 1);
  }

  /** After Kafka's refusal, on a thread that no handler waits for. */
  @Test
  void errorOfALateAnswer_closesTheConnection_andTheNextGoesOn() throws Exception {
    CompletableFuture<HttpResponse<byte[]>> broken = post(body(1), "application/x-protobuf");
    awaitSent(1);
    kafka.errorNext(
        new NotEnoughReplicasException("only one") {
          @Override
          public String toString() {
            throw new LinkageError("planted");
          }
        });
    assertThatThrownBy(() -> broken.get(10, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(IOException.class);

    CompletableFuture<HttpResponse<byte[]>> answer = post(body(1), "application/x-protobuf");
    awaitSent(2);
    kafka.completeNext();
    assertThat(answer.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    Awaitility.await("told").until(() -> failed.count() == 1);
  }

  @Test
  void oversizedSpans_areCountedInJsonToo() throws Exception {
    String span = "{\"traceId\":\"%032x\",\"spanId\":\"%016x\",\"name\":\"%s\"}";
    String body =
        "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[%s,%s,%s]}]}]}"
            .formatted(
                span.formatted(1, 1, "x".repeat(2 * MAX_RECORD)),
                span.formatted(1, 2, "short"),
                span.formatted(1, 3, "x".repeat(MAX_RECORD)));

    CompletableFuture<HttpResponse<byte[]>> answer =
        post(body.getBytes(StandardCharsets.UTF_8), "application/json");
    awaitSent(1);
    kafka.completeNext();

    assertThat(answer.get(10, TimeUnit.SECONDS).body())
        .asString()
        .contains("\"rejectedSpans\":\"2\"");
  }

  @Test
  void truncatedProtobuf_is400() throws Exception {
    byte[] body = body(50);

    HttpResponse<byte[]> answer =
        post(Arrays.copyOf(body, body.length - 3), "application/x-protobuf")
            .get(10, TimeUnit.SECONDS);

    assertThat(answer.statusCode()).isEqualTo(400);
  }

  @Test
  void oversizedSpan_isLeftOutAndReported_theRestGoesOn() throws Exception {
    byte[] body =
        request(span(1, 10), span(2, 2 * MAX_RECORD), span(3, 10), span(4, MAX_RECORD))
            .toByteArray();

    CompletableFuture<HttpResponse<byte[]>> answer = post(body, "application/x-protobuf");
    awaitSent(2);
    kafka.completeNext();
    kafka.completeNext();

    HttpResponse<byte[]> response = answer.get(10, TimeUnit.SECONDS);
    assertThat(response.statusCode()).isEqualTo(200);
    ExportTraceServiceResponse message = ExportTraceServiceResponse.parseFrom(response.body());
    assertThat(message.getPartialSuccess().getRejectedSpans()).isEqualTo(2);
    assertThat(message.getPartialSuccess().getErrorMessage()).contains("larger than 1000 bytes");
  }

  @Test
  void tooLargeBody_is413_unknownType_is415() throws Exception {
    assertThat(post(body(6_000), "application/x-protobuf").get(10, TimeUnit.SECONDS).statusCode())
        .isEqualTo(413);
    assertThat(post(body(1), "text/plain").get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(415);
  }

  private void awaitSent(int records) {
    Awaitility.await("the handler thread has published")
        .atMost(Duration.ofSeconds(10))
        .until(() -> kafka.history().size() >= records);
  }

  private String header(int record, String name) {
    return new String(
        kafka.history().get(record).headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }

  private CompletableFuture<HttpResponse<byte[]>> post(byte[] body, String contentType) {
    return send(request(contentType), body);
  }

  private CompletableFuture<HttpResponse<byte[]>> send(HttpRequest.Builder request, byte[] body) {
    return client.sendAsync(
        request.POST(BodyPublishers.ofByteArray(body)).build(), BodyHandlers.ofByteArray());
  }

  private HttpRequest.Builder request(String contentType) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + receiver.port() + "/v1/traces"))
        .header("Content-Type", contentType);
  }

  private static byte[] body(int nameLength) {
    return request(span(1, nameLength)).toByteArray();
  }

  private static ExportTraceServiceRequest request(Span... spans) {
    return ExportTraceServiceRequest.newBuilder()
        .addResourceSpans(
            ResourceSpans.newBuilder()
                .addScopeSpans(ScopeSpans.newBuilder().addAllSpans(List.of(spans))))
        .build();
  }

  private static Span span(int id, int nameLength) {
    return Span.newBuilder()
        .setTraceId(ByteString.copyFrom(new byte[16]))
        .setSpanId(ByteString.copyFrom(new byte[] {0, 0, 0, 0, 0, 0, 0, (byte) id}))
        .setName("x".repeat(nameLength))
        .build();
  }

  private static byte[] gzip(byte[] body) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(body);
    }
    return out.toByteArray();
  }
}
