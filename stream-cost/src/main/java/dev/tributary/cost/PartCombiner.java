package dev.tributary.cost;

import dev.tributary.cost.core.CombinedPart;
import dev.tributary.cost.core.PartContribution;
import dev.tributary.cost.core.PartKey;
import dev.tributary.runtime.combine.Combiner;

/** How the measures of an entry, or a score, enter a part. */
final class PartCombiner implements Combiner<PartKey, PartContribution, CombinedPart> {
  @Override
  public CombinedPart empty(PartKey key) {
    return new CombinedPart();
  }

  @Override
  public void add(CombinedPart part, PartContribution contribution) {
    contribution.addTo(part);
  }
}
