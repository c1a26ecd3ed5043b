package dev.tributary.cost.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Random;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Periods of budgets and what they will have cost. */
class BudgetForecastTest {
  private static final long QUARTER_US = 900_000_000;
  private static final long DAY_US = 96 * QUARTER_US;
  private static final long WEEK_US = 7 * DAY_US;
  private static final BigDecimal TENTH_OF_A_MILL = new BigDecimal("0.0001");

  private static long us(String instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(instant));
  }

  /** Spend in cents by quarter of an hour, known since a time. */
  private static SpendHistory history(long sinceUs, LongUnaryOperator cents) {
    return new SpendHistory() {
      @Override
      public BigDecimal between(long fromUs, long toUs) {
        long sum = 0;
        for (long at = Math.max(fromUs, sinceUs); at < toUs; at += QUARTER_US) {
          sum += cents.applyAsLong(at);
        }
        return BigDecimal.valueOf(sum, 2);
      }

      @Override
      public long sinceUs() {
        return sinceUs;
      }
    };
  }

  @Test
  void day_clocksChange_hasItsHours() {
    ZoneId newYork = ZoneId.of("America/New_York");

    BudgetPeriod spring = BudgetCycle.DAY.at(us("2026-03-08T12:00:00Z"), newYork);
    BudgetPeriod autumn = BudgetCycle.DAY.at(us("2026-11-01T12:00:00Z"), newYork);

    assertThat(spring)
        .isEqualTo(new BudgetPeriod(us("2026-03-08T05:00:00Z"), us("2026-03-09T04:00:00Z")));
    assertThat(autumn)
        .isEqualTo(new BudgetPeriod(us("2026-11-01T04:00:00Z"), us("2026-11-02T05:00:00Z")));
  }

  @Test
  void periods_ofAZone_beginAtItsMidnight() {
    ZoneId kolkata = ZoneId.of("Asia/Kolkata");
    long at = us("2026-03-01T18:29:59.999999Z");

    assertThat(BudgetCycle.DAY.at(at, kolkata).endUs()).isEqualTo(us("2026-03-01T18:30:00Z"));
    assertThat(BudgetCycle.WEEK.at(at + 1, kolkata))
        .isEqualTo(new BudgetPeriod(us("2026-03-01T18:30:00Z"), us("2026-03-08T18:30:00Z")));
    assertThat(BudgetCycle.MONTH.at(at, kolkata))
        .isEqualTo(new BudgetPeriod(us("2026-02-28T18:30:00Z"), us("2026-03-31T18:30:00Z")));
    assertThat(BudgetCycle.ROLLING_HOUR.at(at, kolkata).startUs())
        .isEqualTo(us("2026-03-01T17:30:00Z"));
  }

  @Test
  void forecast_sameEveryWeek_isWhatTheMonthCosts() {
    BudgetPeriod month = BudgetCycle.MONTH.at(us("2026-06-15T00:00:00Z"), ZoneOffset.UTC);
    // Dear from Monday to Friday, so that a plain run rate would be wrong.
    LongUnaryOperator cents =
        at -> Math.floorMod(Math.floorDiv(at, DAY_US) + 3, 7) < 5 ? 100L : 10L;
    SpendHistory history = history(us("2026-03-01T00:00:00Z"), cents);
    long now = us("2026-06-09T13:07:00Z");
    BigDecimal spent = history.between(month.startUs(), us("2026-06-09T13:00:00Z"));

    BudgetForecast forecast = BudgetForecast.of(history, month, now, spent);

    BigDecimal whole = history.between(month.startUs(), month.endUs());
    assertThat(forecast).isNotNull();
    assertThat(forecast.weeks()).isEqualTo(4);
    assertThat(forecast.expected()).isEqualByComparingTo(whole);
    assertThat(forecast.low()).isEqualByComparingTo(whole);
    assertThat(forecast.high()).isEqualByComparingTo(whole);
  }

  @Test
  void forecast_twiceTheTraffic_scaled() {
    BudgetPeriod day = BudgetCycle.DAY.at(us("2026-06-15T12:00:00Z"), ZoneOffset.UTC);
    long doubled = us("2026-06-05T00:00:00Z");
    SpendHistory history = history(us("2026-05-01T00:00:00Z"), at -> at < doubled ? 100 : 200);

    BudgetForecast forecast =
        BudgetForecast.of(history, day, us("2026-06-15T12:00:00Z"), new BigDecimal("96"));

    assertThat(forecast).isNotNull();
    // 96 a half day now; the weeks in which it doubled know it only in part.
    assertThat(forecast.expected()).isBetween(new BigDecimal("190"), new BigDecimal("210"));
  }

  @Test
  void forecast_noisyWeeks_intervalHoldsNineInTenDays() {
    int held = 0;
    int days = 200;
    for (int seed = 0; seed < days; seed++) {
      long salt = seed;
      SpendHistory history =
          history(
              us("2026-05-01T00:00:00Z"),
              at -> 100 + new Random(salt * 1_000_003 + at / DAY_US).nextInt(80));
      BudgetPeriod day = BudgetCycle.DAY.at(us("2026-06-15T12:00:00Z"), ZoneOffset.UTC);
      BudgetForecast forecast = BudgetForecast.of(history, day, day.startUs(), BigDecimal.ZERO);
      assertThat(forecast).isNotNull();
      BigDecimal actual = history.between(day.startUs(), day.endUs());
      if (forecast.low() != null
          && forecast.low().compareTo(actual) <= 0
          && forecast.high().compareTo(actual) >= 0) {
        held++;
      }
    }

    assertThat(held).isBetween(160, 200);
  }

  /** Mondays of 90 and 110 in turn, in weeks of 200 each: Student's t of one, two and three. */
  @ParameterizedTest
  @CsvSource({"2, 100, 0, 209.3582", "3, 96.6667, 57.7333, 135.6", "4, 100, 69.6177, 130.3823"})
  void forecast_weeksThatDiffer_predictionInterval(
      int weeks, BigDecimal expected, BigDecimal low, BigDecimal high) {
    long monday = us("2026-06-15T00:00:00Z");
    LongUnaryOperator cents =
        at -> {
          // 1 from the Monday before on, 2 in the week before that.
          long week = -Math.floorDiv(at - monday, WEEK_US);
          long sinceMonday = Math.floorMod(at - monday, WEEK_US);
          long onMonday = week % 2 == 0 ? 11_000 : 9_000;
          return sinceMonday == 0 ? onMonday : sinceMonday == 6 * DAY_US ? 20_000 - onMonday : 0;
        };
    SpendHistory history = history(monday - (weeks + 1) * WEEK_US, cents);
    BudgetPeriod day = BudgetCycle.DAY.at(monday, ZoneOffset.UTC);

    BudgetForecast forecast = BudgetForecast.of(history, day, monday, BigDecimal.ZERO);

    assertThat(forecast).isNotNull();
    assertThat(forecast.weeks()).isEqualTo(weeks);
    assertThat(forecast.expected()).isCloseTo(expected, within(TENTH_OF_A_MILL));
    assertThat(forecast.low()).isCloseTo(low, within(TENTH_OF_A_MILL));
    assertThat(forecast.high()).isCloseTo(high, within(TENTH_OF_A_MILL));
  }

  @Test
  void forecast_weekBeforeTheEarlierOneKnownInPart_restsOnNone() {
    BudgetPeriod day = BudgetCycle.DAY.at(us("2026-06-15T12:00:00Z"), ZoneOffset.UTC);
    long now = us("2026-06-15T12:00:00Z");

    assertThat(BudgetForecast.of(history(now - 2 * WEEK_US, at -> 100), day, now, BigDecimal.ZERO))
        .extracting(BudgetForecast::weeks)
        .isEqualTo(1);
    SpendHistory inPart = history(now - 2 * WEEK_US + QUARTER_US, at -> 100);
    assertThat(BudgetForecast.of(inPart, day, now, BigDecimal.ZERO))
        .extracting(BudgetForecast::weeks)
        .isEqualTo(0);
  }

  @Test
  void forecast_restOfExactlyAWeek_restsOnTheWeekBefore() {
    BudgetPeriod week = BudgetCycle.WEEK.at(us("2026-06-15T00:00:00Z"), ZoneOffset.UTC);
    SpendHistory history = history(week.startUs() - 2 * WEEK_US, at -> 100);

    BudgetForecast forecast = BudgetForecast.of(history, week, week.startUs(), BigDecimal.ZERO);

    assertThat(forecast).isNotNull();
    assertThat(forecast.weeks()).isEqualTo(1);
    assertThat(forecast.expected()).isEqualByComparingTo("672");
  }

  @Test
  void forecast_noEarlierWeek_runRateWithoutInterval() {
    BudgetPeriod day = BudgetCycle.DAY.at(us("2026-06-15T12:00:00Z"), ZoneOffset.UTC);
    SpendHistory history = history(us("2026-06-14T00:00:00Z"), at -> 100);

    BudgetForecast forecast =
        BudgetForecast.of(history, day, us("2026-06-15T06:10:00Z"), new BigDecimal("25"));

    assertThat(forecast)
        .isEqualTo(new BudgetForecast(new BigDecimal("96.000000000000000000"), null, null, 0));
    assertThat(BudgetForecast.of(history, day, day.startUs(), BigDecimal.ZERO)).isNull();
  }

  @Test
  void forecast_spendKnownSinceTheMiddleOfThePeriod_runRateOfTheTimeThatIsKnown() {
    BudgetPeriod month = BudgetCycle.MONTH.at(us("2026-06-15T00:00:00Z"), ZoneOffset.UTC);
    // The ledger begins on the 20th; what the days before cost is unknown, and not 0.
    SpendHistory history = history(us("2026-06-20T00:00:00Z"), at -> 100);
    long now = us("2026-06-21T00:00:00Z");

    BudgetForecast forecast = BudgetForecast.of(history, month, now, new BigDecimal("96"));

    // A day of 96 that is known, and ten that are to come.
    assertThat(forecast)
        .isEqualTo(new BudgetForecast(new BigDecimal("1056.000000000000000000"), null, null, 0));
    long begin = history.sinceUs();
    assertThat(BudgetForecast.of(history, month, begin, BigDecimal.ZERO)).isNull();
  }

  @Test
  void forecast_moreSpentThanExpected_neverBelowSpent() {
    BudgetPeriod day = BudgetCycle.DAY.at(us("2026-06-15T12:00:00Z"), ZoneOffset.UTC);
    SpendHistory history = history(us("2026-06-14T00:00:00Z"), at -> 0);

    BudgetForecast forecast =
        BudgetForecast.of(history, day, us("2026-06-15T06:00:00Z"), new BigDecimal("7"));

    assertThat(forecast).isNotNull();
    assertThat(forecast.expected()).isEqualByComparingTo("7");
    assertThat(forecast.atLeast(new BigDecimal("8")).expected()).isEqualByComparingTo("8");
  }
}
