package dev.tributary.standalone.platform;

import dev.tributary.embedded.clickhouse.EmbeddedClickHouse;
import dev.tributary.runtime.health.Health;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The ClickHouse of an instance: its own engine, or the server that it is told of. */
final class ClickHousePart {
  private ClickHousePart() {}

  /** The engine of this instance; null: somebody else runs the server. */
  static CompletableFuture<@Nullable EmbeddedClickHouse> start(
      PlatformOptions options, Startup parts, DataFolder data) {
    URI server = options.clickHouse();
    if (server != null) {
      ClickHouseServer.check(server);
      return CompletableFuture.completedFuture(null);
    }
    return parts.startAside(
        "ClickHouse",
        () ->
            EmbeddedClickHouse.start(
                EmbeddedClickHouse.Options.at(data.clickHouse())
                    .withPort(options.ports().clickHouse())));
  }

  /** How an engine of ours is; it is started again when its process dies, but not for ever. */
  static Health health(EmbeddedClickHouse child) {
    String detail = "restarts " + child.restarts();
    if (child.hasGivenUp()) {
      return Health.dead(detail + ", keeps dying and is not started again");
    }
    return child.isAlive()
        ? Health.up(detail)
        : Health.starting(detail + ", its process died and is started again");
  }

  /** Where it answers. */
  static URI url(PlatformOptions options) {
    URI server = options.clickHouse();
    return server == null ? URI.create("http://127.0.0.1:" + options.ports().clickHouse()) : server;
  }
}
