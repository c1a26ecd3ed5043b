package dev.tributary.standalone.demo;

import java.util.SplittableRandom;

/** Draws the tokens of a call: prompts grow with turns and steps, and old context is cached. */
final class TokenDraw {
  private static final int LONG_CONTEXT_PER_MILLE = 2;

  private TokenDraw() {}

  /**
   * Draws the tokens of one call.
   *
   * @param turn turn of the session, from 1
   * @param step call within the agent's loop, from 0
   */
  static CallTokens draw(
      SplittableRandom random, Feature feature, Model model, int turn, int step) {
    int context = (turn - 1) * (feature.outputTokens() + 120) + step * 600;
    long input = spread(random, feature.inputTokens()) + context;
    if (model.equals(Model.SONNET) && random.nextInt(1_000) < LONG_CONTEXT_PER_MILLE) {
      input += Model.SONNET_LONG_CONTEXT;
    }
    boolean hit = input > 1_024 && model.cacheRead() > 0 && random.nextInt(100) < 55;
    long cacheRead = hit ? input * (40 + random.nextInt(45)) / 100 : 0;
    long cacheWrite = !hit && model.writesCache() && random.nextInt(100) < 40 ? input / 2 : 0;
    long output = spread(random, feature.outputTokens());
    long reasoning = model.equals(Model.GPT_5) ? output * (20 + random.nextInt(60)) / 100 : 0;
    return new CallTokens(
        input - cacheRead - cacheWrite, cacheRead, cacheWrite, output - reasoning, reasoning);
  }

  /** Between half and twice the typical size, mostly near it; at least 1. */
  private static long spread(SplittableRandom random, int typical) {
    long half = Math.max(1, typical / 2);
    return half + random.nextLong(half + 1) + random.nextLong(half + 1);
  }
}
