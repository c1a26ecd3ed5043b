package dev.tributary.runtime.combine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.runtime.testing.Seeds;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PartialsTest {
  private static final int ROUNDS = 2_000;

  static Stream<Long> seeds() {
    return Seeds.many(20);
  }

  /** Whenever the drains come, the drained partials of a key add up to its contributions. */
  @ParameterizedTest
  @MethodSource("seeds")
  void drain_atAnyMoment_keepsTheSums(long seed) {
    Seeds.with(
        seed,
        generator -> {
          Partials<String, Long, SumCombiner.Sum> partials =
              new Partials<>(new SumCombiner(), generator.between(1, 50));
          Map<String, Long> expected = new HashMap<>();
          Map<String, Long> found = new HashMap<>();
          DrainTarget<String, SumCombiner.Sum> target =
              (key, sum) -> found.merge(key, sum.value(), Long::sum);
          for (int i = 0; i < ROUNDS; i++) {
            String key = "k" + generator.between(0, 100);
            long amount = generator.between(-1_000, 1_000);
            expected.merge(key, amount, Long::sum);
            if (partials.add(key, amount)) {
              partials.drain(target, DrainCause.FULL);
            }
            if (generator.chance(3)) {
              partials.drain(target, DrainCause.COMMIT);
            }
          }
          partials.drain(target, DrainCause.COMMIT);

          assertThat(found).isEqualTo(expected);
          assertThat(partials.size()).isZero();
        });
  }

  @Test
  void drain_targetFails_keepsThePartialThatFailed() {
    Partials<String, Long, SumCombiner.Sum> partials = new Partials<>(new SumCombiner(), 10);
    partials.add("a", 1L);

    assertThatThrownBy(
            () ->
                partials.drain(
                    (key, sum) -> {
                      throw new IllegalStateException("sink");
                    },
                    DrainCause.COMMIT))
        .hasMessage("sink");
    assertThat(partials.size()).isEqualTo(1);
    assertThat(partials.add("a", 1L)).isFalse();
  }

  @Test
  void add_duringDrain_isRefused() {
    Partials<String, Long, SumCombiner.Sum> partials = new Partials<>(new SumCombiner(), 10);
    partials.add("a", 1L);

    assertThatThrownBy(() -> partials.drain((key, sum) -> partials.add("b", 1L), DrainCause.COMMIT))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void maxEntries_zero_isRefused() {
    assertThatThrownBy(() -> new Partials<>(new SumCombiner(), 0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
