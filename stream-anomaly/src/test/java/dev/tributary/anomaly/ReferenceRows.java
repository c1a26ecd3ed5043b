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

  /** Publishes that a feature goes from one team to another at a time, each with its route. */
  public static void handOver(
      TopologyFixture fixture, String feature, String from, String to, long atUs) {
    String rule =
        "{\"id\":\"%s\",\"match\":{\"feature\":\"%s\"},\"set\":{\"team\":\"%s\"},\"alert_routes\":[\"slack:%s\"]}";
    row(
        fixture,
        ReferenceKind.OWNERSHIP,
        "a",
        ReferenceRow.newBuilder()
            .setAddedIn(1)
            .setEffectiveUntilUs(atUs)
            .setPayloadJson(rule.formatted("a", feature, from, from))
            .build());
    row(
        fixture,
        ReferenceKind.OWNERSHIP,
        "b",
        ReferenceRow.newBuilder()
            .setAddedIn(1)
            .setEffectiveFromUs(atUs)
            .setPayloadJson(rule.formatted("b", feature, to, to))
            .build());
    publish(fixture, 1, Map.of());
  }

  private static void row(
      TopologyFixture fixture, ReferenceKind kind, String id, ReferenceRow row) {
    Reference reference =
        Reference.newBuilder()
            .setTenant("default")
            .setKind(kind)
            .setId(id)
            .setTimeline(List.of(row))
            .build();
    fixture.input(Topics.REF).pipeInput(Keys.reference("default", kind, id), reference);
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
              row(
                  fixture,
                  kind,
                  parts[1],
                  ReferenceRow.newBuilder().setAddedIn(version).setPayloadJson(json).build());
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
