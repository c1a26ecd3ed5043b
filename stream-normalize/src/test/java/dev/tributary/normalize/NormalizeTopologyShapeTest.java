package dev.tributary.normalize;

import dev.tributary.runtime.testing.GoldenTopology;
import dev.tributary.runtime.testing.ReadmeSettings;
import dev.tributary.runtime.testing.TopologyFixture;
import org.junit.jupiter.api.Test;

class NormalizeTopologyShapeTest {
  @Test
  void topology_unchanged() {
    try (TopologyFixture fixture = TopologyFixture.of(NormalizeMain.APP)) {
      GoldenTopology.assertUnchanged(fixture.topology());
    }
  }

  @Test
  void readme_containsTheSettings() {
    ReadmeSettings.assertTable(NormalizeConfig.SETTINGS);
  }
}
