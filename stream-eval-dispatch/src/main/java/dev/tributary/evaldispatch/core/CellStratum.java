package dev.tributary.evaldispatch.core;

import java.util.ArrayList;
import java.util.List;

/** What has a rate: a stratum of a policy on the traces of one team. */
record CellStratum(Cell cell, String stratum) {

  /** Its key in the state. */
  String key(char kind, String... more) {
    List<String> parts =
        new ArrayList<>(List.of(cell.tenant(), cell.policy(), cell.team(), stratum));
    parts.addAll(List.of(more));
    return StateText.key(kind, parts.toArray(new String[0]));
  }
}
