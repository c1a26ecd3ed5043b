package dev.tributary.runtime.http;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Limits whole exchanges over HTTP. The limit of a {@link HttpRequest} ends with the headers of the
 * answer (Java 17): the body may then take for ever, and a thread or a connection with it.
 */
public final class HttpLimit {
  private HttpLimit() {}

  /**
   * The exchange, which fails with a {@link TimeoutException} where it is not whole in time. Its
   * connection is closed then.
   */
  public static <T> CompletableFuture<HttpResponse<T>> whole(
      CompletableFuture<HttpResponse<T>> exchange, Duration limit) {
    return exchange
        .copy()
        .orTimeout(limit.toNanos(), TimeUnit.NANOSECONDS)
        .whenComplete((response, failure) -> exchange.cancel(true));
  }

  /**
   * Sends and waits for the whole answer.
   *
   * @throws HttpTimeoutException where it does not come in time
   * @throws IOException as {@link HttpClient#send} does
   */
  public static <T> HttpResponse<T> send(
      HttpClient client, HttpRequest request, HttpResponse.BodyHandler<T> body, Duration limit)
      throws IOException, InterruptedException {
    CompletableFuture<HttpResponse<T>> exchange = client.sendAsync(request, body);
    try {
      return whole(exchange, limit).get();
    } catch (InterruptedException e) {
      exchange.cancel(true);
      throw e;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException fault) {
        throw fault;
      }
      if (e.getCause() instanceof TimeoutException) {
        throw new HttpTimeoutException("no whole answer within " + limit);
      }
      throw new IllegalStateException("an exchange over HTTP failed", e);
    }
  }
}
