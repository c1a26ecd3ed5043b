package dev.tributary.cost.core;

import dev.tributary.schemas.LedgerEntry;
import dev.tributary.schemas.LedgerLine;
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
  private final Contribution[] contributions;
  private final LineMeasures measures = new LineMeasures();
  private final @Nullable String[] values = new String[DIMENSIONS.length];
  private @Nullable LedgerLine line;
  private String tenant = "";
  private String environment = "";
  private long startUs;

  /** For these grouping sets. */
  public EntryCells(List<GroupingSet> sets) {
    this.sets = sets.toArray(new GroupingSet[0]);
    this.setRoles = sets.stream().mapToInt(GroupingSet::roleMask).toArray();
    this.contributions =
        Arrays.stream(setRoles).mapToObj(Contribution::new).toArray(Contribution[]::new);
  }

  /**
   * Reads an entry; everything that can fail fails here, before any sum is touched.
   *
   * @throws IllegalArgumentException when the entry's sign is neither +1 nor -1
   * @throws ArithmeticException when its cost is no decimal(38,18)
   */
  public void read(LedgerEntry entry) {
    measures.read(entry);
    LedgerLine read = entry.getLine();
    Arrays.fill(values, null);
    line = read;
    tenant = read.getTenant();
    environment = Dimension.environmentOf(read);
    startUs = Windows.startOf(read.getEventTimeUs());
  }

  /** True where the entry moves at least one window. */
  public boolean isMeasured() {
    for (int roles : setRoles) {
      if ((roles & measures.roles()) != 0) {
        return true;
      }
    }
    return false;
  }

  /** Number of grouping sets. */
  public int sets() {
    return sets.length;
  }

  /** True where the entry moves a window of the set. */
  public boolean enters(int set) {
    return (setRoles[set] & measures.roles()) != 0;
  }

  /** The part of a window of the set that the entry belongs to. */
  public CellKey key(int set) {
    List<Dimension> dimensions = sets[set].dimensions();
    String[] of = new String[dimensions.size()];
    for (int i = 0; i < of.length; i++) {
      of[i] = value(dimensions.get(i));
    }
    return new CellKey(tenant, environment, sets[set], of, startUs);
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
  public final class Contribution {
    private final int roles;

    private Contribution(int roles) {
      this.roles = roles;
    }

    /** Adds it; cannot fail. */
    public void addTo(CombinedPart part) {
      part.add(measures, roles);
    }
  }
}
