package dev.tributary.anomaly.scenario;

import java.util.Random;

/**
 * A series' traffic without noise: a day, a week with a Monday peak, a level.
 *
 * @param calls calls per window on average
 * @param costPerCall ledger currency
 * @param day strength of the day, 0 to 0.8
 * @param weekend factor on Saturdays and Sundays
 * @param monday factor on Mondays
 * @param peakHour hour of the day with most traffic
 * @param spread coefficient of variation of the cost of one call
 * @param hasGaps whether hours are missing
 */
record SeriesShape(
    double calls,
    double costPerCall,
    double day,
    double weekend,
    double monday,
    double peakHour,
    double spread,
    boolean hasGaps) {

  /** Every sixth series of spend has 20 to 40 calls a window; a p95 and a share need more. */
  static SeriesShape random(int number, Watched watched, Random random) {
    boolean isLowTraffic = number % 6 == 0 && watched == Watched.SPEND;
    double usual = Math.exp(4 + 2 * random.nextDouble());
    double low = 20 + 20 * random.nextDouble();
    double many = 200 + 400 * random.nextDouble();
    return new SeriesShape(
        isLowTraffic ? low : watched == Watched.SPEND ? usual : many,
        0.002 * Math.exp(2 * random.nextDouble()),
        number % 5 == 0 ? 0 : 0.3 + 0.5 * random.nextDouble(),
        0.4 + 0.5 * random.nextDouble(),
        1.2 + 0.6 * random.nextDouble(),
        10 + 8 * random.nextDouble(),
        0.4 + 0.6 * random.nextDouble(),
        number % 7 == 3);
  }

  /** Calls expected in a window. */
  double expectedCalls(int window) {
    double hours = window * ScenarioKit.WINDOW_HOURS;
    int weekday = (int) (hours / 24) % 7;
    double week = weekday == 0 ? monday : weekday >= 5 ? weekend : 1;
    return calls * week * (1 + day * Math.cos(2 * Math.PI * (hours - peakHour) / 24));
  }

  /** Two missing hours every third day. */
  boolean isMissing(int window) {
    int hour = (int) (window * ScenarioKit.WINDOW_HOURS);
    return hasGaps && hour / 24 % 3 == 1 && hour % 24 >= 3 && hour % 24 < 5;
  }
}
