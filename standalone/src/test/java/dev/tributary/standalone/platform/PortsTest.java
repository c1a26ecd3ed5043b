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
  @ValueSource(ints = {-1, 0, 65_531})
  void base_outOfRange_saysWhatIsAllowed(int base) {
    assertThatThrownBy(() -> Ports.from(base))
        .isInstanceOf(PlatformException.class)
        .hasMessageContaining("--port-base " + base)
        .hasMessageContaining("1 to 65530");
  }

  @Test
  void base_atItsEnds_isTaken() {
    assertThat(Ports.from(1)).isEqualTo(new Ports(1, 2, 3, 4, 5, 6));
    assertThat(Ports.from(65_530).console()).isEqualTo(65_535);
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

  @Test
  void consolePort_isChosenApart() throws IOException {
    assertThat(Ports.USUAL.withConsole(null)).isEqualTo(Ports.USUAL);
    assertThat(Ports.from(1).withConsole(9)).isEqualTo(new Ports(1, 2, 3, 4, 5, 9));
    assertThatThrownBy(() -> Ports.USUAL.withConsole(65_536))
        .isInstanceOf(PlatformException.class)
        .hasMessageContaining("--console-port 65536")
        .hasMessageContaining("1 to 65535");
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();

      assertThatThrownBy(() -> new Ports(0, 0, 0, 0, 0, port).checkFree(true))
          .isInstanceOf(PlatformException.class)
          .hasMessageContaining("port " + port + " (console) is in use")
          .hasMessageContaining("--console-port");
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
    return new Ports(0, port, 0, 0, 0, 0);
  }
}
