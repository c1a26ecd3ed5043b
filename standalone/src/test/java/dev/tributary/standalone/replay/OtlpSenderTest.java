package dev.tributary.standalone.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.runtime.testing.LocalServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A sender that loses a request would make every total a lie. */
@Timeout(value = 30, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OtlpSenderTest {
  private record Answer(int status, String retryAfter, byte[] body) {}

  private final Deque<Answer> answers = new ArrayDeque<>();
  private final AtomicInteger requests = new AtomicInteger();
  private LocalServer server;

  @BeforeEach
  void start() throws IOException {
    server =
        LocalServer.start(
            "/v1/traces",
            exchange -> {
              requests.incrementAndGet();
              exchange.getRequestBody().readAllBytes();
              Answer answer = answers.poll();
              if (answer == null) {
                answer = new Answer(200, "", new byte[0]);
              }
              if (!answer.retryAfter.isEmpty()) {
                exchange.getResponseHeaders().set("Retry-After", answer.retryAfter);
              }
              LocalServer.answer(exchange, answer.status, answer.body);
            });
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void receiverThatIsNotThere_isNamed() throws Exception {
    URI nowhere = server.base();
    server.close();
    OtlpSender sender = new OtlpSender(nowhere);
    sender.send(BodyPublishers.ofString("{}"), true);

    assertThatThrownBy(sender::close)
        .isInstanceOf(IOException.class)
        .hasMessage("the receiver does not answer at " + nowhere + "/v1/traces");
  }

  @Test
  void throttled_isSentAgain() {
    answers.add(new Answer(429, "0", new byte[0]));
    answers.add(new Answer(503, "0", new byte[0]));

    assertThatCode(() -> send(false)).doesNotThrowAnyException();
    assertThat(requests).hasValue(3);
  }

  /** HTTP allows a date there; a proxy in front of a Collector sends one. */
  @Test
  void throttledUntilADate_isSentAgain() {
    answers.add(new Answer(429, "Wed, 21 Oct 2015 07:28:00 GMT", new byte[0]));

    assertThatCode(() -> send(false)).doesNotThrowAnyException();
    assertThat(requests).hasValue(2);
  }

  @Test
  void refused_fails() {
    answers.add(new Answer(400, "", text("what is this")));

    assertThatThrownBy(() -> send(false))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("400")
        .hasMessageContaining("what is this");
  }

  @Test
  void partialSuccess_fails() {
    byte[] body =
        ExportTraceServiceResponse.newBuilder()
            .setPartialSuccess(
                ExportTracePartialSuccess.newBuilder()
                    .setRejectedSpans(2)
                    .setErrorMessage("2 spans are larger"))
            .build()
            .toByteArray();
    answers.add(new Answer(200, "", body));

    assertThatThrownBy(() -> send(false))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("left 2 spans out: 2 spans are larger");
  }

  @Test
  void partialSuccessInJson_fails() {
    answers.add(
        new Answer(
            200,
            "",
            text("{\"partialSuccess\":{\"rejectedSpans\":\"1\",\"errorMessage\":\"too large\"}}")));

    assertThatThrownBy(() -> send(true))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("left 1 spans out: too large");
  }

  @Test
  void fullSuccess_isOne_whateverElseIsSaid() {
    answers.add(new Answer(200, "", text("{\"partialSuccess\":{}}")));
    answers.add(new Answer(200, "", text("ok")));

    assertThatCode(() -> send(true)).doesNotThrowAnyException();
    assertThatCode(() -> send(false)).doesNotThrowAnyException();
  }

  private void send(boolean json) throws IOException, InterruptedException {
    URI endpoint = server.base();
    try (OtlpSender sender = new OtlpSender(endpoint)) {
      sender.send(BodyPublishers.ofByteArray(text("{}")), json);
    }
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
