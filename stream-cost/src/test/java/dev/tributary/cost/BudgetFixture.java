package dev.tributary.cost;

import dev.tributary.runtime.testing.TopologyFixture;
import dev.tributary.schemas.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** The topology as tests of budgets use it: one partition, windows of features, no cells. */
final class BudgetFixture {
  private BudgetFixture() {}

  static TopologyFixture start() {
    return start(Map.of());
  }

  /** The same with settings of the test's own. */
  static TopologyFixture start(Map<String, String> own) {
    Map<String, String> settings = new HashMap<>(own);
    settings.put("tributary.topics.partitions", "1");
    settings.put("tributary.cost.grouping-sets", "feature");
    settings.put("tributary.cost.cells-per-feature", "0");
    TopologyFixture fixture = TopologyFixture.of(CostMain.APP, settings);
    // All event times of these tests lie before the wall clock.
    fixture.advance(Duration.ofDays(300));
    return fixture;
  }

  /** Publishes budgets as a version of the reference data. */
  static void publish(TopologyFixture to, String json, long version) {
    BudgetRows.of(json, version).forEach((key, row) -> to.input(Topics.REF).pipeInput(key, row));
  }
}
