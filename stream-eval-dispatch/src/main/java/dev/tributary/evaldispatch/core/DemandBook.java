package dev.tributary.evaldispatch.core;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How many traces of each stratum close, and what became of them. Only what is expected goes
 * through the log; counts since the last plan are an estimate that a crash may lose. Mutable, for
 * one thread.
 */
final class DemandBook {
  /** Share of a new minute in the expected demand. */
  private static final double NEW_SHARE = 0.3;

  /** Of one stratum. */
  static final class Demand {
    private double expectedPerMinute;
    private long sinceLastPlan;
    private long eligible;
    private long admitted;
    private long inGaps;

    double expectedPerMinute() {
      return expectedPerMinute;
    }

    void admitted() {
      admitted++;
    }

    void inGap() {
      inGaps++;
    }
  }

  private final StateLog log;
  private final Map<CellStratum, Demand> demands = new HashMap<>();

  DemandBook(StateLog log) {
    this.log = log;
  }

  Demand of(CellStratum key) {
    return demands.computeIfAbsent(key, any -> new Demand());
  }

  void restore(CellStratum key, double expectedPerMinute) {
    of(key).expectedPerMinute = expectedPerMinute;
  }

  void add(CellStratum key, long traces) {
    Demand demand = of(key);
    demand.sinceLastPlan += traces;
    demand.eligible += traces;
  }

  /** Takes what closed in so many minutes into what is expected. */
  void expect(double minutes) {
    demands.forEach(
        (key, demand) -> {
          double perMinute = demand.sinceLastPlan / minutes;
          double before = demand.expectedPerMinute;
          // A rise counts at once, a fall slowly: too many jobs cost money, too few only width.
          demand.expectedPerMinute =
              perMinute >= before ? perMinute : before + NEW_SHARE * (perMinute - before);
          demand.sinceLastPlan = 0;
          if (demand.expectedPerMinute != before) {
            log.save(key.key('d'), Double.toString(demand.expectedPerMinute));
          }
        });
  }

  Set<Cell> cells() {
    Set<Cell> cells = new HashSet<>();
    demands.keySet().forEach(each -> cells.add(each.cell()));
    return cells;
  }

  /** Strata of a cell by name. */
  List<CellStratum> strataOf(Cell cell) {
    return demands.keySet().stream()
        .filter(each -> each.cell().equals(cell))
        .sorted(Comparator.comparing(CellStratum::stratum))
        .toList();
  }

  List<Coverage> takeCoverage() {
    List<Coverage> all = new ArrayList<>();
    demands.forEach(
        (key, demand) -> {
          if (demand.eligible + demand.admitted + demand.inGaps > 0) {
            all.add(
                new Coverage(
                    key.cell(), key.stratum(), demand.eligible, demand.admitted, demand.inGaps));
            demand.eligible = 0;
            demand.admitted = 0;
            demand.inGaps = 0;
          }
        });
    return all;
  }
}
