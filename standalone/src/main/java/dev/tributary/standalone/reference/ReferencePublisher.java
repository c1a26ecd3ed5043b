package dev.tributary.standalone.reference;

import dev.tributary.cost.BudgetReader;
import dev.tributary.cost.BudgetScopes;
import dev.tributary.cost.core.Budget;
import dev.tributary.pricing.curated.CuratedCatalogue;
import dev.tributary.runtime.config.Settings;
import dev.tributary.schemas.Reference;
import dev.tributary.schemas.ReferenceKind;
import dev.tributary.standalone.platform.PlatformException;
import dev.tributary.standalone.reference.ReferenceTimelines.Stated;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Publishes the curated prices, what a user states, and erasures; does nothing where they are
 * published already.
 */
public final class ReferencePublisher {
  private static final String CURATED = "curated";
  private static final String ERASURE = "erasure";

  private ReferencePublisher() {}

  /**
   * Publishes the curated prices and what the files state, where it differs from what is there.
   *
   * @param settings those that the applications run with
   * @param tenant tenant the data is for
   * @param files by source; a source without files stays as it is
   * @return the version in force afterwards
   * @throws PlatformException when any file is refused, naming file, line and field, or an
   *     application would refuse what they state; nothing is published then
   */
  public static long publish(
      Settings settings, String tenant, Map<ReferenceSource, List<Path>> files) {
    return write(settings, tenant, stated(settings, tenant, files, true, doubt -> {}));
  }

  /**
   * As {@link #publish(Settings, String, Map)}, with the settings of a tool: they may lack what the
   * applications were given.
   *
   * @param doubts told, before anything is published, of what an application will refuse unless its
   *     own settings differ from their defaults
   */
  public static long publish(
      Settings settings,
      String tenant,
      Map<ReferenceSource, List<Path>> files,
      Consumer<String> doubts) {
    boolean isKnown = BudgetScopes.isGiven(settings);
    return write(settings, tenant, stated(settings, tenant, files, isKnown, doubts));
  }

  /** What the files state, and what is wrong with it; nobody has to be reached for that. */
  static Map<ReferenceSource, List<Stated>> stated(
      Settings settings,
      String tenant,
      Map<ReferenceSource, List<Path>> files,
      boolean isKnown,
      Consumer<String> doubts) {
    Map<ReferenceSource, List<Stated>> stated = new EnumMap<>(ReferenceSource.class);
    files.forEach(
        (source, paths) -> {
          if (!paths.isEmpty()) {
            stated.put(source, source.read(tenant, paths));
          }
        });
    BudgetScopes scopes = BudgetScopes.from(settings);
    for (Stated row : stated.getOrDefault(ReferenceSource.BUDGETS, List.of())) {
      Budget budget = BudgetReader.readBudget(row.id(), tenant, row.payloadJson());
      scopes
          .refusal(budget)
          .ifPresent(
              refusal -> {
                if (isKnown) {
                  throw new PlatformException(refusal);
                }
                doubts.accept(
                    refusal
                        + ". It is published all the same: stream-cost may have other settings");
              });
    }
    return stated;
  }

  private static long write(
      Settings settings, String tenant, Map<ReferenceSource, List<Stated>> stated) {
    List<Stated> curated = CuratedCatalogue.load().cards().stream().map(PriceFiles::row).toList();
    try (ReferenceWriter writer = ReferenceWriter.open(settings, tenant)) {
      long version = publish(writer, tenant, CURATED, List.of(ReferenceKind.RATE_CARD), curated);
      for (Map.Entry<ReferenceSource, List<Stated>> one : stated.entrySet()) {
        ReferenceSource source = one.getKey();
        version = publish(writer, tenant, source.label(), source.kinds(), one.getValue());
      }
      return version;
    }
  }

  /** As {@link #publish(Settings, String, Map)} with ownership tables alone. */
  public static long publish(Settings settings, String tenant, List<Path> ownership) {
    return publish(settings, tenant, Map.of(ReferenceSource.OWNERSHIP, ownership));
  }

  /**
   * Publishes erasures, beside those that are there.
   *
   * @param ids what they name, see {@link dev.tributary.normalize.core.Erasures#referenceId}
   * @return the version in force afterwards
   */
  public static long publishErasures(Settings settings, String tenant, List<String> ids) {
    try (ReferenceWriter writer = ReferenceWriter.open(settings, tenant)) {
      SortedSet<String> all = new TreeSet<>(ids);
      for (Reference reference : writer.read().values()) {
        if (reference.getKind() == ReferenceKind.ERASURE) {
          all.add(reference.getId());
        }
      }
      List<Stated> stated =
          all.stream().map(id -> new Stated(ReferenceKind.ERASURE, id, null, null, "{}")).toList();
      return publish(writer, tenant, ERASURE, List.of(ReferenceKind.ERASURE), stated);
    }
  }

  private static long publish(
      ReferenceWriter writer,
      String tenant,
      String source,
      List<ReferenceKind> kinds,
      List<Stated> stated) {
    var current = writer.read();
    var next =
        ReferenceTimelines.next(
            tenant,
            current,
            source,
            kinds,
            stated,
            CuratedCatalogue.VERSION,
            ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()));
    if (next == null) {
      return ReferenceTimelines.versionOf(tenant, current);
    }
    List<Reference> records = new ArrayList<>(next.changed());
    records.add(next.manifest());
    writer.append(records);
    return ReferenceTimelines.versionOf(tenant, writer.read());
  }
}
