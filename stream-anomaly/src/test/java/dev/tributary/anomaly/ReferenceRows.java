package dev.tributary.anomaly;

import dev.tributary.runtime.testing.TopologyFixture;
import dev.tributary.schemas.Keys;
import dev.tributary.schemas.Manifest;
import dev.tributary.schemas.Reference;
import dev.tributary.schemas.ReferenceKind;
import dev.tributary.schemas.ReferenceRow;
import dev.tributary.schemas.Topics;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Publishes reference rows as the command-line tool does: rows first, then the manifest. */
public final class ReferenceRows {
  private ReferenceRows() {}

  /** Publishes that a team owns the feature of the same name as the rule, with its route. */
  public static void own(TopologyFixture fixture, long version, String feature, String team) {
    publish(
        fixture,
        version,
        Map.of(
            "OWNERSHIP|" + feature,
            "{\"id\":\"%1$s\",\"match\":{\"feature\":\"%1$s\"},\"set\":{\"team\":\"%2$s\"},\"alert_routes\":[\"slack:%2$s\"]}"
                .formatted(feature, team)));
  }

  /**
   * Publishes rows.
   *
   * @param rows JSON by kind and id, as {@code POLICY|quiet}
   */
  public static void publish(TopologyFixture fixture, long version, Map<String, String> rows) {
    var topic = fixture.input(Topics.REF);
    new TreeMap<>(rows)
        .forEach(
            (name, json) -> {
              String[] parts = name.split("\\|");
              ReferenceKind kind = ReferenceKind.valueOf(parts[0]);
              Reference reference =
                  Reference.newBuilder()
                      .setTenant("default")
                      .setKind(kind)
                      .setId(parts[1])
                      .setTimeline(
                          List.of(
                              ReferenceRow.newBuilder()
                                  .setAddedIn(version)
                                  .setPayloadJson(json)
                                  .build()))
                      .build();
              topic.pipeInput(Keys.reference("default", kind, parts[1]), reference);
            });
    Reference manifest =
        Reference.newBuilder()
            .setTenant("default")
            .setKind(ReferenceKind.MANIFEST)
            .setId("reference")
            .setManifest(
                Manifest.newBuilder()
                    .setVersion(version)
                    .setLabel("test")
                    .setRowCount(rows.size())
                    .setSha256("")
                    .setPublishedAtUs(0)
                    .build())
            .build();
    topic.pipeInput(Keys.reference("default", ReferenceKind.MANIFEST, "reference"), manifest);
  }
}
