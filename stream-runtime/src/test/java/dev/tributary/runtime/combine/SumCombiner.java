package dev.tributary.runtime.combine;

/** Adds whole numbers. */
final class SumCombiner implements Combiner<String, Long, SumCombiner.Sum> {
  static final class Sum {
    private long value;

    long value() {
      return value;
    }
  }

  @Override
  public Sum empty(String key) {
    return new Sum();
  }

  @Override
  public void add(Sum partial, Long contribution) {
    partial.value += contribution;
  }
}
