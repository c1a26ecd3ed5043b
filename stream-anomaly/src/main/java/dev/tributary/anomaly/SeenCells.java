package dev.tributary.anomaly;

import dev.tributary.anomaly.core.StateReader;
import dev.tributary.anomaly.core.StateWriter;
import dev.tributary.anomaly.core.group.CellFact;
import dev.tributary.anomaly.core.group.Change;
import dev.tributary.anomaly.core.group.Desk;
import dev.tributary.anomaly.core.group.Owners;
import dev.tributary.anomaly.core.group.Version;
import dev.tributary.anomaly.core.series.SeriesKey;
import dev.tributary.schemas.Keys;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** The cells of the last hours and what was seen first in them, of one tenant and environment. */
final class SeenCells implements Desk.Evidence {
  /** Of a series that names no feature, cells of all features are read: so many at most. */
  private static final int MOST_CELLS = 20_000;

  /** Features that are looked at of a series that names none. */
  private static final int MOST_FEATURES = 2_000;

  private static final String FEATURE = "feature";
  private static final String MODEL = "model";
  private static final String UNPRICED = "unpriced_model";

  /** Since when there are versions of a kind and subject: the first of them is no change. */
  private static final String SINCE = "since";

  /** Between subject and value of a version; tags hold no control characters. */
  private static final char BETWEEN = '\u001f';

  /** Values that name nothing. */
  private static final Set<String> NAMELESS = Set.of("other", Owners.UNATTRIBUTED);

  private final KeyValueStore<Bytes, byte[]> cells;
  private final FirstSights sights;
  private final String group;
  private final long lookBackUs;
  private final long keepUs;
  private final Supplier<Owners> owners;

  /**
   * @param stepEndUs end of the step that is taken
   */
  SeenCells(
      KeyValueStore<Bytes, byte[]> cells,
      KeyValueStore<Bytes, byte[]> sights,
      String tenant,
      String environment,
      long stepEndUs,
      long lookBackUs,
      long keepUs,
      Supplier<Owners> owners,
      IntConsumer forgotten) {
    this.cells = cells;
    this.group = tenant + Keys.SEPARATOR + environment;
    this.lookBackUs = lookBackUs;
    this.keepUs = keepUs;
    this.owners = owners;
    this.sights = new FirstSights(sights, group, stepEndUs, lookBackUs, forgotten);
  }

  /** Takes a cell in; tells what it shows for the first time. */
  void add(CellFact cell, Consumer<Change> news) {
    String feature = cell.feature();
    Bytes key =
        StoreKeys.of(group, feature, cell.startUs(), new TreeMap<>(cell.dimensions()).toString());
    StateWriter to = new StateWriter();
    cell.save(to);
    cell.saveCalls(to);
    boolean isFirstOfStep = isFirstOfStep(feature, cell.startUs());
    cells.put(key, to.toBytes());
    if (isFirstOfStep) {
      forget(cells, group, feature, cell.startUs() - keepUs);
    }
    if (cell.calls() <= 0 || NAMELESS.contains(feature)) {
      return;
    }
    long sinceUs = sights.featureSince(feature, cell.startUs());
    boolean isKnown = cell.startUs() - sinceUs >= lookBackUs;
    see(cell, "prompt_version", cell.dimensions().get("prompt_version"), isKnown, news);
    see(cell, MODEL, cell.dimensions().get(MODEL), isKnown, news);
    for (String card : cell.rateCards()) {
      see(cell, "rate_card", card, isKnown, news);
    }
    // Calls that all failed have no usage, so they say nothing of a price.
    if (cell.pricedCalls() <= 0 && cell.tokens().values().stream().anyMatch(n -> n > 0)) {
      see(cell, UNPRICED, cell.dimensions().get(MODEL), true, news);
    }
  }

  private void see(
      CellFact cell, String kind, @Nullable String value, boolean isNews, Consumer<Change> news) {
    String feature = cell.feature();
    if (value == null
        || NAMELESS.contains(value)
        || sights.sees(feature, kind, value, cell.startUs())) {
      return;
    }
    if (sights.add(feature, kind, value, cell.startUs(), isNews)) {
      news.accept(new Change(kind, feature, value, cell.startUs()));
    }
  }

  /**
   * Takes a version in; tells it where it is new of something that had versions long before: a
   * service that was not there before, or begins to state its version, was not deployed anew.
   */
  void see(String feature, Version version, Consumer<Change> news) {
    if (NAMELESS.contains(feature) || NAMELESS.contains(version.value())) {
      return;
    }
    String name = version.subject() + BETWEEN + version.value();
    String subject = version.kind() + BETWEEN + version.subject();
    boolean hadVersions = sights.sees(feature, SINCE, subject, version.firstUs());
    if (sights.sees(feature, version.kind(), name, version.firstUs())) {
      return;
    }
    if (!hadVersions) {
      sights.add(feature, SINCE, subject, version.firstUs(), false);
    }
    Long since = sights.since(feature, SINCE, subject);
    boolean isNews = since != null && version.firstUs() - since >= lookBackUs;
    if (sights.add(feature, version.kind(), name, version.firstUs(), isNews)) {
      news.accept(
          new Change(
              version.kind(), feature, version.subject(), version.value(), version.firstUs()));
    }
  }

  private boolean isFirstOfStep(String feature, long startUs) {
    Bytes from = StoreKeys.of(group, feature, startUs, "");
    Bytes to = StoreKeys.of(group, feature, startUs + 1, "");
    try (KeyValueIterator<Bytes, byte[]> same = cells.range(from, to)) {
      return !same.hasNext();
    }
  }

  /** Forgets cells of features that are heard of no more; those of others are forgotten by step. */
  static void forgetAll(KeyValueStore<Bytes, byte[]> cells, long beforeUs) {
    @Nullable Bytes from = null;
    while (true) {
      String[] names;
      try (KeyValueIterator<Bytes, byte[]> next = cells.range(from, null)) {
        if (!next.hasNext()) {
          return;
        }
        names = StoreKeys.texts(next.next().key);
      }
      forget(cells, names[0], names[1], beforeUs);
      from = StoreKeys.after(names[0], names[1]);
    }
  }

  private static void forget(
      KeyValueStore<Bytes, byte[]> cells, String group, String feature, long beforeUs) {
    Bytes from = StoreKeys.of(group, feature, 0, "");
    Bytes to = StoreKeys.of(group, feature, Math.max(0, beforeUs), "");
    List<Bytes> old = new ArrayList<>();
    try (KeyValueIterator<Bytes, byte[]> entries = cells.range(from, to)) {
      entries.forEachRemaining(entry -> old.add(entry.key));
    }
    old.forEach(cells::delete);
  }

  @Override
  public List<CellFact> cells(SeriesKey key, long fromUs, long untilUs) {
    List<CellFact> found = new ArrayList<>();
    for (String feature : features(key)) {
      Bytes from = StoreKeys.of(group, feature, Math.max(0, fromUs), "");
      Bytes to = StoreKeys.of(group, feature, Math.max(0, untilUs), "");
      try (KeyValueIterator<Bytes, byte[]> entries = cells.range(from, to)) {
        while (entries.hasNext() && found.size() < MOST_CELLS) {
          StateReader stored = new StateReader(entries.next().value);
          CellFact cell = CellFact.load(stored).withCalls(stored);
          if (isOf(cell, key)) {
            found.add(cell);
          }
        }
      }
    }
    return found;
  }

  /** Dimensions that cells do not have, such as the service, leave them all in. */
  private static boolean isOf(CellFact cell, SeriesKey key) {
    for (Map.Entry<String, String> dimension : key.dimensions().entrySet()) {
      String value = cell.dimensions().get(dimension.getKey());
      if (value != null && !value.equals(dimension.getValue()) && !value.equals("other")) {
        return false;
      }
    }
    return true;
  }

  /** The feature of the series; else those of its team, where anyone says; else all. */
  private Set<String> features(SeriesKey key) {
    String own = key.dimensions().get(FEATURE);
    if (own != null) {
      return Set.of(own);
    }
    TreeSet<String> all = new TreeSet<>();
    Bytes to = StoreKeys.after(group);
    Bytes from = StoreKeys.from(group);
    while (all.size() < MOST_FEATURES) {
      try (KeyValueIterator<Bytes, byte[]> next = cells.range(from, to)) {
        if (!next.hasNext()) {
          break;
        }
        String feature = StoreKeys.second(next.next().key);
        all.add(feature);
        from = StoreKeys.after(group, feature);
      }
    }
    String team = key.dimensions().get("team");
    if (team != null) {
      TreeSet<String> ofTeam = new TreeSet<>(all);
      Owners known = owners.get();
      ofTeam.removeIf(feature -> !team.equals(known.teamOf(feature, null)));
      return ofTeam.isEmpty() ? all : ofTeam;
    }
    return all;
  }

  @Override
  public List<Change> changes(SeriesKey key, long fromUs, long untilUs) {
    List<Change> changes = new ArrayList<>();
    for (String feature : features(key)) {
      sights.forEachTold(
          feature,
          (kind, value, seenUs) -> {
            if (seenUs >= fromUs && seenUs < untilUs && !kind.equals(UNPRICED)) {
              changes.add(change(kind, feature, value, seenUs));
            }
          });
    }
    changes.sort(
        Comparator.comparingLong(Change::seenUs)
            .thenComparing(Change::kind)
            .thenComparing(Change::value)
            .thenComparing(Change::feature));
    return changes.size() > 10 ? changes.subList(0, 10) : changes;
  }

  private static Change change(String kind, String feature, String name, long seenUs) {
    int between = name.indexOf(BETWEEN);
    return new Change(
        kind,
        feature,
        between < 0 ? "" : name.substring(0, between),
        name.substring(between + 1),
        seenUs);
  }
}
