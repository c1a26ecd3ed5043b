package dev.tributary.standalone.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PortsTest {
  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 65_532})
  void base_outOfRange_saysWhatIsAllowed(int base) {
    assertThatThrownBy(() -> Ports.from(base))
        .isInstanceOf(PlatformException.class)
        .hasMessageContaining("--port-base " + base)
        .hasMessageContaining("1 to 65531");
  }

  @Test
  void base_atItsEnds_isTaken() {
    assertThat(Ports.from(1)).isEqualTo(new Ports(1, 2, 3, 4, 5));
    assertThat(Ports.from(65_531).health()).isEqualTo(65_535);
    assertThat(Ports.from(null)).isEqualTo(Ports.USUAL);
  }

  @Test
  void portThatIsTaken_isNamed() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();

      assertThatThrownBy(() -> clickHouseOn(port).checkFree(true))
          .isInstanceOf(PlatformException.class)
          .hasMessageContaining("port " + port + " (ClickHouse) is in use")
          .hasMessageContaining("--port-base");
    }
  }

  /** The server that is given listens there itself, on this machine on the usual port. */
  @Test
  void clickHouseServerOfTheUser_mayHaveTheUsualPort() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();

      assertThatCode(() -> clickHouseOn(port).checkFree(false)).doesNotThrowAnyException();
    }
  }

  /** The others: any that is free. */
  private static Ports clickHouseOn(int port) {
    return new Ports(0, port, 0, 0, 0);
  }
}
