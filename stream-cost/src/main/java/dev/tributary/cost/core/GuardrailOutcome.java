package dev.tributary.cost.core;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a guardrail did; outcomes are free text, so they are told by how they begin. */
enum GuardrailOutcome {
  /** Let it through, or said nothing. */
  PASSED,
  /** Took something out or rewrote it. */
  MASKED,
  /** Let it through with a remark. */
  FLAGGED,
  /** Anything else: it stopped the call or its answer. */
  BLOCKED;

  private static final Map<GuardrailOutcome, List<String>> BEGINNINGS =
      Map.of(
          PASSED, List.of("pass", "allow"),
          MASKED, List.of("mask", "redact", "anonym", "modif", "rewrit", "transform"),
          FLAGGED, List.of("flag", "warn"));

  static GuardrailOutcome of(@Nullable String text) {
    if (text == null) {
      return PASSED;
    }
    String lower = text.toLowerCase(Locale.ROOT);
    for (Map.Entry<GuardrailOutcome, List<String>> outcome : BEGINNINGS.entrySet()) {
      if (outcome.getValue().stream().anyMatch(lower::startsWith)) {
        return outcome.getKey();
      }
    }
    return BLOCKED;
  }
}
