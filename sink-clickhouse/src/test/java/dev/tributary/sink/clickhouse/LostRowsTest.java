package dev.tributary.sink.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Iterator;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class LostRowsTest {
  /** Numbers of rows and, between each two of them, what a count finds. */
  private static boolean seesAll(long... numbers) {
    Iterator<Long> rest = Arrays.stream(numbers).skip(1).iterator();
    boolean all =
        LostRows.seesAll(
            OptionalLong.of(numbers[0]), rest::next, () -> OptionalLong.of(rest.next()));
    assertThat(rest.hasNext()).as("numbers that nobody asked for").isFalse();
    return all;
  }

  @Test
  void count_ofATableAtRest_saysWhetherRowsAreHidden() {
    assertThat(seesAll(10, 10, 10)).isTrue();
    assertThat(seesAll(0, 0, 0)).isTrue();
    assertThat(seesAll(10, 9, 10)).isFalse();
    assertThat(seesAll(10, 0, 10)).isFalse();
  }

  /** As many rows came as are hidden: the count alone would be what it should be. */
  @Test
  void count_whileRowsCome_isMadeAgain() {
    assertThat(seesAll(10, 10, 12, 10, 12)).isFalse();
    assertThat(seesAll(10, 11, 12, 12, 12)).isTrue();
  }

  /** A merge took retractions away with their lines: nothing is hidden. */
  @Test
  void count_whileRowsMerge_isMadeAgain() {
    assertThat(seesAll(10, 8, 8, 8, 8)).isTrue();
    assertThat(seesAll(10, 8, 8, 7, 8)).isFalse();
  }

  @Test
  void count_ofATableThatAlwaysChanges_isNoAnswer() {
    AtomicLong rows = new AtomicLong();

    assertThatThrownBy(
            () ->
                LostRows.seesAll(
                    OptionalLong.of(rows.get()),
                    rows::get,
                    () -> OptionalLong.of(rows.incrementAndGet())))
        .isInstanceOf(IllegalStateException.class);
    assertThat(rows).hasValue(5);
  }

  @Test
  void rows_ofUnknownNumber_mayBeHidden() {
    assertThat(LostRows.seesAll(OptionalLong.empty(), () -> 0, () -> OptionalLong.of(0))).isFalse();
    assertThat(LostRows.seesAll(OptionalLong.of(1), () -> 1, OptionalLong::empty)).isFalse();
  }
}
