package dev.tributary.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.cost.core.GroupingSet;
import dev.tributary.cost.core.MergeInput;
import dev.tributary.cost.core.PartialWindow;
import dev.tributary.runtime.config.ConfigException;
import dev.tributary.runtime.config.Settings;
import dev.tributary.schemas.MinuteClosed;
import dev.tributary.schemas.WindowRecord;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Settings, and where records go. */
class CostConfigTest {

  @Test
  void defaults_setsOfTheDesign() {
    CostConfig config = CostConfig.from(Settings.of(Map.of()));

    assertThat(config.groupingSets()).isEqualTo(GroupingSet.DEFAULTS);
    assertThat(config.partitions()).isEqualTo(12);
  }

  @Test
  void groupingSets_own_added() {
    CostConfig config =
        CostConfig.from(
            Settings.of(Map.of("tributary.cost.grouping-sets", "team, region_model=region+model")));

    assertThat(config.groupingSets())
        .extracting(GroupingSet::name)
        .containsExactly("team", "region_model");
  }

  @Test
  void groupingSets_unknown_refusedWithKeyValueAndKnown() {
    Settings settings = Settings.of(Map.of("tributary.cost.grouping-sets", "team,taem"));

    assertThatThrownBy(() -> CostConfig.from(settings))
        .isInstanceOf(ConfigException.class)
        .hasMessageContainingAll("tributary.cost.grouping-sets", "taem", "workspace");
  }

  @Test
  void groupingSets_twice_refused() {
    Settings settings = Settings.of(Map.of("tributary.cost.grouping-sets", "team,team"));

    assertThatThrownBy(() -> CostConfig.from(settings)).hasMessageContaining("team twice");
  }

  @Test
  void revisable_belowGrace_refused() {
    Settings settings =
        Settings.of(
            Map.of(
                "tributary.cost.window-grace", "5min", "tributary.cost.window-revisable", "1min"));

    assertThatThrownBy(() -> CostConfig.from(settings))
        .hasMessageContaining("tributary.cost.window-revisable");
  }

  @Test
  void clock_toEveryPartition_partByItsSeries() {
    PartialsPartitioner partitioner = new PartialsPartitioner();

    assertThat(partitioner.partitions("any", "clock", new MergeInput.SourceClock(1, 2), 3))
        .contains(Set.of(0, 1, 2));
    Set<Integer> part =
        partitioner
            .partitions("any", "a|b", new MergeInput.Partial(0, 1, new PartialWindow()), 3)
            .orElseThrow();
    assertThat(part).containsExactly(SeriesPartition.of("a|b", 3));
  }

  @Test
  void minuteClosed_toThePartitionItSpeaksFor() {
    WindowRecord closed = new WindowRecord(new MinuteClosed(1L, 2, Map.of(), List.of()));

    assertThat(new WindowsPartitioner(3).partitions("any", "minute-closed", closed, 3))
        .contains(Set.of(2));
  }

  @Test
  void windows_otherPartitionCount_refusedWithBoth() {
    WindowRecord closed = new WindowRecord(new MinuteClosed(1L, 2, Map.of(), List.of()));

    assertThatIllegalStateException()
        .isThrownBy(() -> new WindowsPartitioner(3).partitions("llm.windows.v1", "k", closed, 4))
        .withMessageContainingAll("llm.windows.v1", "4", "3");
  }
}
