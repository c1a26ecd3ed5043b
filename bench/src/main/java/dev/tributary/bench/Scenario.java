package dev.tributary.bench;

/** One way of moving the bytes of a round; its processes live over all rounds. */
interface Scenario extends AutoCloseable {
  /** Moves the bytes and measures. */
  Measurement run(Workload work, int round) throws Exception;

  @Override
  void close();
}
