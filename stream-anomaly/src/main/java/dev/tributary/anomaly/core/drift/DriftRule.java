package dev.tributary.anomaly.core.drift;

import dev.tributary.anomaly.core.drift.DriftCase.Buckets;
import dev.tributary.anomaly.core.drift.DriftCase.Categories;
import dev.tributary.anomaly.core.drift.DriftCase.Share;
import dev.tributary.anomaly.core.drift.DriftFinding.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * When a difference is called drift: it is beyond chance after the correction, and large enough to
 * matter. With enough calls anything is beyond chance, and with few anything looks large.
 *
 * @param leastSize cases that each side needs
 * @param limit adjusted probability below which a difference is beyond chance
 * @param leastIndex stability index from which on it matters
 */
public record DriftRule(long leastSize, double limit, double leastIndex) {
  /** 50 cases, one call in a hundred wrong, an index of 0.1. */
  public static final DriftRule DEFAULT = new DriftRule(50, 0.01, 0.1);

  /** Checks that each can be meant: a probability in percent would call everything drift. */
  public DriftRule {
    if (leastSize < 1) {
      throw new IllegalArgumentException("least size is " + leastSize + "; allowed: 1 or more");
    }
    if (!(limit > 0 && limit <= 1)) {
      throw new IllegalArgumentException("limit is " + limit + "; allowed: above 0 and at most 1");
    }
    if (!(leastIndex >= 0)) {
      throw new IllegalArgumentException("index is " + leastIndex + "; allowed: 0 or more");
    }
  }

  /** Judges all cases together; Benjamini and Hochberg over those with enough cases. */
  public List<DriftFinding> judge(List<DriftCase> cases) {
    List<DriftCase> tested = cases.stream().filter(this::isLargeEnough).toList();
    double[] probabilities = tested.stream().mapToDouble(DriftRule::probability).toArray();
    double[] adjusted = ManyTests.benjaminiHochberg(probabilities);
    List<DriftFinding> findings = new ArrayList<>();
    int next = 0;
    for (DriftCase one : cases) {
      if (!isLargeEnough(one)) {
        findings.add(new DriftFinding(one, Double.NaN, Double.NaN, Double.NaN, Verdict.TOO_FEW));
        continue;
      }
      double index = index(one);
      findings.add(
          new DriftFinding(
              one, index, probabilities[next], adjusted[next], verdict(index, adjusted[next])));
      next++;
    }
    return findings;
  }

  private Verdict verdict(double index, double adjusted) {
    if (!(adjusted < limit)) {
      return Verdict.STABLE;
    }
    return index >= leastIndex ? Verdict.DRIFT : Verdict.SLIGHT;
  }

  private boolean isLargeEnough(DriftCase one) {
    return one.reference().size() >= leastSize && one.current().size() >= leastSize;
  }

  private static double probability(DriftCase one) {
    if (one.reference() instanceof Share before && one.current() instanceof Share now) {
      return TwoSample.proportions(now.hits(), now.size(), before.hits(), before.size());
    }
    if (one.reference() instanceof Categories before && one.current() instanceof Categories now) {
      return TwoSample.categories(before.counts(), now.counts());
    }
    Buckets before = (Buckets) one.reference();
    return TwoSample.buckets(before.counts(), ((Buckets) one.current()).counts());
  }

  private static double index(DriftCase one) {
    if (one.reference() instanceof Share before && one.current() instanceof Share now) {
      return StabilityIndex.ofCategories(counts(before), counts(now));
    }
    if (one.reference() instanceof Categories before && one.current() instanceof Categories now) {
      return StabilityIndex.ofCategories(before.counts(), now.counts());
    }
    Buckets before = (Buckets) one.reference();
    return StabilityIndex.ofBuckets(before.counts(), ((Buckets) one.current()).counts());
  }

  private static Counts<String> counts(Share share) {
    return Counts.of(Map.of("yes", share.hits(), "no", share.size() - share.hits()));
  }
}
