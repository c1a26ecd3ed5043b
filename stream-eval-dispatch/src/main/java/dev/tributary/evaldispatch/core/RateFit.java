package dev.tributary.evaldispatch.core;

import java.util.List;

/** Fits wished rates into an amount of money. Pure. */
final class RateFit {
  private static final int STEPS = 50;

  private RateFit() {}

  /**
   * A stratum's wish.
   *
   * @param wished rate, 0 to 1
   * @param floor not lowered below, at most the wish
   * @param cost of judging all its expected traces at rate 1
   */
  record Wish(double wished, double floor, double cost) {
    double at(double scale) {
      return Math.max(floor, scale * wished);
    }
  }

  /**
   * The largest scale from 0 to 1 at which the wishes, scaled and kept above their floors, cost at
   * most the amount; 0 where the floors alone cost more.
   */
  static double scale(List<Wish> wishes, double amount) {
    if (cost(wishes, 1) <= amount) {
      return 1;
    }
    double low = 0;
    double high = 1;
    // The cost grows with the scale, so halving finds it; 50 steps exhaust a double.
    for (int i = 0; i < STEPS; i++) {
      double middle = (low + high) / 2;
      if (cost(wishes, middle) <= amount) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static double cost(List<Wish> wishes, double scale) {
    return wishes.stream().mapToDouble(wish -> wish.at(scale) * wish.cost()).sum();
  }
}
