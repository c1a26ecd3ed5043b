package dev.tributary.embedded.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract, and what only the embedded registry promises: its journal. */
final class EmbeddedRegistryTest extends SchemaRegistryContract {

  private static final String A = record("{\"name\":\"a\",\"type\":\"string\"}");
  private static final String B = record("{\"name\":\"b\",\"type\":\"string\",\"default\":\"\"}");

  @TempDir Path dir;
  private EmbeddedRegistry registry;

  @BeforeEach
  void start() {
    registry = EmbeddedRegistry.start(new EmbeddedRegistry.Options(dir, 0));
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  @Override
  String url() {
    return registry.url();
  }

  @Test
  void restart_sameDirectory_keepsIdsVersionsAndLevels() {
    int a = register("one", A);
    int b = register("two", B);

    registry.close();
    start();

    assertThat(register("one", A)).isEqualTo(a);
    assertThat(register("three", B)).isEqualTo(b);
    assertThat(get("/schemas/ids/" + b).body().path("schema").asText()).contains("\"b\"");
    assertThat(get("/config").body().path("compatibilityLevel").asText()).isEqualTo("FULL");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /subj",
        "POST /subjects/one HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{\"sch"
      })
  @Timeout(60)
  void clientsThatStall_keepNobodyOut(String start) throws Exception {
    registry.close();
    registry = EmbeddedRegistry.start(new EmbeddedRegistry.Options(dir, 0), Duration.ofMillis(200));
    List<Socket> clients = new ArrayList<>();
    for (int i = 0; i < EmbeddedRegistry.THREADS; i++) {
      Socket client = new Socket("127.0.0.1", URI.create(url()).getPort());
      clients.add(client);
      client.getOutputStream().write(start.getBytes(StandardCharsets.US_ASCII));
    }

    assertThat(register("one", A)).isPositive();
    for (Socket client : clients) {
      assertThat(client.getInputStream().readAllBytes()).isEmpty();
      client.close();
    }
  }

  /** An id given twice would have old records read with a schema that is not theirs. */
  @Test
  void ids_areNeverGivenTwice_overDeletionAndRestart() {
    Map<Integer, String> names = new HashMap<>();
    for (int i = 0; i < 10; i++) {
      String name = "f" + i;
      int id = register("s" + i, record("{\"name\":\"" + name + "\",\"type\":\"string\"}"));
      assertThat(names.put(id, name)).isNull();
      if (i % 3 == 0) {
        delete("/subjects/s" + i);
        delete("/subjects/s" + i + "?permanent=true");
      }
      if (i % 4 == 0) {
        registry.close();
        start();
      }
    }

    names.forEach(
        (id, name) ->
            assertThat(get("/schemas/ids/" + id).body().path("schema").asText())
                .contains("\"" + name + "\""));
  }

  @Test
  void restart_lastLineCutShort_keepsTheWholeOnes() throws IOException {
    int a = register("one", A);
    registry.close();
    Path journal = dir.resolve("registry.journal");
    long whole = Files.size(journal);
    Files.writeString(journal, "0badc0de {\"op\":\"regi", StandardOpenOption.APPEND);

    start();

    assertThat(get("/schemas/ids/" + a).status()).isEqualTo(200);
    assertThat(Files.size(journal)).isEqualTo(whole);
    assertThat(register("two", B)).isEqualTo(a + 1);
  }

  @Test
  void restart_damageInTheMiddle_isRefused() throws IOException {
    register("one", A);
    register("two", B);
    registry.close();
    Path journal = dir.resolve("registry.journal");
    byte[] content = Files.readAllBytes(journal);
    content[20] ^= 1;
    Files.write(journal, content);

    assertThatThrownBy(this::start)
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("registry.journal is damaged at byte 0");
  }

  @Test
  void start_directoryInUse_isRefused() {
    assertThatThrownBy(() -> EmbeddedRegistry.start(new EmbeddedRegistry.Options(dir, 0)))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("in use");
  }

  @Test
  void request_withoutTheConfiguredCredentials_is401(@TempDir Path other) throws Exception {
    EmbeddedRegistry.Options options =
        new EmbeddedRegistry.Options(other, 0, Compatibility.BACKWARD, Optional.of("user:geheim"));
    try (EmbeddedRegistry guarded = EmbeddedRegistry.start(options)) {
      assertThat(status(guarded, "user:wrong")).isEqualTo(401);
      assertThat(status(guarded, "user:geheim")).isEqualTo(200);
    }
  }

  private static int status(EmbeddedRegistry guarded, String credentials) throws Exception {
    String encoded =
        Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(guarded.url() + "/subjects"))
            .header("Authorization", "Basic " + encoded)
            .build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.discarding()).statusCode();
  }
}
