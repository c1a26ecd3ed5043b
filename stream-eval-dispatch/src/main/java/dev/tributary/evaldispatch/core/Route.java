package dev.tributary.evaldispatch.core;

import java.util.Locale;

/** Who takes a job. */
public enum Route {
  /** Deterministic evaluators: they cost no money and are drawn at a fixed rate. */
  FAST,
  /** LLM judges: every job costs, so rates and ceilings hold for them. */
  JUDGE,
  /** People. */
  HUMAN;

  /** As jobs and policies spell it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
