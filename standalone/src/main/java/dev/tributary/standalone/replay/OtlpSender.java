package dev.tributary.standalone.replay;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Sends OTLP requests with a bounded number in flight, waits as long as the receiver asks for, and
 * fails on anything but success: a sender that loses a request would make every total a lie.
 */
public final class OtlpSender implements AutoCloseable {
  private static final int IN_FLIGHT = 8;
  private static final int MAX_ATTEMPTS = 120;
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final URI traces;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Semaphore inFlight = new Semaphore(IN_FLIGHT);
  private final AtomicReference<IOException> failure = new AtomicReference<>();

  /**
   * A sender to one receiver.
   *
   * @param endpoint base address, such as {@code http://127.0.0.1:4318}
   */
  public OtlpSender(URI endpoint) {
    this.traces = endpoint.resolve("/v1/traces");
  }

  /**
   * Sends a body, waiting while too many are in flight.
   *
   * @param body serialised request
   * @param json whether it is JSON; otherwise protobuf
   * @throws IOException when this or an earlier request was refused for good
   */
  public void send(BodyPublisher body, boolean json) throws IOException, InterruptedException {
    throwFailure();
    inFlight.acquire();
    HttpRequest request =
        HttpRequest.newBuilder(traces)
            .timeout(TIMEOUT)
            .header("Content-Type", json ? "application/json" : "application/x-protobuf")
            .POST(body)
            .build();
    attempt(request, 1);
  }

  /** Waits until everything is answered; throws when anything was refused. */
  @Override
  public void close() throws IOException {
    inFlight.acquireUninterruptibly(IN_FLIGHT);
    inFlight.release(IN_FLIGHT);
    throwFailure();
  }

  /** Sends once; an answer is decided on, a failure ends the request. */
  private void attempt(HttpRequest request, int number) {
    CompletableFuture<HttpResponse<byte[]>> answer =
        client.sendAsync(request, BodyHandlers.ofByteArray());
    var unused =
        answer.whenComplete(
            (response, error) -> {
              if (error != null) {
                end(asIoException(error));
              } else {
                decide(request, response, number);
              }
            });
  }

  private void decide(HttpRequest request, HttpResponse<byte[]> answer, int number) {
    int status = answer.statusCode();
    if (status == 200) {
      end(PartialSuccess.of(answer));
    } else if ((status == 429 || status == 503) && number < MAX_ATTEMPTS) {
      long seconds = seconds(answer.headers().firstValue("Retry-After").orElse("1"));
      CompletableFuture.delayedExecutor(seconds, TimeUnit.SECONDS)
          .execute(() -> attempt(request, number + 1));
    } else {
      String body = new String(answer.body(), StandardCharsets.UTF_8).strip();
      end(new IOException("the receiver answered " + status + ": " + body));
    }
  }

  /** A date, which HTTP allows as well, is asked again after a second. */
  private static long seconds(String retryAfter) {
    return retryAfter.matches("[0-9]{1,4}") ? Long.parseLong(retryAfter) : 1;
  }

  private void end(@Nullable IOException problem) {
    if (problem != null) {
      failure.compareAndSet(null, problem);
    }
    inFlight.release();
  }

  private void throwFailure() throws IOException {
    @Nullable IOException first = failure.get();
    if (first != null) {
      throw first;
    }
  }

  private IOException asIoException(Throwable error) {
    Throwable cause =
        error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    if (cause instanceof ConnectException) {
      return new IOException("the receiver does not answer at " + traces, cause);
    }
    return cause instanceof IOException io
        ? io
        : new IOException("sending failed: " + cause, cause);
  }
}
