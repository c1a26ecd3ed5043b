package dev.tributary.standalone.reference;

import dev.tributary.schemas.ReferenceKind;
import dev.tributary.standalone.reference.ReferenceTimelines.Stated;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * What a user states in files. A source adds and withdraws only its own rows: what its files no
 * longer state is withdrawn, what other sources state stays.
 */
public enum ReferenceSource {
  /** Prices and names of models beside the curated ones. */
  PRICES,
  /** Whose a call is, and where its alerts go. */
  OWNERSHIP,
  /** Amounts for scopes and periods. */
  BUDGETS,
  /** Versions of prompts. */
  PROMPTS,
  /** When a series is an anomaly. */
  POLICIES,
  /** Limits of open traces. */
  OPEN_TRACES,
  /** Silences, maintenance and how teams want their alerts. */
  ALERTING,
  /** What is evaluated, by whom, for how much. */
  EVAL_POLICIES;

  /** The name that its rows carry. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The kinds of rows it states. */
  List<ReferenceKind> kinds() {
    return switch (this) {
      case PRICES -> List.of(ReferenceKind.RATE_CARD, ReferenceKind.POLICY);
      case OWNERSHIP -> List.of(ReferenceKind.OWNERSHIP);
      case BUDGETS -> List.of(ReferenceKind.BUDGET);
      case PROMPTS -> List.of(ReferenceKind.PROMPT);
      case POLICIES, OPEN_TRACES, ALERTING, EVAL_POLICIES -> List.of(ReferenceKind.POLICY);
    };
  }

  /**
   * Everything the files state.
   *
   * @throws dev.tributary.standalone.platform.PlatformException naming file and field
   */
  List<Stated> read(String tenant, List<Path> files) {
    return switch (this) {
      case PRICES -> PriceFiles.read(files);
      case OWNERSHIP -> ReferenceFiles.ownership(files);
      case BUDGETS -> ReferenceFiles.budgets(tenant, files);
      case PROMPTS -> ReferenceFiles.prompts(files);
      case POLICIES -> ReferenceFiles.anomalies(files);
      case OPEN_TRACES -> ReferenceFiles.openTraces(files);
      case ALERTING -> ReferenceFiles.alerting(files);
      case EVAL_POLICIES -> ReferenceFiles.evaluations(tenant, files);
    };
  }
}
