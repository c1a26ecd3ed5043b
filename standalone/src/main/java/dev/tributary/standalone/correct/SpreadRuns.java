package dev.tributary.standalone.correct;

import dev.tributary.schemas.Correction;
import dev.tributary.schemas.CorrectionCommand;
import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.LineKind;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The runs of what is spread, of all tenants, folded from the commands' topic as the ledger's owner
 * folds them: of several openings of one run the first counts until it is closed. A run lives on
 * the partition of its source.
 */
final class SpreadRuns {
  /** A record on the commands' topic. */
  record Place(int partition, long offset) {}

  private final Map<String, String> holders = new HashMap<>();
  private final Map<String, Set<Place>> commands = new HashMap<>();
  private final Map<String, Long> firstUs = new HashMap<>();

  /** Takes the next record of a partition. */
  void add(int partition, long offset, Correction record) {
    if (record.getKind() == LineKind.USAGE) {
      return;
    }
    String run = key(record.getTenant(), record.getKind(), record.getRunId());
    if (record.getCommand() == CorrectionCommand.OPEN_RUN) {
      if (holders.putIfAbsent(run, record.getReason()) == null) {
        commands.put(run, new HashSet<>());
      }
    } else if (record.getCommand() == CorrectionCommand.CLOSE_RUN) {
      holders.remove(run);
    } else if (holders.containsKey(run)) {
      commands.getOrDefault(run, new HashSet<>()).add(new Place(partition, offset));
      LedgerLine line = record.getTargetLine();
      if (line != null) {
        firstUs.merge(run, line.getStartTimeUs(), Math::min);
      }
    }
  }

  /** What the opening that counts gave as its reason; null: the run is not open. */
  @Nullable String holder(String tenant, Spread spread) {
    return holders.get(key(tenant, spread));
  }

  /** Commands on lines since the run was last opened. */
  Set<Place> commands(String tenant, Spread spread) {
    return commands.getOrDefault(key(tenant, spread), Set.of());
  }

  /**
   * The earliest start of the lines that were ever asked for, milliseconds since the epoch: what is
   * booked is not before. Empty: none was asked for.
   */
  OptionalLong firstMs(String tenant, Spread spread) {
    Long first = firstUs.get(key(tenant, spread));
    return first == null
        ? OptionalLong.empty()
        : OptionalLong.of(TimeUnit.MICROSECONDS.toMillis(first));
  }

  private static String key(String tenant, Spread spread) {
    return key(tenant, spread.kind(), spread.runId());
  }

  private static String key(String tenant, LineKind kind, String runId) {
    return tenant + '|' + kind + '|' + runId;
  }
}
