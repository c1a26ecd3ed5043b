package dev.tributary.cost.core;

/** A part of a window while entries are combined into it. Mutable, for one thread. */
public final class CombinedPart {
  private final PartialWindow sums = new PartialWindow();
  private long entries;

  void add(LineMeasures measures, int setRoles) {
    measures.addTo(sums, setRoles);
    entries++;
  }

  /**
   * Adds an entry to a cell.
   *
   * @param isCall false: only its versions count
   */
  void addToCell(LineMeasures measures, LineSights sights, LineExample example, boolean isCall) {
    if (isCall) {
      measures.addToCell(sums);
      example.addTo(sums);
    }
    sights.addTo(sums);
    entries++;
  }

  void addSpend(LineMeasures measures) {
    measures.addSpend(sums);
    entries++;
  }

  void add(ScoreMeasures score) {
    score.addTo(sums);
    entries++;
  }

  /** What travels to the merge task. The part must not be used afterwards. */
  public MergeInput.Partial toPartial(long startUs) {
    return new MergeInput.Partial(startUs, entries, sums);
  }

  /** Ledger entries, or scores, combined so far. */
  public long entries() {
    return entries;
  }

  /** The sums so far. */
  public PartialWindow sums() {
    return sums;
  }
}
