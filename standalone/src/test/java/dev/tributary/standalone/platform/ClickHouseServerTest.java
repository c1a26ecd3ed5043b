package dev.tributary.standalone.platform;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.standalone.review.SqlStub;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClickHouseServerTest {
  @ParameterizedTest
  @ValueSource(strings = {"ftp://127.0.0.1:1", "localhost:8123", "http:///x"})
  void check_noAddress_namesOptionValueAndWhatIsAllowed(String text) {
    assertThatThrownBy(() -> ClickHouseServer.check(URI.create(text)))
        .isInstanceOf(PlatformException.class)
        .hasMessage(
            "--clickhouse: \""
                + text
                + "\" is no address; allowed: http://host[:port][/path] or https://…");
  }

  @Test
  void check_nobodyListens_namesTheAddress() throws IOException {
    int port;
    try (ServerSocket taken = new ServerSocket(0)) {
      port = taken.getLocalPort();
    }
    URI server = URI.create("http://127.0.0.1:" + port);

    assertThatThrownBy(() -> ClickHouseServer.check(server))
        .isInstanceOf(PlatformException.class)
        .hasMessage("--clickhouse: nothing answers at " + server + ": ConnectException");
  }

  @Test
  void check_anyAnswer_isAServer() throws IOException {
    try (SqlStub server = new SqlStub(sql -> "")) {
      assertThatCode(() -> ClickHouseServer.check(server.base())).doesNotThrowAnyException();
    }
  }
}
