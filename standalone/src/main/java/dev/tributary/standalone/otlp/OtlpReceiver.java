package dev.tributary.standalone.otlp;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tributary.runtime.http.ClientPatience;
import dev.tributary.runtime.http.DaemonThreads;
import dev.tributary.schemas.Keys;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The OTLP/HTTP receiver: {@code /v1/traces}, {@code /v1/logs} and {@code /v1/metrics}, protobuf or
 * JSON, plain or gzip. It answers 200 only after every replica has the record ({@code acks=all}),
 * 429 with {@code Retry-After} while too many bytes come in or wait for Kafka, 400 for what is not
 * OTLP, 408 for what does not come in time, 413 for what is too large, 503 while Kafka refuses, and
 * a partial success where it had to leave spans out. Bodies are passed on as they came; {@code
 * stream-normalize} reads them.
 */
public final class OtlpReceiver implements AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(OtlpReceiver.class);
  private static final String PROTOBUF = "application/x-protobuf";
  private static final String JSON = "application/json";
  private static final int THREADS = 16;

  /**
   * What the receiver may use.
   *
   * @param port port on the loopback interface; 0: any
   * @param topics topic by signal: traces, logs, metrics
   * @param maxBodyBytes largest body after decompression, bytes; beyond it 413. All bodies that are
   *     read and taken apart at a time take no more; beyond it 429
   * @param maxRecordBytes largest record, bytes; larger bodies are split
   * @param maxInFlightBytes bytes that may wait for Kafka; beyond it 429
   * @param patience how long a client may take to send a request, head and body, and how long to
   *     take its answer; beyond it 408 where it can still be said, and the connection is closed
   * @param encodingHeader record header that names the encoding
   * @param tenantHeader record header that names the tenant
   */
  public record Options(
      int port,
      Map<String, String> topics,
      int maxBodyBytes,
      int maxRecordBytes,
      int maxInFlightBytes,
      Duration patience,
      String encodingHeader,
      String tenantHeader) {
    /** HTTP request header that names the tenant. */
    public static final String TENANT_REQUEST_HEADER = "X-Tributary-Tenant";
  }

  private final Options options;
  private final Producer<byte[], byte[]> producer;
  private final HttpServer server;
  private final ExecutorService threads;
  private final RequestBody bodies;
  private final ClientPatience patience;
  private final Semaphore inFlightBytes;
  private final Counter accepted;
  private final Counter throttled;
  private final Counter refused;

  private OtlpReceiver(
      Options options, Producer<byte[], byte[]> producer, MeterRegistry meters, HttpServer server) {
    this.options = options;
    this.producer = producer;
    this.server = server;
    Counter failed = meters.counter("tributary.receiver.failed.requests");
    this.threads =
        Executors.newFixedThreadPool(
            THREADS, new DaemonThreads("otlp-receiver", failed::increment));
    this.bodies = new RequestBody(options.maxBodyBytes());
    Counter stalled = meters.counter("tributary.receiver.stalled.requests");
    this.patience = new ClientPatience("otlp-receiver", options.patience(), stalled::increment);
    this.inFlightBytes = new Semaphore(options.maxInFlightBytes());
    this.accepted = meters.counter("tributary.receiver.accepted.bytes");
    this.throttled = meters.counter("tributary.receiver.throttled.requests");
    this.refused = meters.counter("tributary.receiver.refused.requests");
  }

  /**
   * Starts listening on the loopback interface.
   *
   * @param producer where bodies go; must be configured with {@code acks=all}; not closed by this
   * @throws IOException when the port is taken
   */
  public static OtlpReceiver start(
      Options options, Producer<byte[], byte[]> producer, MeterRegistry meters) throws IOException {
    HttpServer server =
        HttpServer.create(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), options.port()), 128);
    OtlpReceiver receiver = new OtlpReceiver(options, producer, meters, server);
    // A head that never ends holds a thread before any handler is called.
    server.setExecutor(task -> receiver.threads.execute(receiver.patience.with(task)));
    options
        .topics()
        .forEach(
            (signal, topic) ->
                server.createContext(
                    "/v1/" + signal,
                    exchange -> receiver.receive(exchange, topic, signal.equals("traces"))));
    server.start();
    return receiver;
  }

  /** Port it listens on. */
  public int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(1);
    threads.shutdown();
    patience.close();
  }

  private void receive(HttpExchange exchange, String topic, boolean isTraces) throws IOException {
    boolean json = JSON.equals(mediaType(exchange));
    patience.beforeLosingIt(() -> tooSlow(exchange, json));
    try {
      if (!exchange.getRequestMethod().equals("POST")) {
        throw new RefusedRequestException(405, "use POST");
      }
      if (!json && !PROTOBUF.equals(mediaType(exchange))) {
        throw new RefusedRequestException(
            415, "Content-Type must be " + PROTOBUF + " or " + JSON + ": " + mediaType(exchange));
      }
      String tenant = exchange.getRequestHeaders().getFirst(Options.TENANT_REQUEST_HEADER);
      if (tenant != null && !Keys.isTenant(tenant)) {
        throw new RefusedRequestException(
            400, Options.TENANT_REQUEST_HEADER + " must match [a-z0-9][a-z0-9._-]{0,62}");
      }
      publish(exchange, topic, json, tenant, records(exchange, json, isTraces));
    } catch (RefusedRequestException e) {
      refuse(exchange, json, e);
    } catch (Error e) {
      // The server closes the connection after an exception only; this client would wait for ever.
      exchange.close();
      throw e;
    }
  }

  /** What becomes records; the room of the body is free again, whatever comes of it. */
  private OtlpSplitter.Split records(HttpExchange exchange, boolean json, boolean isTraces)
      throws IOException, RefusedRequestException {
    byte[] body = bodies.read(exchange);
    try {
      patience.isSent();
      return isTraces
          ? OtlpSplitter.split(body, json, options.maxRecordBytes(), options.maxInFlightBytes())
          : OtlpSplitter.whole(body, options.maxRecordBytes());
    } finally {
      bodies.release(body);
    }
  }

  private void refuse(HttpExchange exchange, boolean json, RefusedRequestException refusal)
      throws IOException {
    if (refusal.isTryAgain()) {
      throttled.increment();
      exchange.getResponseHeaders().set("Retry-After", "1");
    } else {
      refused.increment();
    }
    bodies.skipRest(exchange);
    patience.isSent();
    answer(exchange, refusal.status(), OtlpAnswer.error(json, refusal.getMessage()), json);
  }

  private void publish(
      HttpExchange exchange,
      String topic,
      boolean json,
      @Nullable String tenant,
      OtlpSplitter.Split split)
      throws RefusedRequestException {
    int bytes = split.records().stream().mapToInt(record -> record.length).sum();
    if (!inFlightBytes.tryAcquire(bytes)) {
      throw RefusedRequestException.tryAgain("too much waits for Kafka, try again");
    }
    AtomicInteger missing = new AtomicInteger(split.records().size());
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Runnable done =
        () -> {
          inFlightBytes.release(bytes);
          finish(exchange, json, split, failure.get(), bytes);
        };
    if (missing.get() == 0) {
      done.run();
      return;
    }
    for (byte[] body : split.records()) {
      try {
        var unused =
            producer.send(
                record(topic, json, tenant, body),
                (metadata, error) -> {
                  if (error != null) {
                    failure.compareAndSet(null, error);
                  }
                  if (missing.decrementAndGet() == 0) {
                    answerLater(done);
                  }
                });
      } catch (RuntimeException | OutOfMemoryError e) {
        // A record the producer would not even take; the others still decide when to answer.
        failure.compareAndSet(null, e);
        if (missing.decrementAndGet() == 0) {
          done.run();
        }
      }
    }
  }

  /** Keeps slow clients away from the producer's thread. */
  private void answerLater(Runnable done) {
    try {
      threads.execute(done);
    } catch (RejectedExecutionException e) {
      done.run();
    }
  }

  /** Answers once Kafka has, on whichever thread: the server takes no exception of it. */
  void finish(
      HttpExchange exchange,
      boolean json,
      OtlpSplitter.Split split,
      @Nullable Throwable failure,
      int bytes) {
    try {
      if (failure != null) {
        LOGGER.warn("Kafka refused an OTLP request: {}", failure.toString());
        exchange.getResponseHeaders().set("Retry-After", "2");
        answer(exchange, 503, OtlpAnswer.error(json, "Kafka is not available"), json);
        return;
      }
      accepted.increment(bytes);
      answer(exchange, 200, OtlpAnswer.success(json, split), json);
    } catch (IOException e) {
      LOGGER.debug("client went away before its answer: {}", e.toString());
      exchange.close();
    } catch (RuntimeException | Error e) {
      exchange.close();
      throw e;
    }
  }

  private ProducerRecord<byte[], byte[]> record(
      String topic, boolean json, @Nullable String tenant, byte[] body) {
    ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, body);
    record
        .headers()
        .add(
            options.encodingHeader(),
            (json ? "otlp_json" : "otlp_proto").getBytes(StandardCharsets.UTF_8));
    if (tenant != null) {
      record.headers().add(options.tenantHeader(), tenant.getBytes(StandardCharsets.UTF_8));
    }
    return record;
  }

  private void answer(HttpExchange exchange, int status, byte[] body, boolean json)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", json ? JSON : PROTOBUF);
    ClientPatience.Wait wait = patience.begin();
    try {
      exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(body);
      }
    } finally {
      wait.close();
    }
  }

  /** Says why the connection ends; its own thread still waits for the body. */
  private void tooSlow(HttpExchange exchange, boolean json) {
    byte[] body =
        OtlpAnswer.error(
            json,
            "the request did not come within " + options.patience().toMillis() / 1000.0 + " s");
    exchange.getResponseHeaders().set("Content-Type", json ? JSON : PROTOBUF);
    exchange.getResponseHeaders().set("Connection", "close");
    try {
      exchange.sendResponseHeaders(408, body.length);
      // Not closed: that reads what is left of the body, which is what never comes.
      OutputStream out = exchange.getResponseBody();
      out.write(body);
      out.flush();
    } catch (IOException e) {
      LOGGER.debug("client went away before its answer: {}", e.toString());
    }
  }

  private static String mediaType(HttpExchange exchange) {
    List<String> values = exchange.getRequestHeaders().getOrDefault("Content-Type", List.of(""));
    return values.get(0).split(";", 2)[0].strip().toLowerCase(java.util.Locale.ROOT);
  }
}
