package dev.tributary.pricing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Where in which text the parts of a catalogue stand, so that a contradiction can name both. */
final class Places {

  private final Map<String, List<YamlFields>> byKey = new HashMap<>();

  void add(String key, YamlFields place) {
    byKey.computeIfAbsent(key, unused -> new ArrayList<>(1)).add(place);
  }

  void addAll(Places others) {
    others.byKey.forEach((key, places) -> places.forEach(place -> add(key, place)));
  }

  /**
   * The refusal of a conflict at the later part's place, naming the other one.
   *
   * @param sourceName named where no place is known
   */
  CatalogueException refuse(String sourceName, CatalogueConflict conflict) {
    List<YamlFields> firsts = byKey.getOrDefault(conflict.first(), List.of());
    List<YamlFields> seconds = byKey.getOrDefault(conflict.second(), List.of());
    String problem = String.valueOf(conflict.getMessage());
    if (seconds.isEmpty()) {
      return new CatalogueException(sourceName, 0, "", problem, conflict);
    }
    YamlFields place = seconds.get(seconds.size() - 1);
    if (!firsts.isEmpty() && firsts.get(0) != place) {
      problem = problem + "; the other stands at " + firsts.get(0).where();
    }
    return place.refuse(problem, conflict);
  }
}
