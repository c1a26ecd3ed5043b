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
 * <p>Every combination of every subset of dimensions whose cells mostly moved one way is a
 * candidate. Its gain is how much better one common deviation explains its cells than no change
 * does, in squared error scales. A slice too wide loses by the cells that did not move, one too
 * narrow gains less than the whole; so the greatest gain names the cause, is taken out, and the
 * search goes on with what is left. A wide slice gives way to narrower ones inside it when those
 * explain the cells better by more than another slice costs. How great a gain chance gives is seen
 * on the other direction, where the cause is not. Layer-wise ideas and the use of the other
 * direction are those of RiskLoc (arXiv 2205.10004); cells that move alike, those of Squeeze (ISSRE
 * 2019).
 */
public final class SliceSearch {
  /** What one more slice must explain, in squared error scales: twice the log of 100 000 slices. */
  private static final double SLICE_COST = 23;

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
  private static final int CROWD_RANK = 10;
  private static final int MOST_CAUSES = 20;
  private static final int RUNNERS_UP = 5;
  private static final double NARROW_OVER_CHANCE = 1;

  private final CellTable table;
  private final Candidates candidates;
  private final boolean[] isAlive;

  private SliceSearch(CellTable table) {
    this.table = table;
    this.candidates = new Candidates(table, Deviations.of(table));
    this.isAlive = new boolean[table.size()];
    Arrays.fill(isAlive, true);
  }

  /**
   * Slices by their part in the change: the causes first, the one with the greatest gain at the
   * top, then a few runners-up. Empty where nothing changed beyond chance.
   */
  public static List<Slice> search(CellTable table) {
    return new SliceSearch(table).search();
  }

  private List<Slice> search() {
    List<Candidate> rising = candidates.all(1, isAlive);
    List<Candidate> falling = candidates.all(-1, isAlive);
    double[] chanceOfRise = chanceByCells(falling);
    double[] chanceOfFall = chanceByCells(rising);
    boolean isRise = isRise(clearest(rising, chanceOfRise), clearest(falling, chanceOfFall));
    double[] chance = isRise ? chanceOfRise : chanceOfFall;
    List<Candidate> first = isRise ? rising : falling;
    List<Candidate> causes = causes(first, isRise ? 1 : -1, chance);
    if (causes.isEmpty()) {
      return List.of();
    }
    addOpposed(causes, isRise ? -1 : 1);
    List<Slice> slices = new ArrayList<>();
    for (Candidate cause : causes) {
      double score = 0.5 + 0.5 * cause.gain() / (cause.gain() + 4 * SLICE_COST);
      slices.add(slice(cause, true, score));
    }
    double top = causes.get(0).gain();
    first.stream()
        .sorted(Candidate.BY_GAIN)
        .filter(candidate -> candidate.gain() > SLICE_COST && !isAmong(candidate, causes))
        .limit(RUNNERS_UP)
        .forEach(other -> slices.add(slice(other, false, 0.49 * Math.min(1, other.gain() / top))));
    return slices;
  }

  /**
   * A cause may hide behind a greater one that moved the other way. What is left of that one's side
   * shows chance now; only slices of several cells that carry a good part of it are believed.
   */
  private void addOpposed(List<Candidate> causes, int direction) {
    double least =
        OPPOSED_SHARE * causes.stream().mapToDouble(c -> Math.abs(c.excess())).max().orElse(0);
    double[] chance = chanceByCells(candidates.all(-direction, isAlive));
    List<Candidate> opposed = new ArrayList<>();
    while (opposed.size() < MOST_CAUSES) {
      Candidate best = pick(candidates.all(direction, isAlive), chance, least / LEAST_SHARE, true);
      if (best == null || best.cells() == 1 || best.gain() < OPPOSED_COST) {
        break;
      }
      opposed.add(best);
      kill(best);
    }
    causes.addAll(opposed);
  }

  private List<Candidate> causes(List<Candidate> first, int direction, double[] chance) {
    List<Candidate> causes = new ArrayList<>();
    List<Candidate> left = first;
    double greatest = 0;
    while (causes.size() < MOST_CAUSES) {
      Candidate best = pick(left, chance, greatest, isWide(causes));
      if (best == null) {
        break;
      }
      List<Candidate> parts = narrower(best, direction, chance);
      for (Candidate part : parts) {
        causes.add(part);
        greatest = Math.max(greatest, Math.abs(part.excess()));
        kill(part);
      }
      left = candidates.all(direction, isAlive);
    }
    causes.sort(Candidate.BY_GAIN);
    return causes;
  }

  /** The greatest gain that chance does not explain and that is worth naming. */
  private static @Nullable Candidate pick(
      List<Candidate> from, double[] chance, double greatest, boolean afterWide) {
    double crowd = crowd(from);
    return from.stream()
        .filter(c -> c.gain() >= SLICE_COST)
        .filter(c -> c.cells() > 1 || c.gain() >= OVER_CHANCE * SLICE_COST)
        .filter(c -> c.cells() > 1 || c.gain() >= (afterWide ? LONE : OVER_CHANCE) * crowd)
        .filter(c -> c.gain() >= OVER_CHANCE * chance[bucket(c.cells())])
        .filter(c -> Math.abs(c.excess()) >= LEAST_SHARE * greatest)
        .min(Candidate.BY_GAIN)
        .orElse(null);
  }

  /** The slice itself, or narrower ones in it that together gain more, each paying its cost. */
  private List<Candidate> narrower(Candidate wide, int direction, double[] chance) {
    boolean[] inside = new boolean[isAlive.length];
    int[] members = candidates.members(wide, isAlive);
    for (int cell : members) {
      inside[cell] = true;
    }
    List<Candidate> parts = new ArrayList<>();
    double gain = 0;
    while (parts.size() < MOST_CAUSES) {
      Candidate part =
          candidates.all(direction, inside).stream()
              .filter(c -> c.dimensionMask() != wide.dimensionMask())
              .filter(c -> (c.dimensionMask() & wide.dimensionMask()) == wide.dimensionMask())
              .filter(c -> c.gain() > SLICE_COST)
              .filter(c -> c.gain() >= NARROW_OVER_CHANCE * chance[bucket(c.cells())])
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
    return parts.size() > 1 && gain > wide.gain() ? parts : List.of(wide);
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
  private static double crowd(List<Candidate> list) {
    return list.stream()
        .filter(c -> c.cells() == 1 && Arrays.stream(c.codes()).allMatch(code -> code >= 0))
        .map(Candidate::gain)
        .sorted(Comparator.reverseOrder())
        .skip(CROWD_RANK - 1L)
        .findFirst()
        .orElse(0.0);
  }

  /** The whole's direction where something clear went that way, else the clearer one. */
  private boolean isRise(double rise, double fall) {
    double[] whole = new double[4];
    for (int cell = 0; cell < table.size(); cell++) {
      SliceSums.add(table, cell, whole);
    }
    boolean wentUp = table.metric(whole[1], whole[3]) >= table.metric(whole[0], whole[2]);
    return wentUp ? rise >= OVER_CHANCE || rise >= fall : rise > fall && fall < OVER_CHANCE;
  }

  private static boolean isWide(List<Candidate> causes) {
    return causes.stream().anyMatch(cause -> cause.cells() > WIDE);
  }

  /** Greatest gain over what chance gives. */
  private static double clearest(List<Candidate> list, double[] chance) {
    return list.stream()
        .mapToDouble(c -> c.gain() / Math.max(SLICE_COST, chance[bucket(c.cells())]))
        .max()
        .orElse(0);
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
        sums.share(),
        candidate.cells());
  }
}
