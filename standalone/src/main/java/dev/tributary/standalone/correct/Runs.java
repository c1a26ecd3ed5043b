package dev.tributary.standalone.correct;

import dev.tributary.schemas.Correction;
import dev.tributary.schemas.CorrectionCommand;
import dev.tributary.schemas.LineKind;
import dev.tributary.standalone.platform.PlatformException;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The usage runs of all tenants, folded from the commands' topic. It decides as the owner does
 * which opening counts: on a partition one run of a tenant is open at a time, with a higher number
 * than all before. So whoever reads the topic knows what the owner made of it.
 */
final class Runs {
  private record Place(String tenant, int partition) {}

  private final Map<String, Run> byId = new LinkedHashMap<>();
  private final Map<Place, String> openAt = new HashMap<>();
  private final Map<Place, Long> lastNumber = new HashMap<>();

  /** Takes the next record of a partition. */
  void add(int partition, long offset, Correction record) {
    if (record.getKind() != LineKind.USAGE) {
      return;
    }
    String key = key(record.getTenant(), record.getRunId());
    if (record.getCommand() == CorrectionCommand.OPEN_RUN) {
      open(partition, record, key);
      return;
    }
    Run run = byId.get(key);
    if (run == null) {
      return; // its opening has passed the topic's retention, or never was
    }
    Place place = new Place(record.getTenant(), partition);
    if (record.getCommand() == CorrectionCommand.CLOSE_RUN) {
      if (key.equals(openAt.get(place))) {
        openAt.remove(place);
        run.closed(partition);
      }
    } else {
      run.commanded(partition, offset, record);
    }
  }

  private void open(int partition, Correction record, String key) {
    Run run = byId.computeIfAbsent(key, unused -> new Run(record));
    Place place = new Place(record.getTenant(), partition);
    String already = openAt.get(place);
    if (key.equals(already)) {
      return; // a repeated record opens nothing
    }
    boolean isAccepted =
        already == null && record.getRunNumber() > lastNumber.getOrDefault(place, 0L);
    if (isAccepted) {
      openAt.put(place, key);
      lastNumber.put(place, record.getRunNumber());
    }
    if (isAccepted || !run.asked().contains(partition)) {
      run.opened(partition, isAccepted);
    }
  }

  private static String key(String tenant, String runId) {
    return tenant + '|' + runId;
  }

  /** All runs, in the order they were first seen. */
  Collection<Run> all() {
    return byId.values();
  }

  /** The run of a tenant that is open on any partition; null: none. */
  @Nullable Run open(String tenant) {
    for (Run run : byId.values()) {
      if (run.tenant().equals(tenant) && !run.open().isEmpty()) {
        return run;
      }
    }
    return null;
  }

  /** A number above all of a tenant's. */
  long nextNumber(String tenant) {
    return 1
        + byId.values().stream()
            .filter(run -> run.tenant().equals(tenant))
            .mapToLong(Run::number)
            .max()
            .orElse(0);
  }

  /**
   * A run by id or, where only one has it, by number.
   *
   * @throws PlatformException when there is none, or several have the number
   */
  Run find(String tenant, String idOrNumber) {
    Run exact = byId.get(key(tenant, idOrNumber));
    if (exact != null) {
      return exact;
    }
    List<Run> numbered =
        byId.values().stream()
            .filter(run -> run.tenant().equals(tenant))
            .filter(run -> Long.toString(run.number()).equals(idOrNumber))
            .toList();
    if (numbered.size() == 1) {
      return numbered.get(0);
    }
    throw new PlatformException(
        numbered.isEmpty()
            ? "there is no run " + idOrNumber + " of tenant " + tenant
            : "several runs have the number " + idOrNumber + "; name one by its id");
  }
}
