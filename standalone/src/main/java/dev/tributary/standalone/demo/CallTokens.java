package dev.tributary.standalone.demo;

/**
 * Tokens of one call in disjoint buckets.
 *
 * @param uncached input that no cache served
 * @param cacheRead input read from cache
 * @param cacheWrite input written to cache
 * @param text output without reasoning
 * @param reasoning reasoning output
 */
record CallTokens(long uncached, long cacheRead, long cacheWrite, long text, long reasoning) {

  long inputTotal() {
    return uncached + cacheRead + cacheWrite;
  }

  long outputTotal() {
    return text + reasoning;
  }
}
