package dev.tributary.cost;

import dev.tributary.runtime.metrics.InputMetrics;

/**
 * Input records whose parts wait to be drained at the commit, for one task. Every record that is
 * taken counts as in state, until it is sent or given up.
 */
final class HeldInput {
  private final InputMetrics input;
  private long held;

  HeldInput(InputMetrics input) {
    this.input = input;
  }

  /** One record went into parts. */
  void took() {
    held++;
    input.inState(1);
  }

  /** The parts of all records went on and are committed. */
  void sent() {
    input.sentPrimary(held);
    forget();
  }

  /** What is held was not committed: whoever has the partition next reads it again. */
  void abandon() {
    input.dropped(DropReason.REASSIGNED.name(), held);
    forget();
  }

  private void forget() {
    input.inState(-held);
    held = 0;
  }
}
