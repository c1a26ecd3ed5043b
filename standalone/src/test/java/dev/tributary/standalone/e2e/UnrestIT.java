package dev.tributary.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.runtime.testing.Generator;
import dev.tributary.runtime.testing.Seeds;
import dev.tributary.standalone.demo.Demo;
import dev.tributary.standalone.e2e.ChainCluster.Part;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Instances come and go, and brokers go and come back: the chain goes on and its sums are those of
 * the books. {@code -Dtributary.test.guests=10} and {@code -Dtributary.test.outage-s=420} are the
 * long forms.
 */
final class UnrestIT {
  private static final long TRACES = 900;

  @TempDir Path folder;

  @Test
  void sums_instancesComeAndGo_agreeWithTheBooks() throws Exception {
    Generator generator = new Generator(Seeds.one());
    try (ChainCluster cluster = start()) {
      ChainRun run = new ChainRun(cluster, generator, TRACES);

      run.sendInStorm(Part.ATTRIBUTION, Integer.getInteger("tributary.test.guests", 3));
      run.settle();

      assertThat(run.differences()).as("seed %d", generator.seed()).isEmpty();
    }
  }

  @Test
  void sums_brokerGoesAndComesBack_agreeWithTheBooks() throws Exception {
    Generator generator = new Generator(Seeds.one());
    try (ChainCluster cluster = start()) {
      ChainRun run = new ChainRun(cluster, generator, TRACES);

      run.sendWithoutBroker(1);
      run.settle();

      assertThat(run.differences()).as("seed %d", generator.seed()).isEmpty();
    }
  }

  @Test
  void sums_fewerBrokersThanMayWrite_agreeWithTheBooks() throws Exception {
    Generator generator = new Generator(Seeds.one());
    try (ChainCluster cluster =
        ChainCluster.start(
            folder.resolve("chain"),
            ChainKafka::three,
            Map.of(),
            List.of(Demo.ownershipFile(folder)))) {
      ChainRun run = new ChainRun(cluster, generator, TRACES);

      run.sendWithTooFewBrokers(
          1, Duration.ofSeconds(Integer.getInteger("tributary.test.outage-s", 15)));
      run.settle();

      assertThat(run.differences()).as("seed %d", generator.seed()).isEmpty();
    }
  }

  private ChainCluster start() throws IOException {
    return ChainCluster.start(
        folder.resolve("chain"), Map.of(), List.of(Demo.ownershipFile(folder)));
  }
}
