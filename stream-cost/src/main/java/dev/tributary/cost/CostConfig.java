package dev.tributary.cost;

import dev.tributary.cost.core.GroupingSet;
import dev.tributary.cost.core.LowScores;
import dev.tributary.cost.core.SpendScope;
import dev.tributary.cost.core.Windows;
import dev.tributary.runtime.config.CommonSettings;
import dev.tributary.runtime.config.ConfigException;
import dev.tributary.runtime.config.Setting;
import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.config.StoreType;
import dev.tributary.schemas.Topics;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What the windows of a process are made by.
 *
 * @param groupingSets sets by which lines are summed; at least one, names unique
 * @param grace how long after its end, in event time, a window is sent for the first time
 * @param revisable how long after its end, in event time, a window can still change
 * @param sourceSilence a ledger partition silent longer than this, in wall time, holds no minute up
 * @param clockSkew how far ahead of the wall clock a line may be and still move the clock
 * @param tick how often, in wall time, late revisions are sent and silence is looked at
 * @param maxParts parts of windows a task combines before it drains early; bounds its heap
 * @param cellsPerFeature cells of a feature that are sent by themselves; 0: no cells are made
 * @param lowScores below which scores a retrieval counts as low
 * @param budgetScopes what spend is kept by for budgets
 * @param budgetRetention how long after its end, in event time, a budget's period can change
 * @param store where windows live
 * @param partitions partitions of the ledger, of the repartition topic and of llm.windows
 */
public record CostConfig(
    List<GroupingSet> groupingSets,
    Duration grace,
    Duration revisable,
    Duration sourceSilence,
    Duration clockSkew,
    Duration tick,
    int maxParts,
    int cellsPerFeature,
    LowScores lowScores,
    List<SpendScope> budgetScopes,
    Duration budgetRetention,
    StoreType store,
    int partitions) {

  static final Setting<List<String>> GROUPING_SETS =
      Setting.list(
          "tributary.cost.grouping-sets",
          String.join(",", GroupingSet.DEFAULTS.stream().map(GroupingSet::text).toList()),
          "Sets by which lines are summed: a known name, or `name=dimension+dimension`");

  /** How long after its end a window is sent first. */
  public static final Setting<Duration> GRACE =
      Setting.duration(
              "tributary.cost.window-grace",
              "90s",
              "Event time from a window's end to its first sending")
          .atLeast(Duration.ZERO);

  static final Setting<Duration> REVISABLE =
      Setting.duration(
              "tributary.cost.window-revisable",
              "48h",
              "Event time from a window's end in which late entries still revise it; its state"
                  + " lives so long")
          .atLeast(Duration.ofMinutes(1));

  static final Setting<Duration> SOURCE_SILENCE =
      Setting.duration(
              "tributary.cost.source-silence",
              "30s",
              "Wall time after which a silent ledger partition no longer holds a minute up")
          .atLeast(Duration.ofSeconds(1));

  static final Setting<Duration> CLOCK_SKEW =
      Setting.duration(
              "tributary.cost.clock-skew",
              "60s",
              "A line further ahead of the wall clock never moves the clock")
          .atLeast(Duration.ZERO);

  static final Setting<Duration> TICK =
      Setting.duration(
              "tributary.cost.tick",
              "1s",
              "Wall time between two sendings of late revisions; a window is revised at most once"
                  + " per tick")
          .atLeast(Duration.ofMillis(10));

  static final Setting<Integer> MAX_PARTS =
      Setting.integer(
              "tributary.cost.combine-max-parts",
              20_000,
              "Parts of windows a task combines before it drains early; about 1.5 KB of heap each")
          .atLeast(1);

  static final Setting<Integer> CELLS_PER_FEATURE =
      Setting.integer(
              "tributary.cost.cells-per-feature",
              200,
              "Cells of a feature in five minutes that are sent by themselves, the dearest first; the"
                  + " rest is sent as `other`; 0: no cells")
          .atLeast(0)
          .atMost(10_000);

  static final Setting<List<String>> LOW_RETRIEVAL_SCORE =
      Setting.list(
          "tributary.cost.low-retrieval-score",
          "0.5",
          "Best score below which a retrieval counts as low: a number, and `source=number` for"
              + " sources with a scale of their own");

  static final Setting<List<String>> BUDGET_SCOPES =
      Setting.list(
          "tributary.cost.budget-scopes",
          "team,feature,workspace,model,environment,project,cost_center",
          "What spend is kept by for budgets: `environment`, `tag.<name>` and dimensions of calls; a"
              + " version with a budget of another scope is refused");

  static final Setting<Duration> BUDGET_RETENTION =
      Setting.duration(
              "tributary.cost.budget-retention",
              "35d",
              "Event time after a budget's period in which corrections still amend it")
          .atLeast(Duration.ofDays(1));

  /** The module's own settings. */
  public static final List<Setting<?>> SETTINGS =
      List.of(
          GROUPING_SETS,
          GRACE,
          REVISABLE,
          SOURCE_SILENCE,
          CLOCK_SKEW,
          TICK,
          MAX_PARTS,
          CELLS_PER_FEATURE,
          LOW_RETRIEVAL_SCORE,
          BUDGET_SCOPES,
          BUDGET_RETENTION);

  /** Checks what no single setting can. */
  public CostConfig {
    groupingSets = List.copyOf(groupingSets);
    budgetScopes = List.copyOf(budgetScopes);
    if (groupingSets.isEmpty()) {
      throw new ConfigException(GROUPING_SETS.key() + " is empty; allowed: at least one set");
    }
    Set<String> names = new HashSet<>();
    for (GroupingSet set : groupingSets) {
      if (!names.add(set.name())) {
        throw new ConfigException(GROUPING_SETS.key() + " names " + set.name() + " twice");
      }
    }
    if (revisable.compareTo(grace) < 0) {
      throw new ConfigException(
          REVISABLE.key() + " = " + revisable + " is not allowed; allowed: at least the grace");
    }
    if (partitions < 1) {
      throw new ConfigException("partitions must be at least 1: " + partitions);
    }
  }

  /**
   * The configuration of these settings.
   *
   * @throws ConfigException naming key, value and what is allowed
   */
  public static CostConfig from(Settings settings) {
    int configured = settings.get(CommonSettings.PARTITIONS);
    return new CostConfig(
        settings.get(GROUPING_SETS).stream().map(CostConfig::groupingSet).toList(),
        settings.get(GRACE),
        settings.get(REVISABLE),
        settings.get(SOURCE_SILENCE),
        settings.get(CLOCK_SKEW),
        settings.get(TICK),
        settings.get(MAX_PARTS),
        settings.get(CELLS_PER_FEATURE),
        lowScores(settings.get(LOW_RETRIEVAL_SCORE)),
        budgetScopes(settings),
        settings.get(BUDGET_RETENTION),
        settings.get(CommonSettings.STORE),
        configured == 0 ? Topics.WINDOWS.partitions() : configured);
  }

  private static GroupingSet groupingSet(String text) {
    try {
      return GroupingSet.parse(text);
    } catch (IllegalArgumentException e) {
      throw new ConfigException(
          GROUPING_SETS.key() + " = \"" + text + "\" is not allowed: " + e.getMessage(), e);
    }
  }

  private static LowScores lowScores(List<String> texts) {
    try {
      return LowScores.parse(texts);
    } catch (IllegalArgumentException e) {
      throw new ConfigException(
          LOW_RETRIEVAL_SCORE.key() + " is not allowed: " + e.getMessage(), e);
    }
  }

  /** What these settings keep spend by. */
  static List<SpendScope> budgetScopes(Settings settings) {
    return settings.get(BUDGET_SCOPES).stream().map(CostConfig::budgetScope).toList();
  }

  private static SpendScope budgetScope(String label) {
    try {
      return SpendScope.parse(label);
    } catch (IllegalArgumentException e) {
      throw new ConfigException(BUDGET_SCOPES.key() + " is not allowed: " + e.getMessage(), e);
    }
  }

  long budgetRetentionUs() {
    return budgetRetention.toNanos() / 1_000;
  }

  boolean hasCells() {
    return cellsPerFeature > 0;
  }

  long graceUs() {
    return grace.toNanos() / 1_000;
  }

  long revisableUs() {
    return revisable.toNanos() / 1_000;
  }

  long clockSkewUs() {
    return clockSkew.toNanos() / 1_000;
  }

  /** End of the last minute that is closed when the clock shows this, microseconds. */
  long closedAt(long clockUs) {
    return Windows.startOf(clockUs - graceUs());
  }
}
