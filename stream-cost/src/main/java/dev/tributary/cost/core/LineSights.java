package dev.tributary.cost.core;

import dev.tributary.schemas.LedgerEntry;
import dev.tributary.schemas.LedgerLine;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The versions that an entry's call was made with. A retrieval tells its version too: that is where
 * instrumentation knows it, and calls beside it do not inherit it. Reused from entry to entry, for
 * one thread.
 */
final class LineSights {
  /** Longer texts are no versions. */
  private static final int LONGEST = 200;

  private final List<SightKey> keys = new ArrayList<>(3);
  private int sign;
  private long timeUs;

  void read(LedgerEntry entry) {
    keys.clear();
    LedgerLine line = entry.getLine();
    sign = entry.getSign();
    timeUs = line.getEventTimeUs();
    int roles = LineRole.rolesOf(line);
    boolean isCall = (roles & LineRole.CALL.bit()) != 0;
    if (isCall || (roles & LineRole.RETRIEVAL.bit()) != 0) {
      see(
          SightKey.Kind.RETRIEVAL_VERSION,
          "",
          line.getAttribution().getRetrievalVersion().getValue());
    }
    if (isCall) {
      see(SightKey.Kind.DEPLOY, line.getServiceName(), entry.getServiceVersion());
      see(SightKey.Kind.RETURNED_MODEL, line.getModelRequested(), line.getModelReturned());
    }
  }

  private void see(SightKey.Kind kind, @Nullable String subject, @Nullable String value) {
    if (subject != null
        && value != null
        && !value.isEmpty()
        && value.length() <= LONGEST
        && subject.length() <= LONGEST) {
      keys.add(new SightKey(kind, subject, value));
    }
  }

  /** True where there is none. */
  boolean isEmpty() {
    return keys.isEmpty();
  }

  void addTo(PartialWindow cell) {
    for (SightKey key : keys) {
      cell.addSight(key, sign, sign > 0 ? timeUs : Sights.NEVER);
    }
  }
}
