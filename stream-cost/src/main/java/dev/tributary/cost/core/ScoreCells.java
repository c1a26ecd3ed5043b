package dev.tributary.cost.core;

import dev.tributary.schemas.Score;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which windows a score moves, and by what; its time is when the result came. A score enters the
 * sets of which it knows every dimension: feature, team, workspace, model, prompt and so on, but no
 * service, tool or retrieval source. Reused from score to score, for one thread.
 */
public final class ScoreCells implements PartContribution {
  private final List<GroupingSet> sets;
  private final ScoreMeasures measures = new ScoreMeasures();
  private @Nullable Score score;
  private String environment = "";
  private long startUs;

  /** For those of these grouping sets that scores enter. */
  public ScoreCells(List<GroupingSet> sets) {
    this.sets = sets.stream().filter(set -> (set.roleMask() & LineRole.SCORE.bit()) != 0).toList();
  }

  /**
   * Reads a score; everything that can fail fails here, before any sum is touched.
   *
   * @throws IllegalArgumentException when value, inclusion probability or time are out of bounds
   */
  public void read(Score read) {
    startUs = Windows.startOf(Windows.checked(read.getScoredAtUs()));
    measures.read(read);
    score = read;
    environment = Dimension.environmentOf(read.getAttribution());
  }

  /** Number of grouping sets that scores enter. */
  public int sets() {
    return sets.size();
  }

  /** The part of a window of the set that the score belongs to. */
  public CellKey key(int set) {
    if (score == null) {
      throw new IllegalStateException("no score was read");
    }
    List<Dimension> dimensions = sets.get(set).dimensions();
    String[] values = new String[dimensions.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = dimensions.get(i).of(score);
    }
    return new CellKey(score.getTenant(), environment, sets.get(set), values, startUs);
  }

  @Override
  public void addTo(CombinedPart part) {
    part.add(measures);
  }
}
