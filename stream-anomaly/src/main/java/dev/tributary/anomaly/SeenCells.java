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
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** The cells of the last hours and what was seen first in them, of one tenant and environment. */
final class SeenCells implements Desk.Evidence {
  /** Of a series that names no feature, cells of all features are read: so many at most. */
  private static final int MOST_CELLS = 20_000;

  /** First sights remembered of a feature; beyond it none is noticed any more. */
  private static final int MOST_SIGHTS = 2_000;

  private static final String FEATURE = "feature";
  private static final String COUNT = "count";
  private static final String MODEL = "model";
  private static final String UNPRICED = "unpriced_model";

  /** Since when there are versions of a kind and subject: the first of them is no change. */
  private static final String SINCE = "since";

  /** Between subject and value of a version; tags hold no control characters. */
  private static final char BETWEEN = '\u001f';

  /** Values that name nothing. */
  private static final Set<String> NAMELESS = Set.of("other", Owners.UNATTRIBUTED);

  private final KeyValueStore<Bytes, byte[]> cells;
  private final KeyValueStore<Bytes, byte[]> sights;
  private final String tenant;
  private final String environment;
  private final String group;
  private final long lookBackUs;
  private final long keepUs;
  private final Supplier<Owners> owners;

  SeenCells(
      KeyValueStore<Bytes, byte[]> cells,
      KeyValueStore<Bytes, byte[]> sights,
      String tenant,
      String environment,
      long lookBackUs,
      long keepUs,
      Supplier<Owners> owners) {
    this.cells = cells;
    this.sights = sights;
    this.tenant = tenant;
    this.environment = environment;
    this.group = tenant + Keys.SEPARATOR + environment;
    this.lookBackUs = lookBackUs;
    this.keepUs = keepUs;
    this.owners = owners;
  }

  /** Takes a cell in; tells what it shows for the first time. */
  void add(CellFact cell, Consumer<Change> news) {
    String feature = cell.feature();
    Bytes key =
        StoreKeys.of(group, feature, cell.startUs(), new TreeMap<>(cell.dimensions()).toString());
    StateWriter to = new StateWriter();
    cell.save(to);
    boolean isFirstOfStep = isFirstOfStep(feature, cell.startUs());
    cells.put(key, to.toBytes());
    if (isFirstOfStep) {
      forget(cells, group, feature, cell.startUs() - keepUs);
    }
    if (cell.calls() <= 0 || NAMELESS.contains(feature)) {
      return;
    }
    Long since = sight(feature, FEATURE, feature);
    boolean isKnown = since != null && cell.startUs() - since >= lookBackUs;
    if (since == null) {
      put(feature, FEATURE, feature, cell.startUs(), false);
    }
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
    if (value == null || NAMELESS.contains(value) || sight(feature, kind, value) != null) {
      return;
    }
    if (!counted(feature, 1)) {
      return;
    }
    put(feature, kind, value, cell.startUs(), isNews);
    if (isNews) {
      news.accept(new Change(kind, feature, value, cell.startUs()));
    }
  }

  /**
   * Takes a version in; tells it where it is new of something that had versions long before: a
   * service that was not there before, or begins to state its version, was not deployed anew.
   */
  void see(String feature, Version version, Consumer<Change> news) {
    String name = version.subject() + BETWEEN + version.value();
    if (NAMELESS.contains(feature)
        || NAMELESS.contains(version.value())
        || sight(feature, version.kind(), name) != null) {
      return;
    }
    String subject = version.kind() + BETWEEN + version.subject();
    Long since = sight(feature, SINCE, subject);
    if (!counted(feature, since == null ? 2 : 1)) {
      return;
    }
    if (since == null) {
      put(feature, SINCE, subject, version.firstUs(), false);
    }
    boolean isNews = since != null && version.firstUs() - since >= lookBackUs;
    put(feature, version.kind(), name, version.firstUs(), isNews);
    if (isNews) {
      news.accept(
          new Change(
              version.kind(), feature, version.subject(), version.value(), version.firstUs()));
    }
  }

  /** Makes room for so many first sights more; false: there is none. */
  private boolean counted(String feature, int more) {
    Long seen = sight(feature, COUNT, COUNT);
    long count = seen == null ? 0 : seen;
    if (count + more > MOST_SIGHTS) {
      return false;
    }
    put(feature, COUNT, COUNT, count + more, false);
    return true;
  }

  private @Nullable Long sight(String feature, String kind, String value) {
    byte[] stored = sights.get(StoreKeys.of(group, feature, kind, value));
    return stored == null ? null : ByteBuffer.wrap(stored).getLong();
  }

  private void put(String feature, String kind, String value, long number, boolean isNews) {
    sights.put(
        StoreKeys.of(group, feature, kind, value),
        ByteBuffer.allocate(Long.BYTES + 1).putLong(number).put((byte) (isNews ? 1 : 0)).array());
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
          CellFact cell = CellFact.load(new StateReader(entries.next().value));
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
    while (all.size() < MOST_SIGHTS) {
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
      try (KeyValueIterator<Bytes, byte[]> entries =
          sights.range(StoreKeys.from(group, feature), StoreKeys.after(group, feature))) {
        while (entries.hasNext()) {
          KeyValue<Bytes, byte[]> entry = entries.next();
          ByteBuffer value = ByteBuffer.wrap(entry.value);
          long seenUs = value.getLong();
          if (value.get() == 1 && seenUs >= fromUs && seenUs < untilUs) {
            String[] parts = StoreKeys.texts(entry.key);
            if (!parts[2].equals(UNPRICED)) {
              changes.add(change(parts[2], feature, parts[3], seenUs));
            }
          }
        }
      }
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

  String tenant() {
    return tenant;
  }

  String environment() {
    return environment;
  }
}
