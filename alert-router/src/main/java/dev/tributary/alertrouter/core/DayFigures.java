package dev.tributary.alertrouter.core;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Gathers the figures of a day into a summary for each team that spent anything on it. */
public final class DayFigures {
  private static final int DEAREST = 3;

  private record Team(String tenant, String team) implements Comparable<Team> {
    @Override
    public int compareTo(Team other) {
      int byTenant = tenant.compareTo(other.tenant);
      return byTenant != 0 ? byTenant : team.compareTo(other.team);
    }
  }

  private static final class Sums {
    private final List<DaySummary.FeatureCost> features = new ArrayList<>();
    private @Nullable BigDecimal cost;
    private @Nullable BigDecimal dayBefore;
    private @Nullable BigDecimal weekBefore;
    private long calls;
    private long unpriced;
    private long episodes;
    private @Nullable BigDecimal aboveBaseline;
  }

  private final LocalDate day;
  private final Map<Team, Sums> teams = new TreeMap<>();

  /** Nothing known of the day yet. */
  public DayFigures(LocalDate day) {
    this.day = day;
  }

  /**
   * Adds what a feature cost on this day, the day before, or a week before; other days are left
   * out.
   *
   * @param cost ledger currency; null: nothing priced
   */
  public void addSpend(
      String tenant,
      String team,
      String feature,
      LocalDate on,
      @Nullable BigDecimal cost,
      long calls,
      long unpricedCalls) {
    Sums sums = of(tenant, team);
    if (on.equals(day)) {
      sums.cost = plus(sums.cost, cost);
      sums.calls += calls;
      sums.unpriced += unpricedCalls;
      if (cost != null) {
        sums.features.add(new DaySummary.FeatureCost(feature, cost));
      }
    } else if (on.equals(day.minusDays(1))) {
      sums.dayBefore = plus(sums.dayBefore, cost);
    } else if (on.equals(day.minusDays(7))) {
      sums.weekBefore = plus(sums.weekBefore, cost);
    }
  }

  /** Adds the episodes of a team's day. */
  public void addEpisodes(
      String tenant, String team, long count, @Nullable BigDecimal aboveBaseline) {
    Sums sums = of(tenant, team);
    sums.episodes += count;
    sums.aboveBaseline = plus(sums.aboveBaseline, aboveBaseline);
  }

  private Sums of(String tenant, String team) {
    return teams.computeIfAbsent(new Team(tenant, team), key -> new Sums());
  }

  private static @Nullable BigDecimal plus(@Nullable BigDecimal left, @Nullable BigDecimal right) {
    if (left == null) {
      return right;
    }
    return right == null ? left : left.add(right);
  }

  /** Summaries of teams with calls or episodes on the day, by tenant and team. */
  public List<DaySummary> summaries() {
    List<DaySummary> summaries = new ArrayList<>();
    teams.forEach(
        (team, sums) -> {
          if (sums.calls > 0 || sums.cost != null || sums.episodes > 0) {
            summaries.add(
                new DaySummary(
                    team.tenant(),
                    team.team(),
                    day,
                    sums.cost,
                    sums.calls,
                    sums.unpriced,
                    sums.dayBefore,
                    sums.weekBefore,
                    dearest(sums.features),
                    sums.episodes,
                    sums.aboveBaseline));
          }
        });
    return summaries;
  }

  private static List<DaySummary.FeatureCost> dearest(List<DaySummary.FeatureCost> features) {
    return features.stream()
        .sorted(
            Comparator.comparing(DaySummary.FeatureCost::cost)
                .reversed()
                .thenComparing(DaySummary.FeatureCost::feature))
        .limit(DEAREST)
        .toList();
  }
}
