package dev.tributary.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tributary.runtime.testing.Generator;
import dev.tributary.runtime.testing.Seeds;
import dev.tributary.standalone.demo.SimulatedTraffic;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disk with everything on it is full: the instance ends and says so, and goes on where it was
 * once there is room.
 */
final class DiskFullIT {
  private static final long TRACES = 900;
  private static final Duration PERIOD = Duration.ofMinutes(10);
  private static final Duration UNTIL_NOW = Duration.ofMinutes(16);
  private static final Duration PATIENCE = Duration.ofSeconds(240);
  private static final Duration STILL = Duration.ofSeconds(5);

  /** A start asks for a gibibyte; more than an instance needs here. */
  private static final int DISK_MIB = 2_200;

  @TempDir Path folder;

  private final Deque<byte[]> requests = new ArrayDeque<>();

  @Test
  void sums_diskIsFullForAWhile_agreeWithTheBooks() throws Exception {
    Generator generator = new Generator(Seeds.one());
    SimulatedTraffic traffic =
        new SimulatedTraffic(generator.seed(), TRACES, Instant.now().minus(UNTIL_NOW), PERIOD);
    for (byte[] request = traffic.next(); request != null; request = traffic.next()) {
      requests.add(request);
    }
    int all = requests.size();
    Map<String, String> settings = Map.of("tributary.streams.transaction-timeout", "5s");
    try (SmallDisk disk = SmallDisk.make(folder.resolve("disk"), DISK_MIB);
        KillableInstance instance = KillableInstance.startOn(disk, folder, settings)) {
      sendUntil(instance, all * 2 / 3);
      awaitRows(instance);
      sendUntil(instance, all / 3);
      System.out.println("filled with " + disk.fill() + " MiB");
      sendUntilRefused(instance);
      assertThat(instance.awaitEnd(PATIENCE)).as(instance.output()).isEqualTo(1);
      assertThat(instance.output()).contains("free some space and start again");

      disk.free();
      instance.startAgain();
      requests.add(ClosingSpans.after(traffic, generator));
      sendUntil(instance, 0);

      Figures books = new Figures(traffic.books());
      await("seed " + generator.seed())
          .atMost(PATIENCE)
          .pollInterval(Duration.ofSeconds(1))
          .during(STILL)
          .ignoreExceptionsInstanceOf(IOException.class)
          .untilAsserted(
              () ->
                  assertThat(
                          books.differences("ledger", CallFigures.read(instance.sql(), "ledger")))
                      .isEmpty());
    }
  }

  private void sendUntil(KillableInstance instance, int left) throws Exception {
    while (requests.size() > left) {
      instance.send(requests.element());
      requests.remove();
    }
  }

  /** As a Collector does it: what was not taken stays, and is sent again. */
  private void sendUntilRefused(KillableInstance instance) throws InterruptedException {
    try {
      sendUntil(instance, 1);
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception | AssertionError e) {
      System.out.println(requests.size() + " requests left: " + e.getMessage());
    }
  }

  private static void awaitRows(KillableInstance instance) {
    await("rows in the ledger")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofSeconds(1))
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(() -> !instance.sql().run("SELECT count() FROM ledger", "TSV").strip().equals("0"));
  }
}
