package dev.tributary.cost;

import dev.tributary.runtime.testing.TopologyFixture;
import dev.tributary.schemas.Topics;
import java.time.Duration;
import java.util.Map;

/** The topology as tests of budgets use it: one partition, windows of features, no cells. */
final class BudgetFixture {
  private BudgetFixture() {}

  static TopologyFixture start() {
    TopologyFixture fixture =
        TopologyFixture.of(
            CostMain.APP,
            Map.of(
                "tributary.topics.partitions", "1",
                "tributary.cost.grouping-sets", "feature",
                "tributary.cost.cells-per-feature", "0"));
    // All event times of these tests lie before the wall clock.
    fixture.advance(Duration.ofDays(300));
    return fixture;
  }

  /** Publishes budgets as a version of the reference data. */
  static void publish(TopologyFixture to, String json, long version) {
    BudgetRows.of(json, version).forEach((key, row) -> to.input(Topics.REF).pipeInput(key, row));
  }
}
