package dev.tributary.embedded.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract suites against the embedded engine. */
class EmbeddedClickHouseContractIT {

  @TempDir static Path directory;

  private static EmbeddedClickHouse clickHouse;

  @BeforeAll
  static void start() {
    String reason = ChdbLibrary.unsupportedReason().orElse("");
    assumeTrue(reason.isEmpty(), reason);
    clickHouse = EmbeddedClickHouse.start(EmbeddedClickHouse.Options.at(directory));
  }

  @AfterAll
  static void stop() {
    if (clickHouse != null) {
      clickHouse.close();
    }
  }

  private static ClickHouseHttpContract.Endpoint here() {
    return new ClickHouseHttpContract.Endpoint(clickHouse.httpUrl(), "default", "");
  }

  @Nested
  class Jdbc extends ClickHouseJdbcContract {
    @Override
    Endpoint endpoint() {
      return here();
    }
  }

  @Nested
  class ClientV2 extends ClickHouseClientContract {
    @Override
    Endpoint endpoint() {
      return here();
    }
  }

  @Nested
  class RawHttp extends ClickHouseRawHttpContract {
    @Override
    Endpoint endpoint() {
      return here();
    }

    /** The session is free and could expire; what is being read of it must stay. */
    @Test
    void session_expiredWhileItsResponseIsRead_isReadToTheEnd() throws Exception {
      String query = "SELECT number FROM numbers(3000000) FORMAT JSONCompactColumns";
      byte[] expected = post(Map.of(), bytes(query)).body();
      HttpRequest request =
          HttpRequest.newBuilder(uri(Map.of("session_id", "slow", "session_timeout", "0")))
              .POST(HttpRequest.BodyPublishers.ofString(query))
              .build();
      try (InputStream slow = HTTP.send(request, BodyHandlers.ofInputStream()).body()) {
        for (int others = 0; others < 10; others++) {
          assertThat(sql("SELECT 1")).isEqualTo("1");
        }
        assertThat(post(Map.of("session_id", "slow"), bytes("SELECT 2")).statusCode())
            .isEqualTo(200);

        assertThat(slow.readAllBytes()).isEqualTo(expected);
      }
    }
  }
}
