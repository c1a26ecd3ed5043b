package dev.tributary.standalone.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.testing.LocalServer;
import dev.tributary.sink.clickhouse.SinkConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SqlClientTest {
  private LocalServer server;

  @BeforeEach
  void start() throws IOException {
    server =
        LocalServer.start(
            "/",
            exchange -> {
              boolean isKnown =
                  "reader".equals(exchange.getRequestHeaders().getFirst("X-ClickHouse-User"))
                      && "s3cret".equals(exchange.getRequestHeaders().getFirst("X-ClickHouse-Key"));
              byte[] answer =
                  (isKnown ? "1\t\\N\n\t\n" : "Code: 516. Authentication failed")
                      .getBytes(StandardCharsets.UTF_8);
              LocalServer.answer(exchange, isKnown ? 200 : 403, answer);
            });
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /** Columns at the end may be empty, and are there all the same. */
  @Test
  void settingsWithCredentials_areSent_andEveryColumnIsRead() throws Exception {
    assertThat(client("reader", "s3cret").rows("select 1, null"))
        .isEqualTo(List.of(List.of("1", "\\N"), List.of("", "")));
  }

  @Test
  void wrongCredentials_failWithTheServersMessage() {
    assertThatThrownBy(() -> client("reader", "guess").rows("select 1, null"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("Authentication failed");
  }

  private SqlClient client(String user, String password) {
    return SqlClient.of(
        Settings.of(
            Map.of(
                SinkConfig.URL.key(), server.base().toString(),
                SinkConfig.USER.key(), user,
                SinkConfig.PASSWORD.key(), password)));
  }
}
