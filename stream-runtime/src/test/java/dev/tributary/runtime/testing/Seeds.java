package dev.tributary.runtime.testing;

import dev.tributary.runtime.config.ProcessEnvironment;
import java.security.SecureRandom;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Seeds for generated input. Each run takes new ones; {@code -Dtributary.seed=N} repeats one. Every
 * failure inside {@link #with} names its seed.
 */
public final class Seeds {
  private static final String KEY = "tributary.seed";
  private static final SecureRandom FRESH = new SecureRandom();

  private Seeds() {}

  /** One seed: given, or new. */
  public static long one() {
    String given = ProcessEnvironment.current().property(KEY);
    return given == null ? FRESH.nextInt(Integer.MAX_VALUE) : Long.parseLong(given);
  }

  /** Seeds for a {@code @MethodSource}: the one given, or so many new ones. */
  public static Stream<Long> many(int count) {
    String given = ProcessEnvironment.current().property(KEY);
    return given == null
        ? Stream.generate(Seeds::one).limit(count)
        : Stream.of(Long.parseLong(given));
  }

  /** Runs a test body with a generator of the seed; whatever it throws is wrapped with the seed. */
  public static void with(long seed, Consumer<Generator> body) {
    try {
      body.accept(new Generator(seed));
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError("repeat with -D" + KEY + "=" + seed + ": " + e.getMessage(), e);
    }
  }
}
