package dev.tributary.anomaly.core.series;

/**
 * How many tokens there were, weighed as they are usually priced: a token read from the cache costs
 * about a tenth of one that was not, a token of output about five times as much as one of input. In
 * tenths of an input token. Prices of a model may be other: what that does is noise, and is
 * measured as such.
 */
public final class WeighedTokens {
  public static final int INPUT = 10;
  public static final int CACHE_READ = 1;
  public static final int OUTPUT = 50;

  private WeighedTokens() {}

  /**
   * The weight of tokens.
   *
   * @param input tokens of input, those read from the cache included
   */
  public static double of(long input, long cacheRead, long output) {
    return INPUT * ((double) input - cacheRead)
        + CACHE_READ * (double) cacheRead
        + OUTPUT * (double) output;
  }
}
