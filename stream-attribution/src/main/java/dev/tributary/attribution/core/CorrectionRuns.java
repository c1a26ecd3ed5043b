package dev.tributary.attribution.core;

import dev.tributary.schemas.Correction;
import dev.tributary.schemas.LineKind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The runs of corrections that are open, with the lines each has changed. A tenant's usage runs are
 * numbered and open one at a time; runs of the other kinds stand beside them.
 */
public final class CorrectionRuns {
  private static final String OPEN = "open|";
  private static final String LINE = "line|";
  private static final String LAST_NUMBER = "last-number|";

  private final KeyedBytes store;

  public CorrectionRuns(KeyedBytes store) {
    this.store = store;
  }

  @Nullable RejectReason open(Correction command) {
    if (command.getRunId().isEmpty()) {
      return RejectReason.INCOMPLETE;
    }
    if (isOpen(command)) {
      return RejectReason.REPEATED;
    }
    if (command.getKind() == LineKind.USAGE) {
      if (hasOpenUsageRun(command) || command.getRunNumber() <= lastNumber(command)) {
        return RejectReason.RUN_REFUSED;
      }
      store.put(
          LAST_NUMBER + command.getTenant(),
          new ByteWriter(10).number(command.getRunNumber()).done());
    }
    store.put(openKey(command), new ByteWriter(10).number(command.getRunNumber()).done());
    return null;
  }

  @Nullable RejectReason close(Correction command) {
    if (!isOpen(command)) {
      return RejectReason.RUN_NOT_OPEN;
    }
    List<String> keys = new ArrayList<>();
    String prefix = linePrefix(command);
    store.range(prefix, prefix + '\uFFFF', (key, value) -> keys.add(key));
    keys.forEach(store::delete);
    store.delete(openKey(command));
    return null;
  }

  boolean isOpen(Correction command) {
    return store.get(openKey(command)) != null;
  }

  boolean hasApplied(Correction command) {
    return store.get(lineKey(command)) != null;
  }

  void applied(Correction command) {
    Long expected = command.getExpectedRevision();
    store.put(lineKey(command), new ByteWriter(10).number(expected == null ? 0 : expected).done());
  }

  private boolean hasOpenUsageRun(Correction command) {
    boolean[] found = {false};
    String prefix = OPEN + command.getTenant() + '|' + LineKind.USAGE + '|';
    store.range(
        prefix,
        prefix + '\uFFFF',
        (key, value) -> {
          found[0] = true;
          return false;
        });
    return found[0];
  }

  private long lastNumber(Correction command) {
    byte[] stored = store.get(LAST_NUMBER + command.getTenant());
    return stored == null ? 0 : new ByteReader(stored).number();
  }

  private static String openKey(Correction command) {
    return OPEN + command.getTenant() + '|' + command.getKind() + '|' + command.getRunId();
  }

  /** The length before the id keeps a run apart from one whose id only begins like its own. */
  private static String linePrefix(Correction command) {
    String runId = command.getRunId();
    return LINE
        + command.getTenant()
        + '|'
        + command.getKind()
        + '|'
        + runId.length()
        + '|'
        + runId
        + '|';
  }

  private static String lineKey(Correction command) {
    return linePrefix(command) + command.getSource() + '|' + command.getItem();
  }
}
