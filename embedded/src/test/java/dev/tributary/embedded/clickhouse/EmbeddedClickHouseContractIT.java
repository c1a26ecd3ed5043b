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

    /** While a response is read its session is free for the next request, and does not expire. */
    @Test
    void session_whileItsResponseIsRead_isFreeAndDoesNotExpire() throws Exception {
      Map<String, String> session = Map.of("session_id", "slow");
      post(session, bytes("CREATE TEMPORARY TABLE mine ENGINE = Memory AS SELECT 5 AS a"));
      String query = "SELECT number FROM numbers(3000000) FORMAT JSONCompactColumns";
      byte[] expected = post(Map.of(), bytes(query)).body();
      HttpRequest request =
          HttpRequest.newBuilder(uri(Map.of("session_id", "slow", "session_timeout", "0")))
              .POST(HttpRequest.BodyPublishers.ofString(query))
              .build();
      try (InputStream slow = HTTP.send(request, BodyHandlers.ofInputStream()).body()) {
        // Any request drops sessions that have expired.
        assertThat(sql("SELECT 1")).isEqualTo("1");

        assertThat(text(post(session, bytes("SELECT a FROM mine")))).isEqualTo("5\n");
        assertThat(slow.readAllBytes()).isEqualTo(expected);
      }
    }
  }
}
