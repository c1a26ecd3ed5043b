package dev.tributary.embedded.clickhouse;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
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
  }
}
