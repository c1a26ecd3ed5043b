package dev.tributary.evalworker.core;

/** A deterministic evaluator: the same case gives the same verdict. */
@FunctionalInterface
public interface Evaluator {
  /** Looks at a case. */
  Verdict evaluate(EvalCase subject);
}
