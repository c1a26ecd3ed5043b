package dev.tributary.standalone.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.runtime.config.Settings;
import dev.tributary.standalone.platform.PlatformException;
import dev.tributary.standalone.review.SqlStub;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DemoTest {
  /** All lines are compared with what one run sends: beside others they can only differ. */
  @Test
  void ledgerThatHoldsLines_isRefusedBeforeAnythingIsSent() throws Exception {
    try (SqlStub clickHouse = new SqlStub(sql -> "40\t10\n")) {
      Demo demo =
          new Demo(
              new Demo.Options(URI.create("http://127.0.0.1:1"), 1, 10, Duration.ofSeconds(1)),
              Settings.of(Map.of("tributary.broker.bootstrap-servers", "127.0.0.1:1")),
              clickHouse.client());

      assertThatThrownBy(
              () ->
                  demo.run((format, values) -> {}, line -> {}, new PrintWriter(new StringWriter())))
          .isInstanceOf(PlatformException.class)
          .hasMessageContaining("holds 50 lines")
          .hasMessageContaining("--data");
    }
  }

  @Test
  void booksWithoutASession_haveNoDearest() {
    assertThat(new Books().dearestSession().getValue()).isZero();
  }
}
