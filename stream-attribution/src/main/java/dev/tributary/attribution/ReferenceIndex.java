package dev.tributary.attribution;

import dev.tributary.attribution.core.OpenTracePolicy;
import dev.tributary.attribution.core.OwnershipRule;
import dev.tributary.attribution.core.OwnershipRules;
import dev.tributary.attribution.core.ReferenceView;
import dev.tributary.pricing.Catalogue;
import dev.tributary.pricing.CatalogueException;
import dev.tributary.pricing.ModelOverride;
import dev.tributary.pricing.RateCard;
import dev.tributary.pricing.RateCardJson;
import dev.tributary.schemas.Manifest;
import dev.tributary.schemas.Reference;
import dev.tributary.schemas.ReferenceKind;
import dev.tributary.schemas.ReferenceRow;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * All reference rows of a tenant up to a manifest, read and checked. Immutable. Rows that a later
 * version added or withdrew are already or still there: timelines are whole, so any version can be
 * seen.
 */
public final class ReferenceIndex {
  private record Dated<T>(T row, long addedIn, long withdrawnIn) {
    boolean isIn(long version) {
      return addedIn <= version && version < withdrawnIn;
    }
  }

  private final long version;

  private final List<Dated<RateCard>> cards = new ArrayList<>();
  private final List<Dated<OwnershipRule>> rules = new ArrayList<>();
  private final List<Dated<ModelOverride>> overrides = new ArrayList<>();
  private final List<Dated<OpenTracePolicy>> policies = new ArrayList<>();

  /** Names of rows that cannot be read and were withdrawn since. */
  private final List<Dated<String>> unreadable = new ArrayList<>();

  private ReferenceIndex(long version) {
    this.version = version;
  }

  /**
   * Reads the rows of a version.
   *
   * @param timelines everything known of the tenant; later rows and other kinds are left out
   * @throws IllegalArgumentException when timelines are missing, a row in force cannot be read, or
   *     the rows contradict each other; nothing of it is then used
   */
  public static ReferenceIndex read(Collection<Reference> timelines, Manifest manifest) {
    ReferenceIndex index = new ReferenceIndex(manifest.getVersion());
    long found = 0;
    for (Reference timeline : timelines) {
      found += index.add(timeline) ? 1 : 0;
    }
    if (found < manifest.getRowCount()) {
      throw new IllegalArgumentException(
          "version "
              + manifest.getVersion()
              + " counts "
              + manifest.getRowCount()
              + " timelines, only "
              + found
              + " have come");
    }
    index.view(index.version); // refuses rows that contradict each other
    return index;
  }

  /**
   * Reads the rows of a version whose manifest is gone, so that nobody can count them.
   *
   * @throws IllegalArgumentException as {@link #read} does
   */
  static ReferenceIndex readUpTo(Collection<Reference> timelines, long version) {
    ReferenceIndex index = new ReferenceIndex(version);
    timelines.forEach(index::add);
    index.view(version);
    return index;
  }

  private boolean add(Reference timeline) {
    if (timeline.getKind() == ReferenceKind.MANIFEST) {
      return false;
    }
    boolean isPart = false;
    for (ReferenceRow row : timeline.getTimeline()) {
      if (row.getAddedIn() <= version) {
        isPart = true;
        addOrLeaveOut(timeline, row);
      }
    }
    return isPart;
  }

  /**
   * Timelines are never shortened: a row that cannot be read must not hold up the versions after
   * the one that withdrew it. Only the versions that hold it are not known here.
   */
  private void addOrLeaveOut(Reference timeline, ReferenceRow row) {
    long withdrawnIn = row.getWithdrawnIn() == null ? Long.MAX_VALUE : row.getWithdrawnIn();
    try {
      add(timeline, row, withdrawnIn);
    } catch (IllegalArgumentException e) {
      if (version < withdrawnIn) {
        throw e;
      }
      unreadable.add(new Dated<>(nameOf(timeline), row.getAddedIn(), withdrawnIn));
    }
  }

  /** Refused like every other row that cannot be read. */
  private static RateCard card(String name, ReferenceRow row) {
    try {
      return RateCardJson.parse(name, row.getPayloadJson());
    } catch (CatalogueException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private static String nameOf(Reference timeline) {
    return timeline.getKind() + " " + timeline.getId();
  }

  private void add(Reference timeline, ReferenceRow row, long withdrawnIn) {
    String name = nameOf(timeline);
    if (timeline.getKind() == ReferenceKind.RATE_CARD) {
      cards.add(new Dated<>(card(name, row), row.getAddedIn(), withdrawnIn));
    } else if (timeline.getKind() == ReferenceKind.OWNERSHIP) {
      OwnershipRule rule = OwnershipReader.readRule(name, row.getPayloadJson());
      if (row.getEffectiveFromUs() != null || row.getEffectiveUntilUs() != null) {
        rule = rule.within(row.getEffectiveFromUs(), row.getEffectiveUntilUs());
      }
      rules.add(new Dated<>(rule, row.getAddedIn(), withdrawnIn));
    } else if (timeline.getKind() == ReferenceKind.POLICY) {
      OpenTracePolicy policy = OpenTracePolicyReader.read(timeline.getId(), row.getPayloadJson());
      if (policy != null) {
        policies.add(new Dated<>(policy, row.getAddedIn(), withdrawnIn));
      }
      ModelOverride override = ModelOverrideReader.read(timeline.getId(), row.getPayloadJson());
      if (override != null) {
        overrides.add(new Dated<>(override, row.getAddedIn(), withdrawnIn));
      }
    }
  }

  long version() {
    return version;
  }

  /** False where a version up to this one holds a row that cannot be read. */
  boolean isReadable(long wanted) {
    return in(wanted, unreadable).isEmpty();
  }

  /**
   * What was in force in a version up to this one.
   *
   * @throws IllegalArgumentException where it cannot be read, or contradicts itself
   */
  public ReferenceView view(long wanted) {
    // Lines are stamped with the number: a label is known only while its version is the active one,
    // and a line must be the same whenever it is computed.
    String stamp = Long.toString(wanted);
    if (!isReadable(wanted)) {
      throw new IllegalArgumentException(
          "version " + stamp + " holds what cannot be read: " + in(wanted, unreadable));
    }
    return new ReferenceView(
        wanted,
        Catalogue.of(stamp, in(wanted, cards), in(wanted, overrides)),
        new OwnershipRules(in(wanted, rules)),
        in(wanted, policies));
  }

  private static <T> List<T> in(long wanted, List<Dated<T>> rows) {
    List<T> active = new ArrayList<>();
    rows.forEach(
        row -> {
          if (row.isIn(wanted)) {
            active.add(row.row());
          }
        });
    return active;
  }
}
