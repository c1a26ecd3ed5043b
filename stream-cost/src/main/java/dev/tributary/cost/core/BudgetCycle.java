package dev.tributary.cost.core;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How the periods of a budget follow each other. */
public enum BudgetCycle {
  /** The last sixty minutes, minute by minute. */
  ROLLING_HOUR,
  /** The last 96 quarters of an hour. */
  ROLLING_DAY,
  /** A day of the zone: 23 or 25 hours where the clocks change. */
  DAY,
  /** A week of the zone, from Monday. */
  WEEK,
  /** A month of the zone. */
  MONTH;

  private static final long QUARTER_US = 15 * Windows.LENGTH_US;
  private static final long HOUR_US = 60 * Windows.LENGTH_US;

  /** The name in budgets, such as {@code rolling-hour}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The cycle of a label. */
  public static Optional<BudgetCycle> ofLabel(String label) {
    return Arrays.stream(values()).filter(cycle -> cycle.label().equals(label)).findFirst();
  }

  /** Every label. */
  public static List<String> labels() {
    return Arrays.stream(values()).map(BudgetCycle::label).toList();
  }

  /** True where the period rolls on with the time. */
  public boolean isRolling() {
    return this == ROLLING_HOUR || this == ROLLING_DAY;
  }

  /** Length of a rolling period, microseconds; 0: not rolling. */
  public long rollingUs() {
    return switch (this) {
      case ROLLING_HOUR -> HOUR_US;
      case ROLLING_DAY -> 24 * HOUR_US;
      case DAY, WEEK, MONTH -> 0;
    };
  }

  /**
   * The period that a time lies in; a rolling one starts so long before the time, in whole bins.
   */
  public BudgetPeriod at(long timeUs, ZoneId zone) {
    return switch (this) {
      case ROLLING_HOUR -> rolling(timeUs, Windows.LENGTH_US);
      case ROLLING_DAY -> rolling(timeUs, QUARTER_US);
      case DAY -> between(dateOf(timeUs, zone), 1, ChronoUnit.DAYS, zone);
      case WEEK ->
          between(
              dateOf(timeUs, zone).with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY)),
              1,
              ChronoUnit.WEEKS,
              zone);
      case MONTH -> between(dateOf(timeUs, zone).withDayOfMonth(1), 1, ChronoUnit.MONTHS, zone);
    };
  }

  private BudgetPeriod rolling(long timeUs, long binUs) {
    long endUs = Math.floorDiv(timeUs, binUs) * binUs + binUs;
    return new BudgetPeriod(endUs - rollingUs(), Long.MAX_VALUE);
  }

  private static LocalDate dateOf(long timeUs, ZoneId zone) {
    return Instant.EPOCH.plus(timeUs, ChronoUnit.MICROS).atZone(zone).toLocalDate();
  }

  /** A day starts at its first moment, which is not midnight where the clocks change then. */
  private static BudgetPeriod between(LocalDate first, int length, ChronoUnit unit, ZoneId zone) {
    return new BudgetPeriod(startOf(first, zone), startOf(first.plus(length, unit), zone));
  }

  private static long startOf(LocalDate day, ZoneId zone) {
    // Instant counts in nanoseconds between, which end in 2262.
    return Math.multiplyExact(day.atStartOfDay(zone).toEpochSecond(), 1_000_000L);
  }
}
