package dev.tributary.evaldispatch;

import dev.tributary.runtime.testing.GoldenTopology;
import dev.tributary.runtime.testing.ReadmeSettings;
import dev.tributary.runtime.testing.TopologyFixture;
import org.junit.jupiter.api.Test;

/** The topology and the documented settings as reviewed. */
class DispatchTopologyShapeTest {

  @Test
  void topology_unchanged() {
    try (TopologyFixture fixture = TopologyFixture.of(DispatchMain.APP)) {
      GoldenTopology.assertUnchanged(fixture.topology());
    }
  }

  @Test
  void readme_namesEverySetting() {
    ReadmeSettings.assertTable(DispatchConfig.SETTINGS);
  }
}
