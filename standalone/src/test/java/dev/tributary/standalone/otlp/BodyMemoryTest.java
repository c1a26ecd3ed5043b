package dev.tributary.standalone.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** All bodies that are in work at a time take no more memory than the largest one may. */
class BodyMemoryTest {
  private static final int MIB = 1 << 20;
  private static final int MAX_BODY = 4 * MIB;

  private final HttpClient client = HttpClient.newHttpClient();
  private final MockProducer<byte[], byte[]> kafka =
      new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
  private OtlpReceiver receiver;

  @BeforeEach
  void start() throws IOException {
    start(MAX_BODY);
  }

  private void start(int maxBody) throws IOException {
    OtlpReceiver.Options options =
        ReceiverOptions.of(maxBody, maxBody, 4 * maxBody, Duration.ofMinutes(1));
    receiver = OtlpReceiver.start(options, kafka, new SimpleMeterRegistry());
  }

  @AfterEach
  void stop() {
    receiver.close();
  }

  @Test
  void beyondTheLargestBody_is429WithRetryAfter_andTheFirstGoesOn() throws Exception {
    byte[] large = body(3 * MIB);
    try (Socket slow = begin(large, large.length - 1)) {

      Awaitility.await("the other body is in memory")
          .atMost(Duration.ofSeconds(10))
          .until(() -> post(body(2 * MIB)).statusCode() == 429);
      HttpResponse<byte[]> refused = post(body(2 * MIB));
      int small = post(body(MIB / 2)).statusCode();
      slow.getOutputStream().write(large, large.length - 1, 1);

      assertThat(refused.statusCode()).isEqualTo(429);
      assertThat(refused.headers().firstValue("Retry-After")).contains("1");
      assertThat(small).isEqualTo(200);
      assertThat(new String(slow.getInputStream().readNBytes(12), StandardCharsets.UTF_8))
          .isEqualTo("HTTP/1.1 200");
    }
    assertThat(post(body(MAX_BODY)).statusCode()).isEqualTo(200);
  }

  @Test
  void whateverBecameOfABody_itsMemoryIsGivenBack() throws Exception {
    byte[] malformed = body(MAX_BODY);
    Arrays.fill(malformed, (byte) '[');
    assertThat(post(malformed).statusCode()).isEqualTo(400);
    assertThat(post(new byte[MAX_BODY + 1]).statusCode()).isEqualTo(413);
    begin(body(MAX_BODY), 3 * MIB).close();

    Awaitility.await("a client that left holds nothing")
        .atMost(Duration.ofSeconds(10))
        .until(() -> post(body(MAX_BODY)).statusCode() == 200);
  }

  /** Who sends everything before it looks for an answer finds one, and no broken connection. */
  @Test
  void refusedBody_isReadToItsEnd() throws Exception {
    receiver.close();
    // More of it is left than the buffers of a connection hold.
    start(24 * MIB);
    byte[] large = new byte[47 * MIB];
    try (Socket client = begin(large, large.length)) {
      assertThat(new String(client.getInputStream().readNBytes(12), StandardCharsets.UTF_8))
          .isEqualTo("HTTP/1.1 413");
    }
  }

  /** Sends the head of a request and the first bytes of its body. */
  private Socket begin(byte[] body, int bytes) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), receiver.port());
    String head =
        "POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + "Content-Length: %d\r\n\r\n".formatted(body.length);
    OutputStream out = socket.getOutputStream();
    out.write(head.getBytes(StandardCharsets.US_ASCII));
    out.write(body, 0, bytes);
    out.flush();
    return socket;
  }

  private HttpResponse<byte[]> post(byte[] body) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + receiver.port() + "/v1/traces"))
            .header("Content-Type", "application/json")
            .timeout(Duration.ofSeconds(20))
            .POST(BodyPublishers.ofByteArray(body))
            .build();
    return client.send(request, BodyHandlers.ofByteArray());
  }

  /** A request of so many bytes. */
  private static byte[] body(int bytes) {
    String frame = "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"name\":\"%s\"}]}]}]}";
    String filler = "x".repeat(bytes - frame.length() + "%s".length());
    return frame.formatted(filler).getBytes(StandardCharsets.US_ASCII);
  }
}
