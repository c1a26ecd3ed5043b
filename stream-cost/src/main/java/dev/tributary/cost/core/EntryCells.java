package dev.tributary.cost.core;

import dev.tributary.schemas.LedgerEntry;
import dev.tributary.schemas.LedgerLine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which windows an entry moves, and by what: the entry is read once, then each grouping set is
 * asked. Reused from entry to entry, for one thread.
 */
public final class EntryCells {
  private static final Dimension[] DIMENSIONS = Dimension.values();

  private final GroupingSet[] sets;
  private final int[] setRoles;
  private final int cellsAt;
  private final Contribution[] contributions;
  private final LineMeasures measures;
  private final LineSights sights = new LineSights();
  private final LineExample example = new LineExample();
  private final List<SpendScope> scopes;
  private final PartContribution spend = part -> part.addSpend(this.measures());
  private final @Nullable String[] values = new String[DIMENSIONS.length];
  private @Nullable LedgerLine line;
  private String tenant = "";
  private String environment = "";
  private long eventTimeUs;

  /** For these grouping sets, and no cells. */
  public EntryCells(List<GroupingSet> sets) {
    this(sets, LowScores.DEFAULT, false, List.of());
  }

  /**
   * For these grouping sets.
   *
   * @param lowScores below which scores a retrieval found nothing good
   * @param hasCells whether five-minute cells are made too
   * @param scopes what spend is summed by for budgets
   */
  public EntryCells(
      List<GroupingSet> sets, LowScores lowScores, boolean hasCells, List<SpendScope> scopes) {
    List<GroupingSet> all = new ArrayList<>(sets);
    if (hasCells) {
      all.add(GroupingSet.CELLS);
    }
    this.measures = new LineMeasures(lowScores);
    this.scopes = List.copyOf(scopes);
    this.sets = all.toArray(new GroupingSet[0]);
    this.cellsAt = all.indexOf(GroupingSet.CELLS);
    this.setRoles = all.stream().mapToInt(GroupingSet::roleMask).toArray();
    this.contributions = all.stream().map(Contribution::new).toArray(Contribution[]::new);
  }

  /**
   * Reads an entry; everything that can fail fails here, before any sum is touched.
   *
   * @throws IllegalArgumentException when the entry's sign is neither +1 nor -1, or its time is
   *     none
   * @throws ArithmeticException when its cost is no decimal(38,18)
   */
  public void read(LedgerEntry entry) {
    LedgerLine read = entry.getLine();
    eventTimeUs = Windows.checked(read.getEventTimeUs());
    measures.read(entry);
    sights.read(entry);
    example.read(entry);
    Arrays.fill(values, null);
    line = read;
    tenant = read.getTenant();
    environment = Dimension.environmentOf(read.getAttribution());
  }

  /** True where the entry moves at least one window, cell or spend. */
  public boolean isMeasured() {
    for (int roles : setRoles) {
      if ((roles & measures.roles()) != 0) {
        return true;
      }
    }
    return spends() > 0;
  }

  /** Number of grouping sets. */
  public int sets() {
    return sets.length;
  }

  /** True where the entry moves a window of the set. */
  public boolean enters(int set) {
    return (setRoles[set] & measures.roles()) != 0 || (set == cellsAt && !sights.isEmpty());
  }

  /** The part of a window of the set that the entry belongs to. */
  public CellKey key(int set) {
    List<Dimension> dimensions = sets[set].dimensions();
    String[] of = new String[dimensions.size()];
    for (int i = 0; i < of.length; i++) {
      of[i] = value(dimensions.get(i));
    }
    long lengthUs =
        sets[set].equals(GroupingSet.CELLS) ? Windows.CELL_LENGTH_US : Windows.LENGTH_US;
    long startUs = Math.floorDiv(eventTimeUs, lengthUs) * lengthUs;
    return new CellKey(tenant, environment, sets[set], of, startUs);
  }

  /** Number of scopes whose spend the entry moves; 0: it has no money and is no call. */
  public int spends() {
    return measures.isSpend() ? scopes.size() : 0;
  }

  /** The part of the spend of a scope that the entry belongs to. */
  public PartKey spendKey(int scope) {
    if (line == null) {
      throw new IllegalStateException("no entry was read");
    }
    SpendScope of = scopes.get(scope);
    return new SpendKey(tenant, of.label(), of.of(line), environment, Windows.startOf(eventTimeUs));
  }

  /** What the entry adds to spend; good until the next entry is read. */
  public PartContribution spend() {
    return spend;
  }

  private LineMeasures measures() {
    return measures;
  }

  private String value(Dimension dimension) {
    String value = values[dimension.at()];
    if (value == null) {
      if (line == null) {
        throw new IllegalStateException("no entry was read");
      }
      value = dimension.of(line);
      values[dimension.at()] = value;
    }
    return value;
  }

  /** What the entry adds to a part of a window of the set; good until the next entry is read. */
  public Contribution contribution(int set) {
    return contributions[set];
  }

  /** What the entry read last adds to a part of a window of one set. */
  public final class Contribution implements PartContribution {
    private final int roles;
    private final boolean isOfCells;

    private Contribution(GroupingSet set) {
      this.roles = set.roleMask();
      this.isOfCells = set.equals(GroupingSet.CELLS);
    }

    @Override
    public void addTo(CombinedPart part) {
      if (isOfCells) {
        part.addToCell(measures, sights, example, (roles & measures.roles()) != 0);
      } else {
        part.add(measures, roles);
      }
    }
  }
}
