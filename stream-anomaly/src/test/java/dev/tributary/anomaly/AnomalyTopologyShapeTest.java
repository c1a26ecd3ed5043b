package dev.tributary.anomaly;

import dev.tributary.runtime.testing.GoldenTopology;
import dev.tributary.runtime.testing.ReadmeSettings;
import dev.tributary.runtime.testing.TopologyFixture;
import org.junit.jupiter.api.Test;

/** The topology and the documented settings as reviewed. */
class AnomalyTopologyShapeTest {

  @Test
  void topology_unchanged() {
    try (TopologyFixture fixture = TopologyFixture.of(AnomalyMain.APP)) {
      GoldenTopology.assertUnchanged(fixture.topology());
    }
  }

  @Test
  void readme_namesEverySetting() {
    ReadmeSettings.assertTable(AnomalyConfig.SETTINGS);
  }
}
