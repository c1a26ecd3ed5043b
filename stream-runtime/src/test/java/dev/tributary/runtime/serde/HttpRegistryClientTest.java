package dev.tributary.runtime.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.runtime.testing.LocalServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the client does when a registry is away, busy, or not a registry. */
final class HttpRegistryClientTest {

  private final AtomicInteger requests = new AtomicInteger();
  private LocalServer server;
  private volatile Answers answers;

  interface Answers {
    Reply to(int request);
  }

  record Reply(int status, String body) {}

  @BeforeEach
  void start() throws IOException {
    server =
        LocalServer.start(
            "/",
            exchange -> {
              Reply reply = answers.to(requests.incrementAndGet());
              byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
              LocalServer.answer(exchange, reply.status(), body);
            });
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void call_serverBusyTwice_isAskedAgain() {
    answers = n -> n <= 2 ? new Reply(n == 1 ? 503 : 429, "busy") : new Reply(200, "{\"id\":7}");

    assertThat(client(Duration.ofSeconds(30), url()).register("s", "{}")).isEqualTo(7);
    assertThat(requests).hasValue(3);
  }

  @Test
  void call_withoutRetries_isAskedOnce() {
    answers = n -> n <= 2 ? new Reply(503, "busy") : new Reply(200, "{\"id\":7}");

    try (HttpRegistryClient once =
        new HttpRegistryClient(SerdeOptions.of(url()).withoutRetries())) {
      assertThatThrownBy(() -> once.register("s", "{}"))
          .isInstanceOf(SchemaRegistryUnavailableException.class);
    }
    assertThat(requests).hasValue(1);
  }

  @Test
  void call_firstAddressDead_usesTheSecondAndKeepsIt() throws IOException {
    answers = n -> new Reply(200, "{\"id\":7}");
    HttpRegistryClient client = client(Duration.ofSeconds(30), deadUrl(), url() + "/");

    assertThat(client.register("s", "{}")).isEqualTo(7);
    assertThat(client.register("s", "{}")).isEqualTo(7);
    assertThat(requests).hasValue(2);
  }

  @Test
  void call_nobodyAnswers_namesAddressesAndCallAfterTheRetryTime() throws IOException {
    String dead = deadUrl();
    HttpRegistryClient client = client(Duration.ofMillis(300), dead);

    assertThatThrownBy(() -> client.schemaById(5))
        .isInstanceOf(SchemaRegistryUnavailableException.class)
        .hasMessageContaining(dead)
        .hasMessageContaining("GET /schemas/ids/5");
  }

  @Test
  void call_wrongPassword_isNotRepeatedAndSaysSo() {
    answers = n -> new Reply(401, "{\"error_code\":401,\"message\":\"no\"}");

    assertThatThrownBy(() -> client(Duration.ofSeconds(30), url()).register("s", "{}"))
        .isInstanceOf(SchemaRegistryException.class)
        .hasMessageContaining("user or password refused")
        .hasMessageContaining("subject s");
    assertThat(requests).hasValue(1);
  }

  @Test
  void call_notARegistry_saysSo() {
    answers = n -> new Reply(200, "<html>hello</html>");

    assertThatThrownBy(() -> client(Duration.ofSeconds(30), url()).register("s", "{}"))
        .isInstanceOf(SchemaRegistryException.class)
        .hasMessageContaining("not a schema registry");
  }

  @Test
  void schemaById_proxyAnswers404_isNotTakenForAnUnknownId() {
    answers = n -> new Reply(404, "<html>no route</html>");

    assertThatThrownBy(() -> client(Duration.ofSeconds(30), url()).schemaById(5))
        .isInstanceOf(SchemaRegistryException.class)
        .hasMessageContaining("HTTP 404");
  }

  @Test
  void schemaById_unknown_isEmpty() {
    answers = n -> new Reply(404, "{\"error_code\":40403,\"message\":\"Schema 5 not found\"}");

    assertThat(client(Duration.ofSeconds(30), url()).schemaById(5)).isEqualTo(Optional.empty());
  }

  @Test
  void ids_registryAwayAfterTheFirstRecord_stillWork() {
    // Given
    answers = n -> new Reply(200, "{\"id\":7,\"compatibility\":\"FULL\"}");
    SchemaIds ids =
        new SchemaIds(client(Duration.ofMillis(100), url()), true, CompatibilityLevel.FULL);
    AvroType<dev.tributary.schemas.Span> type = new AvroType<>(dev.tributary.schemas.Span.class);
    int before = ids.idOf("s", type);

    // When
    server.close();
    int after = ids.idOf("s", type);

    // Then
    assertThat(after).isEqualTo(before).isEqualTo(7);
    assertThatThrownBy(() -> ids.idOf("another", type))
        .isInstanceOf(SchemaRegistryUnavailableException.class);
  }

  @Test
  void ids_unknownIdAskedOften_isLookedUpOnce() {
    answers = n -> new Reply(404, "{\"error_code\":40403,\"message\":\"Schema 5 not found\"}");
    SchemaIds ids = new SchemaIds(client(Duration.ofSeconds(30), url()), true, null);

    for (int i = 0; i < 50; i++) {
      assertThatThrownBy(() -> ids.byId(5)).hasMessageContaining("schema id 5 is unknown");
    }
    assertThat(requests).hasValue(1);
  }

  @Test
  void trustStore_missing_namesTheFile() {
    Path missing = Path.of("no-such-store.p12");
    SerdeOptions options =
        SerdeOptions.fromConfluent(
            Map.of(
                "schema.registry.url",
                "https://localhost:1",
                "schema.registry.ssl.truststore.location",
                missing.toString()));

    assertThatThrownBy(() -> new HttpRegistryClient(options))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("trust store")
        .hasMessageContaining("no-such-store.p12");
  }

  private String url() {
    return server.base().toString();
  }

  /** Nobody listens there. */
  private static String deadUrl() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return "http://127.0.0.1:" + socket.getLocalPort();
    }
  }

  private static HttpRegistryClient client(Duration retryFor, String... urls) {
    SerdeOptions base = SerdeOptions.of(urls);
    return new HttpRegistryClient(
        new SerdeOptions(
            List.of(urls),
            base.basicAuth(),
            base.trustStore(),
            base.keyStore(),
            base.autoRegister(),
            base.compatibility(),
            base.requestTimeout(),
            retryFor,
            base.valueSerializerClass(),
            base.valueDeserializerClass(),
            base.extra()));
  }
}
