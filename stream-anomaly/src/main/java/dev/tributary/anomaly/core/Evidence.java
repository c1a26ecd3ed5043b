package dev.tributary.anomaly.core;

/**
 * What a window says about its series being off.
 *
 * @param sigmas its distance in standard deviations of chance, below 0 in the other direction
 * @param enough what windows in a row must show together, in standard deviations of their sum
 * @param correlation how much of an error is still there in the next window, from 0 to 1
 */
record Evidence(double sigmas, double enough, double correlation) {
  /** Of a window of which nothing is known. */
  static final Evidence NONE = new Evidence(0, Double.POSITIVE_INFINITY, 0);

  /** Whether the last of some windows are beyond chance together, their sum and number given. */
  boolean isEnough(double sum, int count) {
    return sum >= enough * ErrorMemory.sigmaOfSum(count, correlation);
  }
}
