package dev.tributary.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.runtime.testing.Generator;
import dev.tributary.runtime.testing.Seeds;
import dev.tributary.sink.clickhouse.StoppingSinkMain;
import dev.tributary.standalone.demo.Demo;
import dev.tributary.standalone.e2e.ChainCluster.Part;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sums over the ledger in Kafka = sums in ClickHouse = the simulator's books, whatever is killed by
 * SIGKILL; and the same suite finds a difference where a guarantee is switched off. {@code
 * -Dtributary.test.kills=20 -Dtributary.test.standstills=20} is the long form, {@code
 * -Dtributary.seed=N} repeats a run.
 */
final class FaultsIT {
  private static final long TRACES_PER_KILL = 300;

  @TempDir Path folder;

  @Test
  void sums_partsKilled_ledgerClickHouseAndBooksAgree() throws Exception {
    int kills = Integer.getInteger("tributary.test.kills", Part.values().length);
    Generator generator = generator(Seeds.one());
    try (ChainCluster cluster = start("exact", Map.of())) {
      ChainRun run = new ChainRun(cluster, generator, (kills + 1) * TRACES_PER_KILL);

      run.sendWithKills(victims(generator, kills, List.of(Part.values())));
      run.settle();

      assertThat(run.differences()).as("seed %d", generator.seed()).isEmpty();
    }
  }

  /**
   * SIGSTOP beyond the session and the transaction: what an instance had under way when it stood
   * still must not count, since another one has done it.
   */
  @Test
  void sums_partsStandStillAndGoOn_ledgerClickHouseAndBooksAgree() throws Exception {
    Generator generator = generator(Seeds.one());
    // A commit interval that leaves something under way at any moment.
    Map<String, String> slow = Map.of("tributary.streams.commit-interval", "2s");
    try (ChainCluster cluster = start("standstill", slow)) {
      List<Part> streams = List.of(Part.NORMALIZE, Part.ATTRIBUTION, Part.COST);
      int standstills = Integer.getInteger("tributary.test.standstills", streams.size());
      ChainRun run = new ChainRun(cluster, generator, (standstills + 1) * TRACES_PER_KILL);

      run.sendWithStandstills(victims(generator, standstills, streams));
      run.settle();
      System.out.printf("%d of %d were refused%n", cluster.refused(), standstills);

      assertThat(run.differences()).as("seed %d", generator.seed()).isEmpty();
    }
  }

  /**
   * Negative control of the long form: without transactions the log itself goes wrong, before any
   * ClickHouse. Torn stores may also stop the chain for minutes, which the short form has not got.
   */
  @Test
  @EnabledIfSystemProperty(named = "tributary.test.kills", matches = ".+")
  void sums_partsKilledAtLeastOnce_areNotExact() throws Exception {
    // A long commit interval leaves much to be processed again.
    Map<String, String> atLeastOnce =
        Map.of(
            "tributary.streams.processing-guarantee",
            "at_least_once",
            "tributary.streams.commit-interval",
            "5s");
    List<Part> streams = List.of(Part.ATTRIBUTION, Part.COST);
    List<String> differences = List.of();
    for (int attempt = 1; attempt <= 3 && differences.isEmpty(); attempt++) {
      Generator generator = generator(Seeds.one() + attempt - 1);
      try (ChainCluster cluster = start("attempt-" + attempt, atLeastOnce)) {
        ChainRun run = new ChainRun(cluster, generator, 4 * TRACES_PER_KILL);
        run.sendWithKills(victims(generator, 4, streams));
        run.settle();
        differences = run.differences();
      } catch (ChainCluster.PartEnded e) {
        differences = List.of("state in Kafka is torn: " + tornState(e.getMessage()));
      }
    }
    show("at least once", differences);
    assertThat(differences)
        .anyMatch(line -> line.startsWith("windows ") || line.contains("in Kafka"));
  }

  /** What attribution's core says when it finds stores that were written without each other. */
  private static String tornState(String output) {
    assertThat(output).contains("at dev.tributary.attribution.core.");
    return output
        .lines()
        .filter(line -> line.startsWith("Caused by: java.lang.IllegalStateException: "))
        .findFirst()
        .orElseThrow(() -> new AssertionError("a part ended for another reason: " + output));
  }

  /** Negative control: a server that forgets tokens counts twice what is inserted again. */
  @Test
  void sums_loaderKilledWithoutDeduplicationWindow_differOnlyInClickHouse() throws Exception {
    Generator generator = generator(Seeds.one());
    try (ChainCluster cluster = start("exact", Map.of())) {
      ChainRun run = new ChainRun(cluster, generator, 4 * TRACES_PER_KILL);
      run.sendUpTo(0.2);
      cluster.awaitRows("ledger");
      for (String table : List.of("ledger", "calls")) {
        cluster
            .sql()
            .run(
                "ALTER TABLE %s MODIFY SETTING non_replicated_deduplication_window = 0"
                    .formatted(table),
                "TSV");
      }

      for (int kill = 1; kill <= 2; kill++) {
        cluster.armSink(StoppingSinkMain.INSERTED, generator.between(0, 3));
        run.sendUpTo(0.2 + 0.3 * kill);
        cluster.killSinkAtStep();
      }
      run.sendUpTo(1);
      run.settle();

      List<String> differences = run.differences();
      show("without a deduplication window", differences);
      assertThat(differences)
          .as("seed %d", generator.seed())
          .isNotEmpty()
          .allMatch(line -> line.startsWith("ClickHouse "));
    }
  }

  private ChainCluster start(String name, Map<String, String> overrides) throws IOException {
    return ChainCluster.start(folder.resolve(name), overrides, List.of(Demo.ownershipFile(folder)));
  }

  private static Generator generator(long seed) {
    System.out.println("repeat with -Dtributary.seed=" + seed);
    return new Generator(seed);
  }

  /** Every part before any of them a second time, in an order of the seed's. */
  private static List<Part> victims(Generator generator, int kills, List<Part> parts) {
    List<Part> victims = new ArrayList<>();
    while (victims.size() < kills) {
      victims.addAll(generator.shuffled(parts));
    }
    return victims.subList(0, kills);
  }

  private static void show(String what, List<String> differences) {
    System.out.printf("%s, %d differences:%n", what, differences.size());
    differences.stream().limit(12).forEach(line -> System.out.println("  " + line));
  }
}
