package dev.tributary.cost.core;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The signed sums of a window, or of a part of one: an abelian group. Merging is addition; the
 * result depends neither on order nor on how the lines were split into parts, and a retraction
 * cancels exactly. What it only shows, times of versions and example calls, is no sum: it makes no
 * part differ from another. Mutable, for one thread.
 */
public final class PartialWindow {
  private final long[] counts = new long[Count.SIZE];
  private final long[] money = new long[2 * Money.SIZE];
  private final @Nullable SignedBuckets[] distributions = new SignedBuckets[Metric.SIZE];
  private @Nullable SortedMap<ScoreKey, ScoreTotals> scores;
  private @Nullable SortedMap<String, Long> rateCards;
  private @Nullable Sights sights;
  private @Nullable Examples examples;

  void add(int count, long value) {
    counts[count] += value;
  }

  void addMoney(int slot, long high, long low, int sign) {
    if (sign > 0) {
      Int128.add(money, slot, high, low);
    } else {
      Int128.subtract(money, slot, high, low);
    }
  }

  SignedBuckets distribution(Metric metric) {
    SignedBuckets buckets = distributions[metric.at()];
    if (buckets == null) {
      buckets = new SignedBuckets();
      distributions[metric.at()] = buckets;
    }
    return buckets;
  }

  /** The distribution, or null where nothing was distributed. */
  @Nullable SignedBuckets distributionOrNull(Metric metric) {
    return distributions[metric.at()];
  }

  /** The sums of a score; made when there are none. */
  ScoreTotals score(ScoreKey key) {
    SortedMap<ScoreKey, ScoreTotals> known = scores;
    if (known == null) {
      known = new TreeMap<>();
      scores = known;
    }
    return known.computeIfAbsent(key, missing -> new ScoreTotals());
  }

  /** Scores with any sum that is not 0, in order. */
  SortedMap<ScoreKey, ScoreTotals> scores() {
    SortedMap<ScoreKey, ScoreTotals> present = new TreeMap<>();
    if (scores != null) {
      scores.forEach(
          (key, totals) -> {
            if (!totals.isEmpty()) {
              present.put(key, totals);
            }
          });
    }
    return present;
  }

  /** Counts lines under a rate card; only cells do. */
  void addRateCard(String id, long lines) {
    SortedMap<String, Long> known = rateCards;
    if (known == null) {
      known = new TreeMap<>();
      rateCards = known;
    }
    known.merge(id, lines, (a, b) -> a + b == 0 ? null : Long.valueOf(a + b));
  }

  /** Signed counts of lines by rate card, none 0, in order. */
  SortedMap<String, Long> rateCards() {
    return rateCards == null ? Collections.emptySortedMap() : rateCards;
  }

  /** Counts lines with a version; only cells do. */
  void addSight(SightKey key, long lines, long firstUs) {
    sights().add(key, lines, firstUs);
  }

  /** The versions; made when there are none. */
  Sights sights() {
    Sights known = sights;
    if (known == null) {
      known = new Sights();
      sights = known;
    }
    return known;
  }

  /** Signed counts of lines by version, none 0, in order. */
  private SortedMap<SightKey, Long> sightCounts() {
    return sights == null ? Collections.emptySortedMap() : sights.counts();
  }

  /** The versions; null: there never was any. */
  @Nullable Sights sightsOrNull() {
    return sights;
  }

  /** The calls by which it is shown; made when there are none. Only cells have them. */
  Examples examples() {
    Examples known = examples;
    if (known == null) {
      known = new Examples();
      examples = known;
    }
    return known;
  }

  /** The calls by which it is shown; null: there never was any. */
  @Nullable Examples examplesOrNull() {
    return examples;
  }

  /** Adds another part. */
  public void merge(PartialWindow other) {
    for (int i = 0; i < counts.length; i++) {
      counts[i] += other.counts[i];
    }
    for (int slot = 0; slot < Money.SIZE; slot++) {
      addMoney(slot, other.money[2 * slot], other.money[2 * slot + 1], 1);
    }
    for (Metric metric : METRICS) {
      SignedBuckets theirs = other.distributions[metric.at()];
      if (theirs != null) {
        distribution(metric).merge(theirs);
      }
    }
    if (other.scores != null) {
      other.scores.forEach((key, totals) -> score(key).merge(totals));
    }
    other.rateCards().forEach(this::addRateCard);
    if (other.sights != null) {
      sights().merge(other.sights);
    }
    if (other.examples != null) {
      examples().merge(other.examples);
    }
  }

  private static final Metric[] METRICS = Metric.values();

  /** True where every sum is 0: as if no line had ever been. */
  public boolean isEmpty() {
    for (long count : counts) {
      if (count != 0) {
        return false;
      }
    }
    for (long half : money) {
      if (half != 0) {
        return false;
      }
    }
    for (SignedBuckets buckets : distributions) {
      if (buckets != null && !buckets.isEmpty()) {
        return false;
      }
    }
    return rateCards().isEmpty() && scores().isEmpty() && sightCounts().isEmpty();
  }

  long count(Count count) {
    return counts[count.at()];
  }

  BigDecimal amount(Money slot) {
    return Int128.toDecimal(money[2 * slot.at()], money[2 * slot.at() + 1]);
  }

  /** Logical calls. */
  public long calls() {
    return count(Count.CALLS);
  }

  /** Known cost of reported, derived and estimated usage together, ledger currency. */
  public BigDecimal totalCost() {
    return amount(Money.COST).add(amount(Money.COST_ESTIMATED));
  }

  long[] counts() {
    return counts;
  }

  long[] money() {
    return money;
  }

  @Override
  public boolean equals(Object other) {
    if (!(other instanceof PartialWindow that)
        || !Arrays.equals(counts, that.counts)
        || !Arrays.equals(money, that.money)) {
      return false;
    }
    for (Metric metric : METRICS) {
      if (!sameDistribution(distributions[metric.at()], that.distributions[metric.at()])) {
        return false;
      }
    }
    return scores().equals(that.scores())
        && rateCards().equals(that.rateCards())
        && sightCounts().equals(that.sightCounts());
  }

  private static boolean sameDistribution(
      @Nullable SignedBuckets left, @Nullable SignedBuckets right) {
    if (left == null || left.isEmpty()) {
      return right == null || right.isEmpty();
    }
    return right != null && left.equals(right);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(counts) + Arrays.hashCode(money);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("{");
    for (Count count : Count.values()) {
      if (count(count) != 0) {
        text.append(count).append('=').append(count(count)).append(' ');
      }
    }
    for (Money slot : Money.values()) {
      text.append(slot).append('=').append(amount(slot).stripTrailingZeros()).append(' ');
    }
    for (Metric metric : METRICS) {
      if (distributions[metric.at()] != null) {
        text.append(metric).append('=').append(distributions[metric.at()]).append(' ');
      }
    }
    return text.append(scores()).append(rateCards()).append(sightCounts()).append('}').toString();
  }
}
