package dev.tributary.attribution;

import dev.tributary.attribution.core.TestSpans;
import dev.tributary.pricing.Bucket;
import dev.tributary.pricing.Rate;
import dev.tributary.pricing.RateCard;
import dev.tributary.pricing.RateCardJson;
import dev.tributary.schemas.Keys;
import dev.tributary.schemas.Manifest;
import dev.tributary.schemas.Reference;
import dev.tributary.schemas.ReferenceKind;
import dev.tributary.schemas.ReferenceRow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reference data of tests: one model with two price lists, and ownership rules. */
final class TestReference {
  private final Map<String, Reference> records = new LinkedHashMap<>();
  private final long version;

  TestReference(long version) {
    this.version = version;
  }

  /** The card the tests price with, at a price per million input and output tokens. */
  static RateCard card(String id, String input, String output) {
    return RateCard.builder(TestSpans.PROVIDER, TestSpans.MODEL)
        .id(id)
        .rate(Bucket.INPUT_UNCACHED, Rate.perMillion(input))
        .rate(Bucket.OUTPUT_TEXT, Rate.perMillion(output))
        .build();
  }

  TestReference cards(ReferenceRow... rows) {
    return timeline(ReferenceKind.RATE_CARD, "openai|gpt-test", List.of(rows));
  }

  TestReference rules(String id, ReferenceRow... rows) {
    return timeline(ReferenceKind.OWNERSHIP, id, List.of(rows));
  }

  TestReference policy(String id, String json) {
    return policy(id, json, 1, null);
  }

  TestReference policy(String id, String json, long addedIn, Long withdrawnIn) {
    return timeline(ReferenceKind.POLICY, id, List.of(row(json, addedIn, withdrawnIn)));
  }

  /** A rule that gives the feature "search" to a team. */
  static ReferenceRow searchTeam(String team, long addedIn, Long withdrawnIn) {
    return row(
        "{\"id\":\"search-team\",\"priority\":10,\"match\":{\"feature\":\"search\"},"
            + "\"set\":{\"team\":\""
            + team
            + "\",\"cost_center\":\"cc-7\"}}",
        addedIn,
        withdrawnIn);
  }

  static ReferenceRow row(RateCard card, long addedIn, Long withdrawnIn) {
    return row(RateCardJson.print(card), addedIn, withdrawnIn);
  }

  static ReferenceRow row(String payload, long addedIn, Long withdrawnIn) {
    return ReferenceRow.newBuilder()
        .setAddedIn(addedIn)
        .setWithdrawnIn(withdrawnIn)
        .setPayloadJson(payload)
        .build();
  }

  private TestReference timeline(ReferenceKind kind, String id, List<ReferenceRow> rows) {
    Reference record =
        Reference.newBuilder()
            .setTenant(TestSpans.TENANT)
            .setKind(kind)
            .setId(id)
            .setTimeline(rows)
            .build();
    records.put(Keys.reference(TestSpans.TENANT, kind, id), record);
    return this;
  }

  Manifest manifest() {
    return Manifest.newBuilder()
        .setVersion(version)
        .setLabel("test-" + version)
        .setRowCount(records.size())
        .setSha256("")
        .setPublishedAtUs(TestSpans.T0)
        .build();
  }

  /** The rows without their manifest. */
  Map<String, Reference> rows() {
    return records;
  }

  /** Rows first, the manifest last. */
  Map<String, Reference> all() {
    Map<String, Reference> all = new LinkedHashMap<>(records);
    all.put(
        Keys.reference(TestSpans.TENANT, ReferenceKind.MANIFEST, "reference"),
        Reference.newBuilder()
            .setTenant(TestSpans.TENANT)
            .setKind(ReferenceKind.MANIFEST)
            .setId("reference")
            .setManifest(manifest())
            .build());
    return all;
  }

  ReferenceIndex index() {
    return ReferenceIndex.read(new ArrayList<>(records.values()), manifest());
  }

  /** Version 1: one card, one rule by feature. */
  static TestReference first() {
    return new TestReference(1)
        .cards(row(card("card-1", "2.5", "10"), 1, null))
        .rules("search-team", searchTeam("discovery", 1, null));
  }

  /** Version 2: another price, another team; what was before is still in the timelines. */
  static TestReference second() {
    return new TestReference(2)
        .cards(row(card("card-1", "2.5", "10"), 1, 2L), row(card("card-2", "3", "15"), 2, null))
        .rules("search-team", searchTeam("discovery", 1, 2L), searchTeam("findability", 2, null));
  }
}
