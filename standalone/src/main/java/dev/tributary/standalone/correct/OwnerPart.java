package dev.tributary.standalone.correct;

import dev.tributary.schemas.Provenance;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the lines of one owner say of their owner, beside who it is. */
final class OwnerPart {
  /** A tag of the lines that a share stands for. */
  enum Tag {
    ENVIRONMENT,
    FEATURE,
    TEAM,
    WORKSPACE,
    COST_CENTER
  }

  private final Map<Tag, Provenance> provenance = new EnumMap<>(Tag.class);
  private @Nullable String costCenter;
  private boolean isCostCenterMixed;
  private boolean isEmpty = true;

  /** Takes lines in. */
  void add(@Nullable String centre, Map<Tag, Provenance> from) {
    if (isEmpty) {
      costCenter = centre;
    } else {
      isCostCenterMixed |= !Objects.equals(costCenter, centre);
    }
    isEmpty = false;
    from.forEach((tag, found) -> provenance.merge(tag, found, OwnerPart::lessCertain));
  }

  /** The cost centre of all its lines; null: none, or several. */
  @Nullable String costCenter() {
    return isCostCenterMixed ? null : costCenter;
  }

  /** The least certain provenance among its lines. */
  Provenance provenance(Tag tag) {
    return provenance.getOrDefault(tag, Provenance.UNATTRIBUTED);
  }

  /** The schema lists what has left the tree (stub, over limit) last; a rule is less than those. */
  private static Provenance lessCertain(Provenance a, Provenance b) {
    return rank(a) >= rank(b) ? a : b;
  }

  private static int rank(Provenance provenance) {
    return switch (provenance) {
      case OWN -> 0;
      case ANCESTOR -> 1;
      case TRACE_ROOT -> 2;
      case RESOURCE -> 3;
      case STUB -> 4;
      case OVER_LIMIT -> 5;
      case RULE -> 6;
      case UNATTRIBUTED -> 7;
    };
  }
}
