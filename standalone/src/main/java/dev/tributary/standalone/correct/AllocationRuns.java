package dev.tributary.standalone.correct;

import dev.tributary.schemas.Correction;
import dev.tributary.schemas.CorrectionCommand;
import dev.tributary.schemas.LineKind;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The allocation runs of all tenants, folded from the commands' topic as the ledger's owner folds
 * them: of several openings of one run the first counts until it is closed. A run lives on the
 * partition of its pool.
 */
final class AllocationRuns {
  /** A record on the commands' topic. */
  record Place(int partition, long offset) {}

  private final Map<String, String> holders = new HashMap<>();
  private final Map<String, Set<Place>> commands = new HashMap<>();

  /** Takes the next record of a partition. */
  void add(int partition, long offset, Correction record) {
    if (record.getKind() != LineKind.ALLOCATION) {
      return;
    }
    String run = key(record.getTenant(), record.getRunId());
    if (record.getCommand() == CorrectionCommand.OPEN_RUN) {
      if (holders.putIfAbsent(run, record.getReason()) == null) {
        commands.put(run, new HashSet<>());
      }
    } else if (record.getCommand() == CorrectionCommand.CLOSE_RUN) {
      holders.remove(run);
    } else if (holders.containsKey(run)) {
      commands.getOrDefault(run, new HashSet<>()).add(new Place(partition, offset));
    }
  }

  /** What the opening that counts gave as its reason; null: the run is not open. */
  @Nullable String holder(String tenant, String runId) {
    return holders.get(key(tenant, runId));
  }

  /** Commands on lines since the run was last opened. */
  Set<Place> commands(String tenant, String runId) {
    return commands.getOrDefault(key(tenant, runId), Set.of());
  }

  private static String key(String tenant, String runId) {
    return tenant + '|' + runId;
  }
}
