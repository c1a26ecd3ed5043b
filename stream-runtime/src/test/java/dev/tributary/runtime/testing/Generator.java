package dev.tributary.runtime.testing;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** A seeded source of test input; the same seed gives the same sequence on every JVM. */
public final class Generator {
  private static final String HEX = "0123456789abcdef";

  private final long seed;
  private final Random random;

  public Generator(long seed) {
    this.seed = seed;
    this.random = new Random(seed);
  }

  /** The seed it was made from. */
  public long seed() {
    return seed;
  }

  /** From {@code least} to {@code most}, both included. */
  public int between(int least, int most) {
    return least + random.nextInt(most - least + 1);
  }

  /** From {@code least} to {@code most}, both included; the difference below 2^53. */
  public long between(long least, long most) {
    return least + (long) (random.nextDouble() * (most - least + 1));
  }

  /** True so many times in a hundred. */
  public boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  /** Lower-case hex of so many bytes, not all zero: 16 for a trace id, 8 for a span id. */
  public String hex(int bytes) {
    StringBuilder text = new StringBuilder(2 * bytes);
    for (int i = 0; i < 2 * bytes; i++) {
      text.append(HEX.charAt(i == 0 ? between(1, 15) : random.nextInt(16)));
    }
    return text.toString();
  }

  public byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }

  public <T> T pick(List<T> items) {
    return items.get(random.nextInt(items.size()));
  }

  /** The same items in another order. */
  public <T> List<T> shuffled(Collection<T> items) {
    List<T> copy = new ArrayList<>(items);
    Collections.shuffle(copy, random);
    return copy;
  }

  /** The items in their order, cut into batches of 1 to {@code most}. */
  public <T> List<List<T>> batches(List<T> items, int most) {
    List<List<T>> batches = new ArrayList<>();
    int from = 0;
    while (from < items.size()) {
      int to = Math.min(items.size(), from + between(1, most));
      batches.add(List.copyOf(items.subList(from, to)));
      from = to;
    }
    return batches;
  }

  /** For what is not here. */
  public Random random() {
    return random;
  }
}
