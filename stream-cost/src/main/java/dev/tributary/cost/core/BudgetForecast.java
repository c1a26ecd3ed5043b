package dev.tributary.cost.core;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a period will have cost at its end.
 *
 * <p>The seasonal run rate: what the rest of the period cost in each of up to four earlier weeks
 * (shifted back by whole weeks, so that days of the week and hours agree), scaled by the last seven
 * days then and now. Their mean is what is expected; with two or more of them the interval is the
 * 90 % prediction interval of one further value of a normal sample of unknown mean and variance,
 * mean +- t(0.95; n-1) s sqrt(1 + 1/n) (Hahn and Meeker, <i>Statistical Intervals</i>, 1991,
 * section 4.7). Without such a week it is the plain run rate of the part of the period in which
 * spend is known, without an interval.
 *
 * @param expected cost at the end, ledger currency; never below what is spent
 * @param low lower end of the interval; null: none can be given
 * @param high upper end; null: none can be given
 * @param weeks earlier weeks it rests on; 0: plain run rate
 */
public record BudgetForecast(
    BigDecimal expected, @Nullable BigDecimal low, @Nullable BigDecimal high, int weeks) {
  private static final long QUARTER_US = 15 * Windows.LENGTH_US;
  private static final long WEEK_US = 7 * 96 * QUARTER_US;
  private static final int MOST_WEEKS = 4;
  private static final MathContext DIGITS = MathContext.DECIMAL64;

  /** Student's t at 0.95 for 1, 2 and 3 degrees of freedom. */
  private static final List<BigDecimal> T_95 =
      List.of(new BigDecimal("6.3138"), new BigDecimal("2.9200"), new BigDecimal("2.3534"));

  /**
   * The forecast at a time.
   *
   * @param period no rolling one
   * @return null when the period has just begun and nothing is known of earlier weeks
   */
  public static @Nullable BudgetForecast of(
      SpendHistory history, BudgetPeriod period, long nowUs, BigDecimal spent) {
    long untilUs = quarterOf(nowUs);
    if (untilUs < period.startUs() || untilUs >= period.endUs()) {
      return null;
    }
    List<BigDecimal> rests = rests(history, period, untilUs);
    BigDecimal before = history.between(period.startUs(), untilUs);
    if (rests.isEmpty()) {
      // What was spent before spend was known is unknown, and not 0.
      long knownUs = untilUs - Math.max(period.startUs(), quarterOf(history.sinceUs()));
      if (knownUs <= 0) {
        return null;
      }
      BigDecimal rest =
          before
              .multiply(BigDecimal.valueOf(period.endUs() - untilUs))
              .divide(BigDecimal.valueOf(knownUs), DIGITS);
      return new BudgetForecast(amount(before.add(rest), spent), null, null, 0);
    }
    return of(rests, before, spent);
  }

  /** The same where more is spent by now than it expected. */
  public BudgetForecast atLeast(BigDecimal spent) {
    return new BudgetForecast(
        expected.max(spent),
        low == null ? null : low.max(spent),
        high == null ? null : high.max(spent),
        weeks);
  }

  /** What the rest of the period would cost by each earlier week that is known whole. */
  private static List<BigDecimal> rests(SpendHistory history, BudgetPeriod period, long untilUs) {
    long restUs = period.endUs() - untilUs;
    long weeksInRest = -Math.floorDiv(-restUs, WEEK_US);
    BigDecimal now = history.between(untilUs - WEEK_US, untilUs);
    List<BigDecimal> rests = new ArrayList<>();
    for (int week = 0; week < MOST_WEEKS; week++) {
      long shiftUs = (weeksInRest + week) * WEEK_US;
      long fromUs = untilUs - shiftUs;
      if (fromUs - WEEK_US < history.sinceUs()) {
        break;
      }
      BigDecimal then = history.between(fromUs - WEEK_US, fromUs);
      if (then.signum() > 0) {
        BigDecimal rest = history.between(fromUs, fromUs + restUs);
        rests.add(rest.multiply(now).divide(then, DIGITS));
      }
    }
    return rests;
  }

  private static BudgetForecast of(List<BigDecimal> rests, BigDecimal before, BigDecimal spent) {
    BigDecimal n = BigDecimal.valueOf(rests.size());
    BigDecimal mean = rests.stream().reduce(BigDecimal.ZERO, BigDecimal::add).divide(n, DIGITS);
    BigDecimal expected = before.add(mean);
    if (rests.size() == 1) {
      return new BudgetForecast(amount(expected, spent), null, null, 1);
    }
    BigDecimal squares = BigDecimal.ZERO;
    for (BigDecimal rest : rests) {
      squares = squares.add(rest.subtract(mean).pow(2));
    }
    BigDecimal variance = squares.divide(n.subtract(BigDecimal.ONE), DIGITS);
    BigDecimal spread = BigDecimal.ONE.add(BigDecimal.ONE.divide(n, DIGITS));
    BigDecimal reach =
        T_95.get(rests.size() - 2).multiply(variance.multiply(spread).sqrt(DIGITS), DIGITS);
    return new BudgetForecast(
        amount(expected, spent),
        amount(expected.subtract(reach), spent),
        amount(expected.add(reach), spent),
        rests.size());
  }

  private static long quarterOf(long timeUs) {
    return Math.floorDiv(timeUs, QUARTER_US) * QUARTER_US;
  }

  private static BigDecimal amount(BigDecimal estimate, BigDecimal spent) {
    return estimate.max(spent).setScale(Int128.SCALE, RoundingMode.HALF_EVEN);
  }
}
