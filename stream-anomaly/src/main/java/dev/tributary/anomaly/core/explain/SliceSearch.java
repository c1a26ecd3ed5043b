package dev.tributary.anomaly.core.explain;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the slices that carry a change: the smallest set of combinations of dimension values whose
 * cells all moved alike, while the rest moved as by chance.
 *
 * <p>Every combination of every subset of dimensions is a candidate. Its gain is how much better
 * one common deviation explains its cells than no change does, in squared error scales. A slice too
 * wide loses by the cells that did not move, one too narrow gains less than the whole; so the
 * greatest gain names the cause, is taken out, and the search goes on with what is left, up or
 * down. A wide slice gives way to narrower ones inside it when those explain the cells better by
 * more than another slice costs. How great a gain chance gives is seen at the end, on what no cause
 * has. That cells under a cause move alike is the idea of Squeeze (ISSRE 2019), and which side
 * shows chance that of RiskLoc (arXiv 2205.10004).
 */
public final class SliceSearch {
  /** What one more slice must explain, in squared error scales: twice the log of 100 000 slices. */
  private static final double SLICE_COST = 23;

  /** One search in so many may name a slice for nothing. */
  private static final double SURE = 100;

  /** A cause carries at least this share of what the first one does. */
  private static final double LEAST_SHARE = 0.015;

  /** Beyond chance on the other side by this factor. */
  private static final double OVER_CHANCE = 1.5;

  private static final int CHANCE_RANK = 2;

  /** Beside a cause of more cells than this, a lone cell must stand out more. */
  private static final int WIDE = 3;

  private static final double LONE = 2.5;

  /** Least share of the greatest cause, and least gain, of a cause that moved the other way. */
  private static final double OPPOSED_SHARE = 0.05;

  private static final double OPPOSED_COST = 3 * SLICE_COST;
  private static final double LONE_OPPOSED_COST = 2 * SLICE_COST;

  /** A gain that says enough, however small the part of the change. */
  private static final double CLEAR = 6 * SLICE_COST;

  /** More parts than these that together have this much of a slice are the slice. */
  private static final int PARTS = 2;

  private static final double NEARLY_ALL = 0.9;
  private static final int CROWD_RANK = 10;
  private static final int MOST_CAUSES = 20;
  private static final int RUNNERS_UP = 5;

  /** A cell is odd by so many error scales. */
  private static final double FAR = 4;

  private static final int LEAST_ODD = 5;
  private static final double MANY_ODD = 0.005;
  private static final double LEAST_CAP = 2.5;

  private final CellTable table;
  private final Deviations deviations;
  private final Candidates candidates;
  private final boolean[] isAlive;
  private final List<Slice> slices = new ArrayList<>();

  private final boolean isChangeByChance;

  /** By chance one slice among all gains this about once in so many searches. */
  private final double leastGain;

  private SliceSearch(CellTable table, Deviations deviations, double cap) {
    this.table = table;
    this.deviations = deviations;
    this.candidates = new Candidates(table, deviations, cap);
    this.isAlive = new boolean[table.size()];
    Arrays.fill(isAlive, true);
    this.isChangeByChance = deviations.isChangeByChance(table);
    this.leastGain = Math.max(SLICE_COST, 2 * Math.log(SURE * candidates.slices()));
  }

  /**
   * Slices by their part in the change: the causes first, the one with the greatest gain at the
   * top, then a few runners-up. Empty where nothing changed beyond chance. Where all cells moved
   * alike, the first one has no values: the whole, then what moved otherwise.
   */
  public static List<Slice> search(CellTable table) {
    Deviations usual = Deviations.of(table);
    SliceSearch parts = of(table, usual);
    WholeMove move = WholeMove.of(table, usual);
    if (move == null) {
      return parts.slices;
    }
    Deviations beside = move.beside();
    SliceSearch others = beside == null ? null : of(table, beside);
    int[] nobody = new int[table.size()];
    Arrays.fill(nobody, -1);
    double costs = SLICE_COST + move.unexplainedBeside(others == null ? nobody : others.owners());
    if (others != null) {
      costs += others.causes() * SLICE_COST;
    }
    double otherwise = parts.causes() * SLICE_COST + move.unexplained(parts.owners());
    double gain = move.unexplained(nobody) - move.unexplainedBeside(nobody);
    if (!parts.isAll() && (costs >= otherwise || gain < OVER_CHANCE * SLICE_COST)) {
      return parts.slices;
    }
    List<Slice> slices = new ArrayList<>();
    slices.add(parts.whole(Math.max(gain, 0), move.cells()));
    if (others != null) {
      slices.addAll(others.slices);
    }
    return slices;
  }

  private static SliceSearch of(CellTable table, Deviations deviations) {
    SliceSearch search = new SliceSearch(table, deviations, Candidates.CAP);
    search.search();
    double odd = search.odd(search.slices);
    // Cells that are far off for no reason: one more of them says no more than how common they are.
    if (odd >= MANY_ODD) {
      double cap = Math.max(LEAST_CAP, Math.sqrt(-2 * Math.log(odd)));
      search = new SliceSearch(table, deviations, cap);
      search.search();
    }
    return search;
  }

  /** Number of each cell's cause, from 0; -1: none. */
  private int[] owners() {
    int[] owners = new int[table.size()];
    Arrays.fill(owners, -1);
    for (int cause = 0; cause < causes(); cause++) {
      Map<String, String> values = slices.get(cause).values();
      for (int cell = 0; cell < owners.length; cell++) {
        boolean isIn = owners[cell] < 0;
        for (int d = 0; isIn && d < table.dimensions().size(); d++) {
          String wanted = values.get(table.dimensions().get(d));
          isIn = wanted == null || wanted.equals(table.value(d, table.code(cell, d)));
        }
        owners[cell] = isIn ? cause : owners[cell];
      }
    }
    return owners;
  }

  private long causes() {
    return slices.stream().filter(Slice::isCause).count();
  }

  /** Whether one cause has all cells: it fixes what never differs. */
  private boolean isAll() {
    return causes() == 1
        && slices.get(0).values().keySet().stream()
            .allMatch(name -> table.cardinality(table.dimensions().indexOf(name)) == 1);
  }

  private Slice whole(double gain, int cells) {
    int[] any = new int[table.dimensions().size()];
    Arrays.fill(any, -1);
    SliceSums sums = SliceSums.of(table, any);
    return new Slice(
        Map.of(), true, score(gain), sums.before(), sums.after(), sums.excess(), 1, cells);
  }

  private static double score(double gain) {
    return 0.5 + 0.5 * gain / (gain + 4 * SLICE_COST);
  }

  /** Share of the cells that no cause has, or are one by themselves, and that are far off. */
  private double odd(List<Slice> slices) {
    int odd = (int) slices.stream().filter(s -> s.isCause() && s.cells() == 1).count();
    int known = 0;
    for (int cell = 0; cell < table.size(); cell++) {
      if (!Double.isNaN(deviations.of(cell))) {
        known++;
        boolean isFar = Math.abs(deviations.of(cell)) > FAR * deviations.sigma(cell);
        odd += isAlive[cell] && isFar ? 1 : 0;
      }
    }
    return odd < LEAST_ODD ? 0 : odd / (double) known;
  }

  private void search() {
    List<Candidate> first = candidates.all(isAlive);
    List<Candidate> causes = beyondChance(causes(first));
    if (causes.isEmpty()) {
      return;
    }
    for (Candidate cause : causes) {
      slices.add(slice(cause, true, score(cause.gain())));
    }
    double top = causes.get(0).gain();
    first.stream()
        .sorted(Candidate.BY_GAIN)
        .filter(candidate -> candidate.direction() == causes.get(0).direction())
        .filter(candidate -> candidate.gain() > SLICE_COST && !isAmong(candidate, causes))
        .limit(RUNNERS_UP)
        .forEach(other -> slices.add(slice(other, false, 0.49 * Math.min(1, other.gain() / top))));
  }

  /** What explains most is taken out, again and again, until nothing is worth naming. */
  private List<Candidate> causes(List<Candidate> first) {
    List<Candidate> causes = new ArrayList<>();
    List<Candidate> left = first;
    while (causes.size() < MOST_CAUSES) {
      Candidate best = pick(left, causes);
      if (best == null) {
        break;
      }
      for (Candidate part : narrower(best)) {
        causes.add(part);
        kill(part);
      }
      left = candidates.all(isAlive);
    }
    causes.sort(Candidate.BY_GAIN);
    return causes;
  }

  /**
   * Causes that gain more than what is left does, among which no cause is. What moved the other way
   * than the first one has to be clearer.
   */
  private List<Candidate> beyondChance(List<Candidate> causes) {
    double[] chance = chanceByCells(candidates.all(isAlive));
    return causes.stream()
        .filter(c -> c.gain() >= OVER_CHANCE * chance[bucket(c.cells())])
        .toList();
  }

  /** The greatest gain that is worth naming. */
  private @Nullable Candidate pick(List<Candidate> from, List<Candidate> causes) {
    double[] crowd = {crowd(from, -1), 0, crowd(from, 1)};
    double lone = isWide(causes) ? LONE : OVER_CHANCE;
    double greatest = causes.stream().mapToDouble(c -> Math.abs(c.excess())).max().orElse(0);
    int main = causes.isEmpty() ? 0 : causes.get(0).direction();
    return from.stream()
        .filter(c -> c.gain() >= leastGain)
        .filter(c -> c.cells() > 1 || c.gain() >= OVER_CHANCE * SLICE_COST)
        .filter(c -> c.cells() > 1 || c.gain() >= lone * crowd[c.direction() + 1])
        .filter(c -> c.gain() >= CLEAR || Math.abs(c.excess()) >= LEAST_SHARE * greatest)
        .filter(c -> main == 0 || c.direction() == main || isClearlyOpposed(c, greatest))
        .min(Candidate.BY_GAIN)
        .orElse(null);
  }

  /** A cause may hide behind a greater one that moved the other way. */
  private static boolean isClearlyOpposed(Candidate candidate, double greatest) {
    return candidate.gain() >= (candidate.cells() > 1 ? OPPOSED_COST : LONE_OPPOSED_COST)
        && (candidate.gain() >= CLEAR || Math.abs(candidate.excess()) >= OPPOSED_SHARE * greatest);
  }

  /** The slice itself, or narrower ones in it that together gain more, each paying its cost. */
  private List<Candidate> narrower(Candidate wide) {
    boolean[] inside = new boolean[isAlive.length];
    int[] members = candidates.members(wide, isAlive);
    for (int cell : members) {
      inside[cell] = true;
    }
    List<Candidate> parts = new ArrayList<>();
    double gain = 0;
    while (parts.size() < MOST_CAUSES) {
      Candidate part =
          candidates.all(inside).stream()
              .filter(c -> c.direction() == wide.direction())
              .filter(c -> c.dimensionMask() != wide.dimensionMask())
              .filter(c -> (c.dimensionMask() & wide.dimensionMask()) == wide.dimensionMask())
              .filter(c -> c.gain() > SLICE_COST)
              .min(Candidate.BY_GAIN)
              .orElse(null);
      if (part == null) {
        break;
      }
      parts.add(part);
      gain += part.gain() - SLICE_COST;
      for (int cell : candidates.members(part, inside)) {
        inside[cell] = false;
      }
    }
    // Where nearly all of it is in many parts, it is what they share.
    int covered = parts.stream().mapToInt(Candidate::cells).sum();
    boolean isSplit = parts.size() > PARTS && covered >= NEARLY_ALL * members.length;
    return parts.size() > 1 && !isSplit && gain > wide.gain() ? parts : List.of(wide);
  }

  private void kill(Candidate cause) {
    for (int cell : candidates.members(cause, isAlive)) {
      isAlive[cell] = false;
    }
  }

  private static boolean isAmong(Candidate candidate, List<Candidate> causes) {
    return causes.stream().anyMatch(cause -> Arrays.equals(cause.codes(), candidate.codes()));
  }

  /** Gain of the tenth single cell: one that is a cause stands out from its own side too. */
  private static double crowd(List<Candidate> list, int direction) {
    return list.stream()
        .filter(c -> c.direction() == direction)
        .filter(c -> c.cells() == 1 && Arrays.stream(c.codes()).allMatch(code -> code >= 0))
        .map(Candidate::gain)
        .sorted(Comparator.reverseOrder())
        .skip(CROWD_RANK - 1L)
        .findFirst()
        .orElse(0.0);
  }

  private static boolean isWide(List<Candidate> causes) {
    return causes.stream().anyMatch(cause -> cause.cells() > WIDE);
  }

  /**
   * Gains that chance gives slices of so many cells (by powers of two): the second greatest seen.
   */
  private static double[] chanceByCells(List<Candidate> other) {
    List<List<Double>> gains = new ArrayList<>();
    for (int i = 0; i < 32; i++) {
      gains.add(new ArrayList<>());
    }
    for (Candidate candidate : other) {
      gains.get(bucket(candidate.cells())).add(candidate.gain());
    }
    double[] chance = new double[32];
    for (int i = 0; i < 32; i++) {
      List<Double> sorted = gains.get(i);
      sorted.sort(Comparator.reverseOrder());
      chance[i] = sorted.size() >= CHANCE_RANK ? sorted.get(CHANCE_RANK - 1) : 0;
    }
    return chance;
  }

  private static int bucket(int cells) {
    return 31 - Integer.numberOfLeadingZeros(Math.max(1, cells));
  }

  private Slice slice(Candidate candidate, boolean isCause, double score) {
    Map<String, String> values = new LinkedHashMap<>();
    for (int d = 0; d < candidate.codes().length; d++) {
      if (candidate.codes()[d] >= 0) {
        values.put(table.dimensions().get(d), table.value(d, candidate.codes()[d]));
      }
    }
    SliceSums sums = SliceSums.of(table, candidate.codes());
    return new Slice(
        values,
        isCause,
        score,
        sums.before(),
        sums.after(),
        sums.excess(),
        isChangeByChance ? Double.NaN : sums.share(),
        candidate.cells());
  }
}
