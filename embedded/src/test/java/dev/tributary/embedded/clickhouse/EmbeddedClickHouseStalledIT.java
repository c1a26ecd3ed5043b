package dev.tributary.embedded.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that stop in the middle of a request keep no thread and no connection to the engine. */
@Timeout(120)
class EmbeddedClickHouseStalledIT {

  /** As many as there are threads. */
  private static final int CLIENTS = 16;

  @TempDir static Path directory;

  private static EmbeddedClickHouse clickHouse;
  private final List<Socket> clients = new ArrayList<>();

  @BeforeAll
  static void start() {
    String reason = ChdbLibrary.unsupportedReason().orElse("");
    assumeTrue(reason.isEmpty(), reason);
    clickHouse =
        EmbeddedClickHouse.start(
            EmbeddedClickHouse.Options.at(directory).withPatience(Duration.ofMillis(500)));
  }

  @AfterAll
  static void stop() {
    if (clickHouse != null) {
      clickHouse.close();
    }
  }

  @AfterEach
  void hangUp() throws IOException {
    for (Socket client : clients) {
      client.close();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST /?que",
        "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nSELECT",
        "POST /?query=INSERT+INTO+FUNCTION+null('n+Int64')+FORMAT+TSV HTTP/1.1\r\n"
            + "Host: localhost\r\nContent-Length: 100\r\n\r\n1\n2\n",
        "GET /?query=SELECT+*+FROM+numbers(50000000)+FORMAT+TSV HTTP/1.1\r\nHost: localhost\r\n\r\n"
      })
  void clientsThatStall_keepNobodyOut(String start) throws Exception {
    for (int i = 0; i < CLIENTS; i++) {
      Socket client = new Socket();
      clients.add(client);
      client.setReceiveBufferSize(4_096);
      client.connect(
          new InetSocketAddress(clickHouse.httpUrl().getHost(), clickHouse.httpUrl().getPort()));
      client.getOutputStream().write(start.getBytes(StandardCharsets.US_ASCII));
    }

    HttpRequest request =
        HttpRequest.newBuilder(clickHouse.httpUrl())
            .POST(HttpRequest.BodyPublishers.ofString("SELECT 1"))
            .build();
    HttpResponse<String> answer =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());

    assertThat(answer.body()).isEqualTo("1\n");
  }
}
