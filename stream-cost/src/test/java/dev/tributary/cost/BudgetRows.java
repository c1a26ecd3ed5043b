package dev.tributary.cost;

import dev.tributary.schemas.Keys;
import dev.tributary.schemas.Manifest;
import dev.tributary.schemas.Reference;
import dev.tributary.schemas.ReferenceKind;
import dev.tributary.schemas.ReferenceRow;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reference data with one budget. */
final class BudgetRows {
  private BudgetRows() {}

  /** The budget's timeline, then the manifest that puts it in force, by key. */
  static Map<String, Reference> of(String json, long version) {
    String id = json.replaceAll(".*id: ([a-z-]+).*", "$1");
    Map<String, Reference> rows = new LinkedHashMap<>();
    rows.put(
        Keys.reference("default", ReferenceKind.BUDGET, id),
        Reference.newBuilder()
            .setTenant("default")
            .setKind(ReferenceKind.BUDGET)
            .setId(id)
            .setTimeline(
                List.of(ReferenceRow.newBuilder().setAddedIn(version).setPayloadJson(json).build()))
            .build());
    rows.put(
        Keys.reference("default", ReferenceKind.MANIFEST, "reference"),
        Reference.newBuilder()
            .setTenant("default")
            .setKind(ReferenceKind.MANIFEST)
            .setId("reference")
            .setManifest(new Manifest(version, "test", 1L, "00", 0L, null))
            .build());
    return rows;
  }
}
