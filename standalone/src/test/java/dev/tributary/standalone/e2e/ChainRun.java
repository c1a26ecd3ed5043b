package dev.tributary.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tributary.runtime.testing.ChildProcess;
import dev.tributary.runtime.testing.Generator;
import dev.tributary.schemas.Topics;
import dev.tributary.sink.clickhouse.StoppingSinkMain;
import dev.tributary.standalone.demo.SimulatedTraffic;
import dev.tributary.standalone.e2e.ChainCluster.Part;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.awaitility.core.ConditionTimeoutException;

/** Simulated traffic through a chain, with kills on the way, and the comparison at the end. */
final class ChainRun {
  /** Simulated time of the traffic; it ends far enough in the past for the closing spans. */
  private static final Duration PERIOD = Duration.ofMinutes(10);

  private static final Duration UNTIL_NOW = Duration.ofMinutes(16);
  private static final Duration PATIENCE = Duration.ofSeconds(300);

  /** Nothing moves for longer than any deadline of the applications as the tests set them. */
  private static final Duration QUIET = Duration.ofSeconds(10);

  private final ChainCluster cluster;
  private final Generator generator;
  private final SimulatedTraffic traffic;
  private final List<byte[]> requests = new ArrayList<>();
  private int sent;
  private List<Object> lastSeen = List.of();
  private long quietSinceNanos;

  ChainRun(ChainCluster cluster, Generator generator, long traces) {
    this.cluster = cluster;
    this.generator = generator;
    this.traffic =
        new SimulatedTraffic(generator.seed(), traces, Instant.now().minus(UNTIL_NOW), PERIOD);
    // Shares are counted in requests: a share of traces may fill none.
    for (byte[] request = traffic.next(); request != null; request = traffic.next()) {
      requests.add(request);
    }
  }

  /** Sends traffic up to a share of its requests, 0 to 1. */
  void sendUpTo(double share) {
    while (sent < Math.ceil(share * requests.size()) && sent < requests.size()) {
      cluster.send(requests.get(sent++));
    }
    cluster.flush();
  }

  /**
   * Sends everything; each kill comes at a moment of its own, while its victim is known to work and
   * has work before it. The loader is killed where it hurts most, after an insert and before its
   * commit.
   */
  void sendWithKills(List<Part> kills) throws ExecutionException, InterruptedException {
    for (int i = 0; i < kills.size(); i++) {
      Part part = kills.get(i);
      double share = 1.0 / (kills.size() + 1);
      if (part == Part.SINK) {
        cluster.armSink(StoppingSinkMain.INSERTED, generator.between(0, 3));
        sendUpTo((i + 1) * share);
        System.out.printf("kill %d: %s at its step%n", i + 1, part);
        cluster.killSinkAtStep();
        continue;
      }
      sendToWorking(part, i * share, share);
      awaitMoment("kill " + (i + 1), part);
      cluster.kill(part);
    }
    sendUpTo(1);
  }

  /**
   * Sends everything; on the way each part stands still at work for so long that another instance
   * has its partitions and has gone on, and wakes up with what it was doing.
   */
  void sendWithStandstills(List<Part> parts) throws ExecutionException, InterruptedException {
    for (int i = 0; i < parts.size(); i++) {
      Part part = parts.get(i);
      double share = 1.0 / (parts.size() + 1);
      sendToWorking(part, i * share, share * 0.8);
      awaitMoment("standstill " + (i + 1), part);
      cluster.replace(part);
      long before = cluster.committed(part);
      sendUpTo((i + 1) * share);
      awaitProgress(part, before);
      cluster.bringBack(part);
    }
    sendUpTo(1);
  }

  /** Sends everything; on the way the state of each part is changed while it is away. */
  void sendWithRestarts(List<Part> parts, boolean isStopped, Consumer<Path> state)
      throws ExecutionException, InterruptedException {
    for (int i = 0; i < parts.size(); i++) {
      Part part = parts.get(i);
      double share = 1.0 / (parts.size() + 1);
      sendToWorking(part, i * share, share * 0.8);
      awaitMoment("restart " + (i + 1), part);
      cluster.restartOn(part, isStopped, state);
      long before = cluster.committed(part);
      sendUpTo((i + 1) * share);
      awaitProgress(part, before);
    }
    sendUpTo(1);
  }

  /**
   * Sends everything while other instances of a part come and go, some before they have got
   * anything to do, every other one by SIGKILL.
   */
  void sendInStorm(Part part, int guests) throws ExecutionException, InterruptedException {
    Deque<ChildProcess> present = new ArrayDeque<>();
    try {
      for (int i = 0; i < guests; i++) {
        long before = cluster.committed(part);
        present.add(cluster.join(part, i));
        sendUpTo((i + 1.0) / (guests + 1));
        awaitMoment("guest " + (i + 1), part);
        if (i > 0) {
          leave(present.remove(), i % 2 == 0);
        }
        awaitProgress(part, before);
      }
      leave(present.remove(), true);
    } finally {
      present.forEach(ChildProcess::close);
    }
    sendUpTo(1);
  }

  private static void leave(ChildProcess guest, boolean isKilled) throws InterruptedException {
    if (isKilled) {
      guest.kill();
    } else {
      guest.terminate();
      guest.awaitExit(PATIENCE);
    }
  }

  /** Sends everything; on the way the only broker goes and comes back. */
  void sendWithoutBroker(int times) throws ExecutionException, InterruptedException {
    for (int i = 0; i < times; i++) {
      double share = 1.0 / (times + 1);
      sendToWorking(Part.COST, i * share, share * 0.8);
      awaitMoment("the broker goes", Part.COST);
      cluster.kafka().loseOne();
      cluster.kafka().back();
      long before = cluster.committed(Part.COST);
      sendUpTo((i + 1) * share);
      awaitProgress(Part.COST, before);
    }
    sendUpTo(1);
  }

  /**
   * Sends everything to three brokers; on the way one goes, without which the chain works, and then
   * another one, without which nobody can write until they are back.
   *
   * @param outage for how long there are too few
   */
  void sendWithTooFewBrokers(int times, Duration outage)
      throws ExecutionException, InterruptedException {
    for (int i = 0; i < times; i++) {
      double share = 1.0 / (times + 1);
      sendToWorking(Part.COST, i * share, share * 0.4);
      cluster.kafka().loseOne();
      long before = cluster.committed(Part.COST);
      sendUpTo((i + 0.8) * share);
      awaitProgress(Part.COST, before);
      awaitMoment("one broker is left", Part.COST);
      cluster.kafka().loseOne();
      await("the outage").pollDelay(outage).atMost(outage.plus(PATIENCE)).until(() -> true);
      assertThat(cluster.fewestInSync()).as("replicas in sync").isEqualTo(1);
      cluster.kafka().back();
      before = cluster.committed(Part.COST);
      sendUpTo((i + 1) * share);
      awaitProgress(Part.COST, before);
    }
    sendUpTo(1);
  }

  /** Sends a share of the traffic, of which the part has some done and some before it. */
  private void sendToWorking(Part part, double from, double share)
      throws ExecutionException, InterruptedException {
    long before = cluster.committed(part);
    sendUpTo(from + share / 2);
    awaitProgress(part, before);
    sendUpTo(from + share);
  }

  private void awaitProgress(Part part, long before) {
    await(part + " at work")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(100))
        .until(
            () -> {
              cluster.requireAlive();
              return cluster.committed(part) > before;
            });
  }

  private void awaitMoment(String what, Part part) {
    int delayMs = generator.between(0, 2_000);
    System.out.printf("%s: %s after %d ms%n", what, part, delayMs);
    await("the moment").pollDelay(Duration.ofMillis(delayMs)).atMost(PATIENCE).until(() -> true);
  }

  /** Moves the clocks past the last window and waits until nothing moves any more. */
  void settle() {
    cluster.send(ClosingSpans.after(traffic, generator));
    cluster.flush();
    quietSinceNanos = System.nanoTime();
    try {
      await("the chain has nothing left to do")
          .atMost(PATIENCE)
          .pollInterval(Duration.ofSeconds(1))
          .ignoreExceptionsInstanceOf(IOException.class)
          .until(this::isQuiet);
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(
          "still busy: lag %s, ends and rows %s%n%s"
              .formatted(cluster.lag(), lastSeen, cluster.outputs()),
          e);
    }
  }

  private boolean isQuiet() throws IOException, InterruptedException, ExecutionException {
    cluster.requireAlive();
    List<Object> seen =
        List.of(
            cluster.ends(List.of(Topics.SPANS, Topics.LEDGER)),
            cluster.sql().run("SELECT count() FROM ledger", "TSV"));
    if (!seen.equals(lastSeen) || cluster.lag().values().stream().anyMatch(lag -> lag != 0)) {
      lastSeen = seen;
      quietSinceNanos = System.nanoTime();
    }
    return System.nanoTime() - quietSinceNanos > QUIET.toNanos();
  }

  /** Where ledger, windows and ClickHouse do not say what the simulator's books say. */
  List<String> differences() throws IOException, InterruptedException {
    LedgerAudit ledger = LedgerAudit.read(cluster.bootstrapServers(), cluster.serdes());
    WindowAudit windows = WindowAudit.read(cluster.bootstrapServers(), cluster.serdes());
    System.out.println("books " + traffic.books());
    System.out.println("ledger " + ledger + "; " + windows);
    Figures books = new Figures(traffic.books());
    Figures lines =
        new Figures()
            .add("span lines", traffic.spans() + ClosingSpans.COUNT)
            .add("trace lines", traffic.traces() + ClosingSpans.COUNT);
    List<String> differences = new ArrayList<>(ledger.violations());
    differences.addAll(books.differences("ledger in Kafka", ledger.calls()));
    differences.addAll(lines.differences("ledger in Kafka", ledger.lines()));
    differences.addAll(
        new Figures(traffic.costByFeature())
            .differences("cost by feature in Kafka", ledger.costByFeature()));
    differences.addAll(windows.differences(ledger));
    for (String table : List.of("ledger", "calls")) {
      differences.addAll(
          books.differences("ClickHouse " + table, CallFigures.read(cluster.sql(), table)));
    }
    return differences;
  }
}
