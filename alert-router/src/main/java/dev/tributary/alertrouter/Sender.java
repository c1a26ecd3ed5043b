package dev.tributary.alertrouter;

import dev.tributary.alertrouter.core.AlertmanagerBody;
import dev.tributary.alertrouter.core.Answer;
import dev.tributary.alertrouter.core.Notification;
import dev.tributary.alertrouter.core.RouteKind;
import dev.tributary.alertrouter.core.RouteName;
import dev.tributary.alertrouter.core.Signature;
import dev.tributary.alertrouter.core.SlackBody;
import dev.tributary.alertrouter.core.WebhookBody;
import dev.tributary.runtime.http.HttpLimit;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** Sends notifications over HTTP. */
final class Sender implements Courier {
  /** Idempotency key; the same however often a notification is sent. */
  static final String IDEMPOTENCY_KEY = "Idempotency-Key";

  private static final Duration LONGEST_WAIT = Duration.ofMinutes(15);

  private final Map<String, Endpoint> endpoints;
  private final AlertRouterConfig config;
  private final Clock clock;
  private final HttpClient client;
  private final Queue<Answered> answers = new ConcurrentLinkedQueue<>();

  Sender(AlertRouterConfig config, Clock clock) {
    this.endpoints = config.endpoints();
    this.config = config;
    this.clock = clock;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(config.requestTimeout())
            .build();
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // its answer is queued, also where it failed
  public void send(Notification notification) {
    Endpoint endpoint =
        Objects.requireNonNull(endpoints.get(RouteName.of(notification.route()).name()));
    HttpLimit.whole(
            client.sendAsync(
                request(endpoint, notification), HttpResponse.BodyHandlers.discarding()),
            config.requestTimeout().multipliedBy(2))
        .handle((response, failure) -> answer(response, failure))
        .thenAccept(answer -> answers.add(new Answered(notification, answer)));
  }

  @Override
  public List<Answered> answers() {
    List<Answered> found = new ArrayList<>();
    for (Answered next = answers.poll(); next != null; next = answers.poll()) {
      found.add(next);
    }
    return found;
  }

  private HttpRequest request(Endpoint endpoint, Notification notification) {
    Instant now = clock.instant();
    String text =
        switch (endpoint.kind()) {
          case ALERTMANAGER -> AlertmanagerBody.of(notification, now, config.hold(), config.link());
          case WEBHOOK -> WebhookBody.of(notification, config.link());
          case SLACK -> SlackBody.of(notification, config.link());
        };
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address(endpoint))
            .timeout(config.requestTimeout())
            .header("Content-Type", "application/json")
            .header("User-Agent", "tributary-alert-router")
            .header(IDEMPOTENCY_KEY, headerValue(notification.id()))
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    if (endpoint.token() != null) {
      request.header("Authorization", "Bearer " + endpoint.token());
    }
    if (endpoint.secret() != null) {
      request.header(Signature.TIMESTAMP_HEADER, Long.toString(now.getEpochSecond()));
      request.header(Signature.HEADER, Signature.of(endpoint.secret(), now, body));
    }
    return request.build();
  }

  private static URI address(Endpoint endpoint) {
    if (endpoint.kind() != RouteKind.ALERTMANAGER) {
      return endpoint.url();
    }
    String base = endpoint.url().toString();
    return URI.create(
        (base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + "/api/v2/alerts");
  }

  /** A header holds visible ASCII; an id of anything else is told apart by its escapes. */
  private static String headerValue(String id) {
    StringBuilder value = new StringBuilder();
    for (byte b : id.getBytes(StandardCharsets.UTF_8)) {
      if (b > ' ' && b < 0x7f && b != '%') {
        value.append((char) b);
      } else {
        value.append('%').append(String.format("%02X", b));
      }
    }
    return value.toString();
  }

  private Answer answer(@Nullable HttpResponse<Void> response, @Nullable Throwable failure) {
    if (response == null) {
      return new Answer.NotNow(code(failure), null);
    }
    int status = response.statusCode();
    if (status / 100 == 2) {
      return new Answer.Received();
    }
    if (status == 408 || status == 425 || status == 429 || status >= 500) {
      return new Answer.NotNow(
          "HTTP_" + status,
          response
              .headers()
              .firstValue("Retry-After")
              .map(text -> retryAfter(text, clock.instant()))
              .orElse(null));
    }
    return new Answer.Refused("HTTP_" + status);
  }

  private static String code(@Nullable Throwable failure) {
    Throwable cause = failure;
    while (cause != null) {
      if (cause instanceof HttpTimeoutException
          || cause instanceof java.util.concurrent.TimeoutException) {
        return "TIMEOUT";
      }
      if (cause instanceof ConnectException) {
        return "NO_CONNECTION";
      }
      cause = cause.getCause();
    }
    return "IO";
  }

  /** Seconds, or a date (RFC 9110 10.2.3), at most 15 minutes; null for anything else. */
  static @Nullable Duration retryAfter(String text, Instant now) {
    Duration asked;
    try {
      asked =
          text.matches("\\d{1,9}")
              ? Duration.ofSeconds(Long.parseLong(text))
              : Duration.between(
                  now, ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    } catch (DateTimeException e) {
      return null; // a header that says nothing; our own pause is taken
    }
    return asked.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : asked;
  }
}
