package dev.tributary.cost;

import dev.tributary.cost.BudgetStores.Crossing;
import dev.tributary.cost.core.Budget;
import dev.tributary.cost.core.BudgetForecast;
import dev.tributary.cost.core.BudgetPeriod;
import dev.tributary.cost.core.BudgetState;
import dev.tributary.cost.core.MergeInput;
import dev.tributary.cost.core.Series;
import dev.tributary.cost.core.SpendHistory;
import dev.tributary.cost.core.SpendSums;
import dev.tributary.cost.core.Windows;
import dev.tributary.schemas.Event;
import dev.tributary.schemas.Keys;
import dev.tributary.schemas.Signal;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Keeps spend by scope and tells how the budgets of this partition stand.
 *
 * <p>Spend is kept for every value of every scope, whether there is a budget or not: a budget that
 * comes in the middle of a month counts from the month's start, and one that is changed is right at
 * once. A state is worked out anew from spend, so it cannot drift; only crossings are remembered,
 * so that each is told once. What changed since the last tick is in a store too: the tick may come
 * after a crash.
 */
final class BudgetKeeper {
  private static final long MINUTE_US = Windows.LENGTH_US;
  private static final long QUARTER_US = 15 * MINUTE_US;
  private static final long HOUR_US = 60 * MINUTE_US;
  private static final long DAY_US = 24 * HOUR_US;

  /** The longest month, and the day by which the farthest zones are apart. */
  private static final long LONGEST_PERIOD_US = 32 * DAY_US;

  /** How long minutes are kept: the rolling hour, and what sources may be apart. */
  private static final long MINUTES_KEPT_US = 3 * HOUR_US;

  private static final String DAYS_EVICTED = "spend-evicted-until";
  private static final String MINUTES_EVICTED = "recent-spend-evicted-until";
  private static final String SINCE = "spend-since";

  /** Where signals and events go. */
  interface Sender {
    void send(String key, Signal signal, long atUs);

    void send(String key, Event event, long atUs);
  }

  private record Forecast(long quarterUs, @Nullable BudgetForecast forecast) {}

  private final CostConfig config;
  private final CostMetrics metrics;
  private final LoadedBudgets loaded;
  private final SpendBins quarters;
  private final SpendBins minutes;
  private final BudgetStores stores;
  private final MergeProgress progress;
  private final int partition;
  private final Sender sender;
  private final Map<Budget, Forecast> forecasts = new HashMap<>();
  private LoadedBudgets.Loaded known = new LoadedBudgets.Loaded(-1, Map.of());
  private List<Budget> mine = List.of();
  private long minuteUs = Long.MIN_VALUE;

  BudgetKeeper(
      CostConfig config,
      CostMetrics metrics,
      LoadedBudgets loaded,
      SpendBins quarters,
      SpendBins minutes,
      BudgetStores stores,
      MergeProgress progress,
      int partition,
      Sender sender) {
    this.config = config;
    this.metrics = metrics;
    this.loaded = loaded;
    this.quarters = quarters;
    this.minutes = minutes;
    this.stores = stores;
    this.progress = progress;
    this.partition = partition;
    this.sender = sender;
  }

  static SpendBins quarters(KeyValueStore<Bytes, byte[]> store) {
    return new SpendBins(store, QUARTER_US, DAY_US);
  }

  static SpendBins minutes(KeyValueStore<Bytes, byte[]> store) {
    return new SpendBins(store, MINUTE_US, HOUR_US);
  }

  /**
   * Takes a minute's spend in.
   *
   * @return false: it is too old for any budget
   */
  boolean merge(String key, MergeInput.Partial part) {
    if (part.startUs() < progress.evictedUntil(DAYS_EVICTED).orElse(Long.MIN_VALUE)) {
      return false;
    }
    SpendSums spend = SpendSums.of(part.sums());
    long binUs = quarters.binOf(part.startUs());
    String spendKey = Series.spendOf(key);
    if (quarters.add(key, binUs, spend) && quarters.isOnlyBin(spendKey, binUs)) {
      metrics.newTagValue(Keys.tenantOf(key), Series.scopeOfSpend(key));
    }
    if (part.startUs() >= progress.evictedUntil(MINUTES_EVICTED).orElse(Long.MIN_VALUE)) {
      minutes.add(key, part.startUs(), spend);
    }
    stores.markChanged(spendKey, binUs);
    known(part.startUs());
    return true;
  }

  /**
   * The ledger has come to a time: from then on what a scope has spent is known, also where it is
   * nothing. Every partition hears it, so which scopes share one makes no difference.
   */
  void known(long timeUs) {
    if (timeUs < progress.number(SINCE).orElse(Long.MAX_VALUE)) {
      progress.putNumber(SINCE, timeUs);
    }
  }

  /** Tells what changed; at the first tick of a minute all that the time itself changes. */
  void tick(long nowUs) {
    LoadedBudgets.Loaded current = loaded.current();
    if (current.generation() != known.generation()) {
      known = current;
      mine =
          current.bySpend().entrySet().stream()
              .filter(of -> SeriesPartition.of(of.getKey(), config.partitions()) == partition)
              .flatMap(of -> of.getValue().stream())
              .toList();
      forecasts.clear();
      withdraw(nowUs);
      minuteUs = Long.MIN_VALUE;
    }
    Map<Budget, Set<Long>> past = new HashMap<>();
    Set<Budget> moved = changed(nowUs, past);
    long minute = Math.floorDiv(nowUs, MINUTE_US) * MINUTE_US;
    if (minute > minuteUs) {
      minuteUs = minute;
      moved.addAll(mine);
      evict(nowUs);
    }
    past.forEach(
        (budget, times) ->
            times.forEach(timeUs -> tellPast(budget, budget.periodAt(timeUs), nowUs)));
    moved.forEach(budget -> tellCurrent(budget, nowUs));
  }

  /**
   * The budgets whose current period changed; those of periods that are over go to {@code past}.
   */
  private Set<Budget> changed(long nowUs, Map<Budget, Set<Long>> past) {
    Set<Budget> current = new HashSet<>();
    List<BudgetStores.Change> changes;
    do {
      changes = stores.takeChanges();
      for (BudgetStores.Change change : changes) {
        for (Budget budget : known.of(change.spendKey())) {
          BudgetPeriod period = budget.periodAt(change.binStartUs());
          if (period.isRolling() || period.endUs() > nowUs) {
            current.add(budget);
          } else {
            past.computeIfAbsent(budget, key -> new TreeSet<>()).add(period.startUs());
          }
        }
      }
    } while (!changes.isEmpty());
    return current;
  }

  private void tellPast(Budget budget, BudgetPeriod period, long nowUs) {
    if (period.endUs() + config.budgetRetentionUs() <= nowUs || !budget.isValidWithin(period)) {
      return;
    }
    BudgetState state = new BudgetState(budget, period, spend(budget, period), null);
    tellThresholds(state, nowUs);
  }

  private void tellCurrent(Budget budget, long nowUs) {
    if (!budget.isValidAt(nowUs)) {
      withdraw(budget.tenant(), budget.id(), nowUs);
      return;
    }
    BudgetPeriod period = budget.periodAt(nowUs);
    SpendSums spend = spend(budget, period);
    BudgetState state =
        new BudgetState(budget, period, spend, forecast(budget, period, spend, nowUs));
    long sinceUs = tellThresholds(state, nowUs);
    if (state.isForecastBeyond()
        && stores.crossing(budget, period, BudgetRecords.FORECAST_THRESHOLD) == null) {
      tell(BudgetRecords.FORECAST, state, BudgetRecords.FORECAST_THRESHOLD, nowUs);
    }
    Signal signal = BudgetRecords.signal(state, sinceUs);
    String key = BudgetReader.signalKey(budget.tenant(), budget.id());
    if (stores.isNews(key, signal.toString())) {
      sender.send(key, signal, nowUs);
      metrics.budgetSignal();
    }
  }

  private SpendSums spend(Budget budget, BudgetPeriod period) {
    boolean isOfMinutes = budget.cycle().rollingUs() == HOUR_US;
    // Sources may be ahead of the clock that they agree on: their spend is in the period too.
    long endUs =
        period.isRolling() ? period.startUs() + 2 * budget.cycle().rollingUs() : period.endUs();
    return (isOfMinutes ? minutes : quarters)
        .between(budget.spendKey(), budget.environment(), period.startUs(), endUs);
  }

  private @Nullable BudgetForecast forecast(
      Budget budget, BudgetPeriod period, SpendSums spend, long nowUs) {
    if (period.isRolling()) {
      return null;
    }
    long quarterUs = quarters.binOf(nowUs);
    Forecast before = forecasts.get(budget);
    if (before == null || before.quarterUs() != quarterUs) {
      before =
          new Forecast(quarterUs, BudgetForecast.of(history(budget), period, nowUs, spend.cost()));
      forecasts.put(budget, before);
    }
    BudgetForecast forecast = before.forecast();
    return forecast == null ? null : forecast.atLeast(spend.cost());
  }

  private SpendHistory history(Budget budget) {
    long sinceUs =
        Math.max(
            progress.number(SINCE).orElse(Long.MAX_VALUE),
            progress.evictedUntil(DAYS_EVICTED).orElse(Long.MIN_VALUE));
    return new SpendHistory() {
      @Override
      public BigDecimal between(long fromUs, long toUs) {
        return quarters.between(budget.spendKey(), budget.environment(), fromUs, toUs).cost();
      }

      @Override
      public long sinceUs() {
        return sinceUs;
      }
    };
  }

  /**
   * Tells each threshold once, and what corrections made of it.
   *
   * @return since when the highest threshold is reached; the period's start where none is
   */
  private long tellThresholds(BudgetState state, long nowUs) {
    Budget budget = state.budget();
    BudgetPeriod period = state.period();
    long sinceUs = period.startUs();
    for (int threshold : budget.thresholds()) {
      boolean isReached = budget.isReached(state.spend().cost(), threshold);
      Crossing told = stores.crossing(budget, period, threshold);
      if (told == null || isAnew(state, told, isReached, nowUs)) {
        if (isReached) {
          tell(BudgetRecords.CROSSED, state, threshold, nowUs);
        }
      } else if (told.isCrossed() != isReached) {
        Crossing amended = told.amended(isReached);
        stores.put(budget, period, threshold, amended);
        if (!period.isRolling()) {
          send(BudgetRecords.AMENDED, state, threshold, nowUs, amended);
        }
      }
      Crossing now = stores.crossing(budget, period, threshold);
      if (isReached && now != null) {
        sinceUs = now.sinceUs();
      }
    }
    return sinceUs;
  }

  /** A rolling period is told anew when it fell below and a whole length has gone by. */
  private static boolean isAnew(BudgetState state, Crossing told, boolean isReached, long nowUs) {
    return state.period().isRolling()
        && isReached
        && !told.isCrossed()
        && told.sinceUs() + state.budget().cycle().rollingUs() <= nowUs;
  }

  /** Sends what was not told yet, and remembers it. */
  private void tell(String kind, BudgetState state, int threshold, long nowUs) {
    Crossing crossing = Crossing.at(timeOf(state, nowUs));
    stores.put(state.budget(), state.period(), threshold, crossing);
    send(kind, state, threshold, nowUs, crossing);
  }

  /** What is found of a period that is over happened at its last moment. */
  private static long timeOf(BudgetState state, long nowUs) {
    return Math.min(nowUs, state.period().endUs() - 1);
  }

  private void send(String kind, BudgetState state, int threshold, long nowUs, Crossing crossing) {
    boolean isLate = state.period().endUs() <= nowUs;
    Event event =
        BudgetRecords.event(kind, state, threshold, timeOf(state, nowUs), crossing, isLate);
    sender.send(Keys.event(event.getTenant(), event.getSubject()), event, event.getEventTimeUs());
    metrics.budgetEvent();
  }

  /** Clears the signals of budgets that are gone. */
  private void withdraw(long nowUs) {
    Set<String> inForce = new HashSet<>();
    mine.forEach(budget -> inForce.add(BudgetReader.signalKey(budget.tenant(), budget.id())));
    for (String key : stores.signalKeys()) {
      if (!inForce.contains(key)) {
        String tenant = Keys.tenantOf(key);
        withdraw(tenant, key.substring(BudgetReader.signalKey(tenant, "").length()), nowUs);
      }
    }
  }

  private void withdraw(String tenant, String id, long nowUs) {
    String key = BudgetReader.signalKey(tenant, id);
    if (stores.signalKeys().contains(key)) {
      stores.forgetSignal(key);
      sender.send(key, BudgetRecords.withdrawn(tenant, id, nowUs), nowUs);
    }
  }

  private void evict(long nowUs) {
    long keptUs = nowUs - LONGEST_PERIOD_US - config.budgetRetentionUs();
    evict(quarters, DAYS_EVICTED, keptUs);
    evict(minutes, MINUTES_EVICTED, nowUs - MINUTES_KEPT_US);
    stores.evictCrossings(nowUs - config.budgetRetentionUs());
  }

  private void evict(SpendBins bins, String name, long keptUs) {
    long fromUs = progress.evictedUntil(name).orElse(Long.MIN_VALUE);
    long untilUs = bins.keptFrom(keptUs);
    if (untilUs > fromUs) {
      bins.evict(fromUs, untilUs);
      progress.putEvictedUntil(name, untilUs);
    }
  }
}
