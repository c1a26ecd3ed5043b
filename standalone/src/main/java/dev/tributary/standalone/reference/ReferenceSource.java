package dev.tributary.standalone.reference;

import dev.tributary.schemas.ReferenceKind;
import dev.tributary.standalone.reference.ReferenceTimelines.Stated;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;

/**
 * What a user states in files. A source adds and withdraws only its own rows: what its files no
 * longer state is withdrawn, what other sources state stays.
 */
public enum ReferenceSource {
  /** Prices and names of models beside the curated ones. */
  PRICES((tenant, files) -> PriceFiles.read(files), ReferenceKind.RATE_CARD, ReferenceKind.POLICY),
  /** Whose a call is, and where its alerts go. */
  OWNERSHIP(ReferenceFiles::ownership, ReferenceKind.OWNERSHIP),
  /** Amounts for scopes and periods. */
  BUDGETS(ReferenceFiles::budgets, ReferenceKind.BUDGET),
  /** Versions of prompts. */
  PROMPTS(ReferenceFiles::prompts, ReferenceKind.PROMPT),
  /** When a series is an anomaly. */
  POLICIES(ReferenceFiles::anomalies, ReferenceKind.POLICY),
  /** Limits of open traces. */
  OPEN_TRACES(ReferenceFiles::openTraces, ReferenceKind.POLICY),
  /** Silences, maintenance and how teams want their alerts. */
  ALERTING(ReferenceFiles::alerting, ReferenceKind.POLICY),
  /** What is evaluated, by whom, for how much. */
  EVAL_POLICIES(ReferenceFiles::evaluations, ReferenceKind.POLICY);

  private final BiFunction<String, List<Path>, List<Stated>> reader;
  private final List<ReferenceKind> kinds;

  ReferenceSource(BiFunction<String, List<Path>, List<Stated>> reader, ReferenceKind... kinds) {
    this.reader = reader;
    this.kinds = List.of(kinds);
  }

  /** The name that its rows carry. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  List<ReferenceKind> kinds() {
    return kinds;
  }

  /**
   * Everything the files state.
   *
   * @throws dev.tributary.standalone.platform.PlatformException naming file and field
   */
  List<Stated> read(String tenant, List<Path> files) {
    return reader.apply(tenant, files);
  }
}
