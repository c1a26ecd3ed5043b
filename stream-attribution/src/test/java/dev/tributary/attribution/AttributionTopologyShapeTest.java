package dev.tributary.attribution;

import dev.tributary.runtime.testing.GoldenTopology;
import dev.tributary.runtime.testing.ReadmeSettings;
import dev.tributary.runtime.testing.TopologyFixture;
import org.junit.jupiter.api.Test;

/** Names of nodes and stores are names of topics: changing them is a migration. */
class AttributionTopologyShapeTest {
  @Test
  void topology_isAsReviewed() {
    try (TopologyFixture fixture = TopologyFixture.of(AttributionMain.APP)) {
      GoldenTopology.assertUnchanged(fixture.topology());
    }
  }

  @Test
  void readme_hasTheSettings() {
    ReadmeSettings.assertTable(AttributionConfig.SETTINGS);
  }
}
