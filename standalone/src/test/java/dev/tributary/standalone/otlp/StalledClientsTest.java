package dev.tributary.standalone.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that stop in the middle keep no thread of the receiver. The timeouts end a failure. */
@Timeout(60)
class StalledClientsTest {
  /** As many as the receiver has threads. */
  private static final int CLIENTS = 16;

  private static final String HEAD =
      "POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";

  private final MeterRegistry meters = new SimpleMeterRegistry();
  private final MockProducer<byte[], byte[]> kafka =
      new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
  private final List<Socket> clients = new ArrayList<>();
  private OtlpReceiver receiver;

  @BeforeEach
  void start() throws IOException {
    OtlpReceiver.Options options =
        ReceiverOptions.of(1 << 20, 1 << 20, 1 << 20, Duration.ofMillis(200));
    receiver = OtlpReceiver.start(options, kafka, meters);
  }

  @AfterEach
  void stop() throws IOException {
    for (Socket client : clients) {
      client.close();
    }
    receiver.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 100\r\n\r\n{\"resource",
        "Content-Length: 100\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n5\r\n{\"res",
        "Content-Encoding: gzip\r\nContent-Length: 100\r\n\r\n\u001f",
        // Refused without a look at the body, which is read to its end all the same.
        "Content-Encoding: br\r\nContent-Length: 100\r\n\r\n{"
      })
  void stalledInTheBody_is408AndClosed_andTheNextIsServed(String rest) throws Exception {
    for (int i = 0; i < CLIENTS; i++) {
      send(HEAD + rest);
    }

    for (Socket client : clients) {
      assertThat(new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .startsWith("HTTP/1.1 408")
          .endsWith("{\"message\":\"the request did not come within 0.2 s\"}");
    }
    assertThat(post()).isEqualTo(200);
    assertThat(meters.get("tributary.receiver.stalled.requests").counter().count())
        .isEqualTo(CLIENTS);
    assertThat(kafka.history()).hasSize(1);
  }

  @Test
  void stalledInTheHead_isClosed_andTheNextIsServed() throws Exception {
    for (int i = 0; i < CLIENTS; i++) {
      send("POST /v1/tr");
    }

    for (Socket client : clients) {
      assertThat(client.getInputStream().readAllBytes()).isEmpty();
    }
    assertThat(post()).isEqualTo(200);
  }

  /** Answers fill what the network holds, and then a thread, until the connection ends. */
  @Test
  void answersThatNobodyReads_areClosed_andTheNextIsServed() throws Exception {
    Socket client = send("");
    OutputStream out = client.getOutputStream();
    String request = HEAD + "Content-Length: 2\r\n\r\n{}";
    byte[] requests = request.repeat(100).getBytes(StandardCharsets.US_ASCII);

    assertThatThrownBy(
            () -> {
              while (true) {
                out.write(requests);
              }
            })
        .isInstanceOf(IOException.class);

    assertThat(post()).isEqualTo(200);
  }

  private Socket send(String text) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), receiver.port());
    clients.add(socket);
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    return socket;
  }

  private int post() throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + receiver.port() + "/v1/traces"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{\"resourceSpans\":[]}"))
            .build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.discarding()).statusCode();
  }
}
