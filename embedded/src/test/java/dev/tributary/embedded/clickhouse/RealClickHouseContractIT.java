package dev.tributary.embedded.clickhouse;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.URI;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

/**
 * The contract suites against a ClickHouse server: {@code
 * -Dtributary.clickhouse.url=http://host:8123} with {@code -Dtributary.clickhouse.user} and {@code
 * -Dtributary.clickhouse.password}. They create and drop the database {@code contract} there.
 */
class RealClickHouseContractIT {

  private static final String URL = System.getProperty("tributary.clickhouse.url", "");

  @BeforeAll
  static void needsServer() {
    assumeTrue(
        !URL.isEmpty(), "no ClickHouse server to test: -Dtributary.clickhouse.url=URL names one");
  }

  private static ClickHouseHttpContract.Endpoint server() {
    return new ClickHouseHttpContract.Endpoint(
        URI.create(URL),
        System.getProperty("tributary.clickhouse.user", "default"),
        System.getProperty("tributary.clickhouse.password", ""));
  }

  @Nested
  class Jdbc extends ClickHouseJdbcContract {
    @Override
    Endpoint endpoint() {
      return server();
    }
  }

  @Nested
  class ClientV2 extends ClickHouseClientContract {
    @Override
    Endpoint endpoint() {
      return server();
    }
  }

  @Nested
  class RawHttp extends ClickHouseRawHttpContract {
    @Override
    Endpoint endpoint() {
      return server();
    }
  }
}
