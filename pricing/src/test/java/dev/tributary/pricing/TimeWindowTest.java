package dev.tributary.pricing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class TimeWindowTest {

  static LongStream seeds() {
    return Seeds.all();
  }

  @ParameterizedTest
  @CsvSource({
    // 2026-08-24 is a Monday.
    "2026-08-24T21:59:59.999999999Z, false",
    "2026-08-24T22:00:00Z, true",
    "2026-08-25T01:59:59.999999999Z, true",
    "2026-08-25T02:00:00Z, false",
    "2026-08-25T22:00:00Z, false",
    "2026-08-24T01:00:00Z, false"
  })
  void contains_windowOverMidnight_belongsToTheDayItStarts(Instant at, boolean inside) {
    TimeWindow mondayNight =
        new TimeWindow(LocalTime.of(22, 0), LocalTime.of(2, 0), Set.of(DayOfWeek.MONDAY));

    assertThat(mondayNight.contains(at)).isEqualTo(inside);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void contains_anyMomentAlsoBefore1970_usesItsUtcDayAndTime(long seed) {
    Random random = new Random(seed);
    Instant at = Instant.ofEpochSecond(random.nextInt() * 3L, random.nextInt(1_000_000_000));
    OffsetDateTime utc = at.atOffset(ZoneOffset.UTC);
    LocalTime from = LocalTime.of(random.nextInt(12), 0);
    LocalTime to = LocalTime.of(12 + random.nextInt(12), 30);
    DayOfWeek day = DayOfWeek.of(1 + random.nextInt(7));

    boolean inside = new TimeWindow(from, to, Set.of(day)).contains(at);

    boolean expected =
        utc.getDayOfWeek() == day
            && !utc.toLocalTime().isBefore(from)
            && utc.toLocalTime().isBefore(to);
    assertThat(inside).as("seed %d: %s", seed, at).isEqualTo(expected);
  }
}
