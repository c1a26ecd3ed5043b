package dev.tributary.standalone.platform;

import dev.tributary.runtime.http.HttpValues;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** A ClickHouse server that somebody else runs. */
final class ClickHouseServer {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(10);

  private ClickHouseServer() {}

  /**
   * Makes sure that something answers there, before everything else is started in vain: the sink
   * waits for a server of which nobody can say yet whether it comes back.
   *
   * @throws PlatformException naming option, address and what is wrong with it
   */
  static void check(URI server) {
    if (!HttpValues.isAddress(server.toString())) {
      throw new PlatformException(
          "--clickhouse: \"" + server + "\" is no address; allowed: " + HttpValues.ADDRESS);
    }
    HttpRequest ping = HttpRequest.newBuilder(server.resolve("/ping")).timeout(ANSWER).build();
    try {
      HttpClient.newBuilder().connectTimeout(CONNECT).build().send(ping, BodyHandlers.discarding());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PlatformException("--clickhouse: interrupted while asking " + server, e);
    } catch (IOException e) {
      String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      throw new PlatformException("--clickhouse: nothing answers at " + server + ": " + why, e);
    }
  }
}
