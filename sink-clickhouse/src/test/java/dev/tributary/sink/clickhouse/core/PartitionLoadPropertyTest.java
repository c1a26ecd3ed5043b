package dev.tributary.sink.clickhouse.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.runtime.testing.Generator;
import dev.tributary.runtime.testing.Seeds;
import dev.tributary.sink.clickhouse.core.SimulatedWorld.Variant;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The protocol under crashes between any two steps. */
final class PartitionLoadPropertyTest {
  static Stream<Long> seeds() {
    return Seeds.many(300);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void load_crashesAnywhere_everyRecordExactlyOnce(long seed) {
    Seeds.with(
        seed,
        generator -> {
          // Given
          SimulatedWorld world = new SimulatedWorld(generator, Variant.CORRECT);

          // When
          Map<Long, Integer> table = world.run();

          // Then
          assertThat(table.keySet()).containsExactlyInAnyOrderElementsOf(world.log());
          assertThat(table.values()).allMatch(times -> times == 1);
        });
  }

  /** Negative controls: without any one part of the protocol records are lost or doubled. */
  @ParameterizedTest
  @EnumSource(
      value = Variant.class,
      names = {"NO_INTENT", "NO_WINDOW", "COMMIT_FIRST"})
  void load_brokenProtocol_isNotExact(Variant variant) {
    // When
    long inexact =
        LongStream.rangeClosed(1, 100)
            .filter(
                seed -> {
                  SimulatedWorld world = new SimulatedWorld(new Generator(seed), variant);
                  Map<Long, Integer> table = world.run();
                  return table.size() != world.log().size()
                      || table.values().stream().anyMatch(times -> times != 1);
                })
            .count();

    // Then
    assertThat(inexact).as("worlds out of 100 that came out wrong").isGreaterThan(25);
  }

  /** The model is only worth something if it does crash. */
  @Test
  void model_crashesOften() {
    // Given
    SimulatedWorld world = new SimulatedWorld(new Generator(1), Variant.CORRECT);

    // When
    world.run();

    // Then
    assertThat(world.crashes()).isGreaterThan(1);
  }
}
