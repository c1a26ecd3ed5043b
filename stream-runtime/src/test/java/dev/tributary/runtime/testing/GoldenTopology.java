package dev.tributary.runtime.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.runtime.run.TopologyTopics;
import java.nio.file.Path;
import org.apache.kafka.streams.Topology;

/**
 * A topology as reviewed: {@code src/test/resources/topology.txt}. Names of nodes and stores become
 * names of topics, so a change of this file is a migration of running applications: a renamed store
 * starts empty, a renamed repartition topic leaves records behind in the old one.
 */
public final class GoldenTopology {
  private GoldenTopology() {}

  /** Compares with the golden file, and refuses names that Kafka made up. */
  public static void assertUnchanged(Topology topology) {
    assertThat(TopologyTopics.generatedNames(topology)).as("nodes without a name").isEmpty();
    GoldenFile.assertEquals(
        Path.of("src", "test", "resources", "topology.txt"), topology.describe().toString());
  }
}
