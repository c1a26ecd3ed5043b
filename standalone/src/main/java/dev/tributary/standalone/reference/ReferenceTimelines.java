package dev.tributary.standalone.reference;

import dev.tributary.schemas.Keys;
import dev.tributary.schemas.Manifest;
import dev.tributary.schemas.Reference;
import dev.tributary.schemas.ReferenceKind;
import dev.tributary.schemas.ReferenceRow;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Works out the next reference version: which timelines change when a source states what it states
 * now. History is never dropped: a row that a source no longer states is withdrawn, not deleted.
 */
final class ReferenceTimelines {

  /**
   * One row as a source states it.
   *
   * @param kind what it is
   * @param id id of its timeline
   * @param fromUs valid from (inclusive), microseconds since the epoch; null: always
   * @param untilUs valid until (exclusive); null: open
   * @param payloadJson the row
   */
  record Stated(
      ReferenceKind kind,
      String id,
      @Nullable Long fromUs,
      @Nullable Long untilUs,
      String payloadJson) {}

  /**
   * A new version.
   *
   * @param changed timelines to publish, before the manifest
   * @param manifest makes them visible
   */
  record Version(List<Reference> changed, Reference manifest) {}

  private ReferenceTimelines() {}

  /**
   * The next version.
   *
   * @param current all timelines of the tenant by key, and its manifest under the manifest's key
   * @param source name of the source; only its own rows are added or withdrawn
   * @param stated everything the source states now, of the kinds given
   * @param kinds kinds the source speaks about
   * @param label name of the version
   * @return null when nothing changes
   */
  static @Nullable Version next(
      String tenant,
      Map<String, Reference> current,
      String source,
      List<ReferenceKind> kinds,
      List<Stated> stated,
      String label,
      long nowUs) {
    long version = versionOf(tenant, current) + 1;
    SortedMap<String, List<Stated>> byKey = new TreeMap<>();
    SortedMap<String, Reference> all = timelines(tenant, current);
    all.forEach(
        (key, timeline) -> {
          // Erasures hold from their row on, without a manifest, and are never taken back.
          if (timeline.getKind() != ReferenceKind.ERASURE || kinds.contains(timeline.getKind())) {
            byKey.put(key, new ArrayList<>());
          }
        });
    for (Stated row : stated) {
      byKey
          .computeIfAbsent(Keys.reference(tenant, row.kind(), row.id()), k -> new ArrayList<>())
          .add(row);
    }
    List<Reference> changed = new ArrayList<>();
    byKey.forEach(
        (key, rows) -> {
          Reference before = all.get(key);
          boolean isAsked = before == null || kinds.contains(before.getKind());
          Reference after = merge(tenant, before, isAsked ? source : null, rows, version);
          if (after != null) {
            changed.add(after);
            all.put(key, after);
          }
        });
    if (changed.isEmpty()) {
      return null;
    }
    return new Version(changed, manifest(tenant, version, label, all, nowUs));
  }

  /** Version of the manifest; 0: there is none. */
  static long versionOf(String tenant, Map<String, Reference> current) {
    Reference record = current.get(manifestKey(tenant));
    Manifest manifest = record == null ? null : record.getManifest();
    return manifest == null ? 0 : manifest.getVersion();
  }

  /**
   * The timeline with what the source states now.
   *
   * @param source null: no source speaks of it; only what an interrupted publication left there is
   *     taken back
   * @return null where it stays as it is
   */
  private static @Nullable Reference merge(
      String tenant,
      @Nullable Reference before,
      @Nullable String source,
      List<Stated> stated,
      long version) {
    List<ReferenceRow> rows = new ArrayList<>();
    List<Stated> missing = new ArrayList<>(stated);
    boolean isChanged = false;
    for (ReferenceRow found : before == null ? List.<ReferenceRow>of() : before.getTimeline()) {
      ReferenceRow row = withoutUnseen(found, version);
      // Of a publication that ended before its manifest: nobody has seen it yet.
      boolean isUnseen = row.getAddedIn() >= version;
      boolean isOurs =
          source != null && row.getWithdrawnIn() == null && source.equals(row.getSource());
      boolean isStated = isOurs && missing.removeIf(wanted -> isSame(wanted, row));
      boolean isOver = (isOurs || isUnseen) && !isStated;
      ReferenceRow now =
          isOver ? ReferenceRow.newBuilder(row).setWithdrawnIn(version).build() : row;
      rows.add(now);
      isChanged |= !now.equals(found) || (isStated && isUnseen);
    }
    for (Stated row : missing) {
      rows.add(
          ReferenceRow.newBuilder()
              .setEffectiveFromUs(row.fromUs())
              .setEffectiveUntilUs(row.untilUs())
              .setAddedIn(version)
              .setPayloadJson(row.payloadJson())
              .setSource(source)
              .build());
      isChanged = true;
    }
    if (!isChanged) {
      return null;
    }
    ReferenceKind kind = before == null ? stated.get(0).kind() : before.getKind();
    String id = before == null ? stated.get(0).id() : before.getId();
    return Reference.newBuilder()
        .setTenant(tenant)
        .setKind(kind)
        .setId(id)
        .setTimeline(rows)
        .build();
  }

  /** A withdrawal without a manifest did not happen. */
  private static ReferenceRow withoutUnseen(ReferenceRow row, long version) {
    return row.getWithdrawnIn() != null && row.getWithdrawnIn() >= version
        ? ReferenceRow.newBuilder(row).setWithdrawnIn(null).build()
        : row;
  }

  private static boolean isSame(Stated stated, ReferenceRow row) {
    return stated.payloadJson().equals(row.getPayloadJson())
        && Objects.equals(stated.fromUs(), row.getEffectiveFromUs())
        && Objects.equals(stated.untilUs(), row.getEffectiveUntilUs());
  }

  private static Reference manifest(
      String tenant, long version, String label, SortedMap<String, Reference> all, long nowUs) {
    MessageDigest digest = sha256();
    all.forEach(
        (key, timeline) -> {
          digest.update(key.getBytes(StandardCharsets.UTF_8));
          digest.update(timeline.toString().getBytes(StandardCharsets.UTF_8));
        });
    return Reference.newBuilder()
        .setTenant(tenant)
        .setKind(ReferenceKind.MANIFEST)
        .setId("reference")
        .setTimeline(List.of())
        .setManifest(
            Manifest.newBuilder()
                .setVersion(version)
                .setLabel(label)
                .setRowCount(all.size())
                .setSha256(HexFormat.of().formatHex(digest.digest()))
                .setPublishedAtUs(nowUs)
                .build())
        .build();
  }

  private static SortedMap<String, Reference> timelines(
      String tenant, Map<String, Reference> current) {
    SortedMap<String, Reference> all = new TreeMap<>();
    for (Reference timeline : current.values()) {
      if (timeline.getKind() != ReferenceKind.MANIFEST) {
        all.put(key(tenant, timeline), timeline);
      }
    }
    return all;
  }

  static String manifestKey(String tenant) {
    return Keys.reference(tenant, ReferenceKind.MANIFEST, "reference");
  }

  private static String key(String tenant, Reference timeline) {
    return Keys.reference(tenant, timeline.getKind(), timeline.getId());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
