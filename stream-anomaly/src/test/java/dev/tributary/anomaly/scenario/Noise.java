package dev.tributary.anomaly.scenario;

import java.util.Random;

/** Chance as traffic has it. */
public final class Noise {
  private Noise() {}

  /** A Poisson count; normal from 50 on. */
  public static long poisson(Random random, double mean) {
    if (mean > 50) {
      return Math.max(0, Math.round(mean + Math.sqrt(mean) * random.nextGaussian()));
    }
    double limit = Math.exp(-mean);
    double product = random.nextDouble();
    long count = 0;
    while (product > limit) {
      product *= random.nextDouble();
      count++;
    }
    return count;
  }

  /** So many of the trials succeed; normal where that is good enough. */
  static long binomial(Random random, long trials, double probability) {
    double mean = trials * probability;
    double variance = mean * (1 - probability);
    if (variance > 20) {
      long drawn = Math.round(mean + Math.sqrt(variance) * random.nextGaussian());
      return Math.max(0, Math.min(trials, drawn));
    }
    long count = 0;
    for (long i = 0; i < trials; i++) {
      count += random.nextDouble() < probability ? 1 : 0;
    }
    return count;
  }

  /** The sum of so many log-normal amounts of a mean and a coefficient of variation. */
  static double sumOfCalls(Random random, long calls, double mean, double spread) {
    double variance = Math.log(1 + spread * spread);
    if (calls > 40) {
      double sigma = spread / Math.sqrt(calls);
      return calls * mean * Math.max(0.05, 1 + sigma * random.nextGaussian());
    }
    double sum = 0;
    for (long i = 0; i < calls; i++) {
      sum += mean * Math.exp(Math.sqrt(variance) * random.nextGaussian() - variance / 2);
    }
    return sum;
  }
}
