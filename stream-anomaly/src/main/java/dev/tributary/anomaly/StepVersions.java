package dev.tributary.anomaly;

import dev.tributary.anomaly.core.group.Version;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The versions that the cells of one step show, by tenant, environment and feature: a version is in
 * many cells, and was first seen at the earliest of their times. Whatever order the cells come in,
 * it is told once and with that time.
 */
final class StepVersions {
  private static final Comparator<Version> ORDER =
      Comparator.comparing(Version::kind)
          .thenComparing(Version::subject)
          .thenComparing(Version::value);

  private final Map<List<String>, TreeMap<Version, Long>> byFeature =
      new TreeMap<>(
          Comparator.comparing((List<String> key) -> key.get(0))
              .thenComparing(key -> key.get(1))
              .thenComparing(key -> key.get(2)));

  void add(DeskInput.Seen seen) {
    if (seen.versions().isEmpty()) {
      return;
    }
    TreeMap<Version, Long> of =
        byFeature.computeIfAbsent(
            List.of(seen.tenant(), seen.environment(), seen.cell().feature()),
            any -> new TreeMap<>(ORDER));
    for (Version version : seen.versions()) {
      of.merge(version, version.firstUs(), Math::min);
    }
  }

  /** What to do with the versions of a feature, in their order. */
  interface Visitor {
    void visit(String tenant, String environment, String feature, List<Version> versions);
  }

  /** Hands over every feature in order. */
  void forEach(Visitor visitor) {
    byFeature.forEach(
        (key, of) -> {
          List<Version> versions = new ArrayList<>();
          of.forEach(
              (version, firstUs) ->
                  versions.add(
                      new Version(version.kind(), version.subject(), version.value(), firstUs)));
          visitor.visit(key.get(0), key.get(1), key.get(2), versions);
        });
  }
}
