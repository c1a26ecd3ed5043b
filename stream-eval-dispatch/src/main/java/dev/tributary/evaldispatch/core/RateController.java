package dev.tributary.evaldispatch.core;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The one place where money and the wall clock act on sampling. It lowers wished rates until what
 * is expected fits into what is left, decides candidates by the rates it wrote, and stops at the
 * ceiling. Every decision is a function of the candidate and of the rates, so that a replay of
 * traces and rates decides the same. Its whole state goes through the log; mutable, for one thread.
 */
public final class RateController {
  /** Least rate: below it weights would leave the bounds of weighted sums. */
  private static final double LEAST_RATE = 0.000001;

  /** A rate that moved less is left as it is, so that the timeline stays short. */
  private static final double LEAST_CHANGE = 0.05;

  private final ControllerOptions options;
  private final StateLog log;
  private final SpendBook book;
  private final Map<CellStratum, RateTimeline> timelines = new HashMap<>();
  private final DemandBook demands;
  private final Refusals refusals;

  /** By cell, when the latest trace closed that was let through. */
  private final Map<Cell, Long> lastAdmittedUs = new HashMap<>();

  /** By cell, when the latest trace closed that was decided in any way. */
  private final Map<Cell, Long> lastDecidedUs = new HashMap<>();

  private final Map<String, Map<String, String>> openEpisodes = new TreeMap<>();
  private long lastPlanUs = Long.MIN_VALUE;

  /** A controller without state. */
  public RateController(ControllerOptions options, StateLog log) {
    this.options = options;
    this.log = log;
    this.book = new SpendBook(log);
    this.demands = new DemandBook(log);
    this.refusals = new Refusals(log);
  }

  /** Takes over what another one saved. */
  public void restore(String key, String value) {
    String[] keys = StateText.split(key);
    String[] values = StateText.split(value);
    switch (key.charAt(0)) {
      case 'r' -> book.restoreReserved(keys, values);
      case 's' -> book.restoreSpent(keys, values);
      case 'x' -> refusals.restore(stratum(keys), keys[5], Long.parseLong(values[0]));
      case 't' ->
          timeline(stratum(keys))
              .put(
                  Long.parseLong(keys[5]),
                  Double.parseDouble(values[0]),
                  Boolean.parseBoolean(values[1]));
      case 'd' -> demands.restore(stratum(keys), Double.parseDouble(values[0]));
      case 'a' ->
          lastAdmittedUs.put(new Cell(keys[1], keys[2], keys[3]), Long.parseLong(values[0]));
      case 'c' -> lastDecidedUs.put(new Cell(keys[1], keys[2], keys[3]), Long.parseLong(values[0]));
      case 'e' -> {
        Map<String, String> dimensions = new HashMap<>();
        for (int i = 0; i + 1 < values.length; i += 2) {
          dimensions.put(values[i], values[i + 1]);
        }
        openEpisodes.put(keys[1], dimensions);
      }
      default -> throw new IllegalStateException("no state of the controller: " + keys[0]);
    }
  }

  private static CellStratum stratum(String[] keys) {
    return new CellStratum(new Cell(keys[1], keys[2], keys[3]), keys[4]);
  }

  /** So many traces of a stratum closed that its policy is about. */
  public void demand(Cell cell, String stratum, long traces) {
    demands.add(new CellStratum(cell, stratum), traces);
  }

  /**
   * An episode opened or ended.
   *
   * @param episodeId tenant, a bar and the id
   */
  public void episode(String episodeId, Map<String, String> dimensions, boolean isOpen) {
    if (isOpen) {
      openEpisodes.put(episodeId, Map.copyOf(dimensions));
      List<String> parts = new ArrayList<>();
      dimensions.forEach(
          (name, value) -> {
            parts.add(name);
            parts.add(value);
          });
      log.save(StateText.key('e', episodeId), StateText.join(parts.toArray(new String[0])));
    } else if (openEpisodes.remove(episodeId) != null) {
      log.save(StateText.key('e', episodeId), null);
    }
  }

  /** A job answered or ended; null: its cost is not known, and what was reserved stays spent. */
  public void settle(String jobId, @Nullable BigDecimal cost) {
    book.settle(jobId, cost);
  }

  /** What a cell has spent or reserved in the clock hour of a time, ledger currency. */
  public BigDecimal spentInHour(Cell cell, long atUs) {
    return book.spent(cell, SpendBook.HOUR_US, atUs);
  }

  /** Jobs in flight, all cells together. */
  public long queued() {
    return demands.cells().stream().mapToLong(book::queued).sum();
  }

  /**
   * Decides a candidate by the rate that was in force when its trace closed, and by the money left.
   *
   * @param policy its policy as it is in force; null: it is not any more
   */
  public Admission admit(Candidate candidate, @Nullable EvalPolicy policy, long nowUs) {
    if (book.isReserved(candidate.jobId())) {
      return new Admission.Repeated();
    }
    DemandBook.Demand demand = demands.of(new CellStratum(candidate.cell(), candidate.stratum()));
    if (policy == null) {
      return gap(demand, Admission.Reason.NO_POLICY, List.of());
    }
    advance('c', lastDecidedUs, candidate);
    RateTimeline.Rate rate =
        timeline(new CellStratum(candidate.cell(), candidate.stratum())).at(candidate.closedAtUs());
    if (rate == null) {
      return gap(demand, Admission.Reason.NO_RATE, List.of());
    }
    if (rate.isGap()) {
      return gap(demand, Admission.Reason.CEILING, List.of());
    }
    if (candidate.draw() >= rate.probability()) {
      return new Admission.NotDrawn(rate.probability());
    }
    Cell cell = candidate.cell();
    BigDecimal left = book.left(policy, cell, nowUs);
    if (left != null && left.compareTo(candidate.mostCost()) < 0) {
      return atCeiling(candidate, demand);
    }
    return admit(candidate, demand, rate, nowUs);
  }

  private Admission admit(
      Candidate candidate, DemandBook.Demand demand, RateTimeline.Rate rate, long nowUs) {
    Cell cell = candidate.cell();
    book.reserve(candidate.jobId(), cell, nowUs, candidate.mostCost());
    advance('a', lastAdmittedUs, candidate);
    demand.admitted();
    return new Admission.Admitted(Math.min(rate.probability(), candidate.mostRate()));
  }

  private void advance(char kind, Map<Cell, Long> latest, Candidate candidate) {
    Cell cell = candidate.cell();
    if (candidate.closedAtUs() > latest.getOrDefault(cell, Long.MIN_VALUE)) {
      latest.put(cell, candidate.closedAtUs());
      log.save(
          StateText.key(kind, cell.tenant(), cell.policy(), cell.team()),
          Long.toString(candidate.closedAtUs()));
    }
  }

  /**
   * The money is gone. The gap begins right after the last trace that was let through, for every
   * stratum of the team; what closed before that and comes now is refused by name, because a replay
   * of rates alone would draw it.
   */
  private Admission atCeiling(Candidate candidate, DemandBook.Demand demand) {
    Cell cell = candidate.cell();
    long gapFromUs = lastAdmittedUs.getOrDefault(cell, Long.MIN_VALUE) + 1;
    if (candidate.closedAtUs() < gapFromUs) {
      RateChange refused = refusals.add(new CellStratum(cell, candidate.stratum()), candidate);
      return gap(demand, Admission.Reason.TOO_LATE, List.of(refused));
    }
    List<RateChange> changes = new ArrayList<>();
    for (CellStratum each : demands.strataOf(cell)) {
      for (long fromUs : timeline(each).startsOfGap(gapFromUs)) {
        changes.add(change(each, fromUs, 0, true, "ceiling"));
      }
    }
    return gap(demand, Admission.Reason.CEILING, changes);
  }

  private static Admission gap(
      DemandBook.Demand demand, Admission.Reason reason, List<RateChange> changes) {
    demand.inGap();
    return new Admission.Gap(reason, changes);
  }

  /**
   * The rates that change, in force from a lead after now on and after every trace that was decided
   * already.
   */
  public List<RateChange> plan(long nowUs, Collection<EvalPolicy> policies) {
    // After a clock that went back nobody knows how long it was; an instant would make it a flood.
    boolean isKnown = lastPlanUs != Long.MIN_VALUE && nowUs > lastPlanUs;
    double minutes = isKnown ? Math.max(1e-3, (nowUs - lastPlanUs) / 60_000_000.0) : 1;
    lastPlanUs = nowUs;
    demands.expect(minutes);
    Map<String, EvalPolicy> byId = new HashMap<>();
    policies.forEach(policy -> byId.put(policy.tenant() + "|" + policy.id(), policy));
    List<RateChange> changes = new ArrayList<>();
    for (Cell cell : demands.cells()) {
      EvalPolicy policy = byId.get(cell.tenant() + "|" + cell.policy());
      if (policy != null) {
        plan(cell, policy, nowUs, changes);
      }
    }
    return changes;
  }

  private void plan(Cell cell, EvalPolicy policy, long nowUs, List<RateChange> changes) {
    List<CellStratum> strata = demands.strataOf(cell);
    double costPerTrace = policy.costPerTrace().doubleValue();
    double boost = isEpisodeOpen(policy) ? policy.episodeBoost() : 1;
    List<RateFit.Wish> wishes = new ArrayList<>();
    for (CellStratum each : strata) {
      Stratum stratum = policy.stratum(each.stratum());
      double wished = stratum == null ? 0 : Math.min(1, stratum.rate() * boost);
      double expected = demands.of(each).expectedPerMinute();
      wishes.add(
          new RateFit.Wish(wished, Math.min(policy.floor(), wished), expected * costPerTrace));
    }
    BigDecimal left = book.left(policy, cell, nowUs);
    boolean isGone = left != null && left.compareTo(policy.costPerTrace()) < 0;
    double queueFactor =
        Math.min(1, (double) options.mostQueued() / Math.max(1, book.queued(cell)));
    double perMinute = left == null ? Double.MAX_VALUE : perMinute(policy, cell, left, nowUs);
    double scale = Math.min(queueFactor, RateFit.scale(wishes, perMinute));
    long fromUs =
        Math.max(nowUs + options.leadUs(), lastDecidedUs.getOrDefault(cell, Long.MIN_VALUE) + 1);
    for (int i = 0; i < strata.size(); i++) {
      double rate = rounded(wishes.get(i).at(scale));
      planStratum(strata.get(i), rate, isGone, fromUs, reason(scale, boost, queueFactor), changes);
    }
  }

  /** What is left of hour and day, spread evenly over what is left of them. */
  private double perMinute(EvalPolicy policy, Cell cell, BigDecimal left, long nowUs) {
    double hour = left.doubleValue() / minutesLeft(nowUs, SpendBook.HOUR_US);
    BigDecimal day = policy.ceilingPerDay();
    if (day == null) {
      return hour;
    }
    double leftOfDay = day.subtract(book.spent(cell, SpendBook.DAY_US, nowUs)).doubleValue();
    return Math.min(hour, leftOfDay / minutesLeft(nowUs, SpendBook.DAY_US));
  }

  private static double minutesLeft(long nowUs, long lengthUs) {
    return Math.max(1, (lengthUs - Math.floorMod(nowUs, lengthUs)) / 60_000_000.0);
  }

  private boolean isEpisodeOpen(EvalPolicy policy) {
    String ofTenant = policy.tenant() + "|";
    return openEpisodes.entrySet().stream()
        .anyMatch(
            open -> open.getKey().startsWith(ofTenant) && policy.filter().touches(open.getValue()));
  }

  private static String reason(double scale, double boost, double queueFactor) {
    if (queueFactor < 1) {
      return "queue";
    }
    if (scale < 1) {
      return "budget";
    }
    return boost > 1 ? "episode" : "policy";
  }

  private void planStratum(
      CellStratum each,
      double rate,
      boolean isGone,
      long fromUs,
      String reason,
      List<RateChange> changes) {
    RateTimeline timeline = timeline(each);
    RateTimeline.Rate now = timeline.last();
    if (isGone) {
      if (now == null || !now.isGap()) {
        changes.add(change(each, fromUs, 0, true, "ceiling"));
      }
    } else if (now == null
        || now.isGap()
        || Math.abs(rate - now.probability()) > LEAST_CHANGE * now.probability()) {
      changes.add(change(each, fromUs, rate, false, reason));
    }
  }

  private static double rounded(double rate) {
    return rate <= 0 ? 0 : Math.max(LEAST_RATE, Math.rint(rate * 1e6) / 1e6);
  }

  private RateChange change(
      CellStratum each, long fromUs, double rate, boolean isGap, String reason) {
    timeline(each).put(fromUs, rate, isGap);
    log.save(each.key('t', Long.toString(fromUs)), StateText.join(rate + "", isGap + ""));
    return RateChange.of(each, fromUs, rate, isGap, reason);
  }

  /** Forgets spend and rates that nothing needs any more; the rates to take off the topic. */
  public List<RateChange> forget(long nowUs) {
    long beforeUs = nowUs - options.keepUs();
    book.forgetBefore(beforeUs);
    List<RateChange> forgotten = new ArrayList<>(refusals.removeBefore(beforeUs));
    timelines.forEach(
        (key, timeline) -> {
          for (Long old = timeline.removeEnded(beforeUs);
              old != null;
              old = timeline.removeEnded(beforeUs)) {
            log.save(key.key('t', Long.toString(old)), null);
            forgotten.add(RateChange.of(key, old, 0, false, "forgotten"));
          }
        });
    return forgotten;
  }

  /** What became of eligible traces since the last call. */
  public List<Coverage> takeCoverage() {
    return demands.takeCoverage();
  }

  private RateTimeline timeline(CellStratum key) {
    return timelines.computeIfAbsent(key, any -> new RateTimeline());
  }
}
