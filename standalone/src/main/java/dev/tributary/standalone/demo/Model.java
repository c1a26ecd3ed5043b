package dev.tributary.standalone.demo;

/**
 * A model the company uses, with its list prices written by hand in picodollars (10^-12 US dollars)
 * per token, so that every cost is an exact integer: $2.50 per million tokens is 2,500,000.
 *
 * @param provider {@code gen_ai.provider.name}
 * @param requested model name in the request
 * @param returned model name in the answer
 * @param input price of an uncached input token
 * @param cacheRead price of an input token read from cache; 0 where the model has no cache here
 * @param cacheWrite price of an input token written to a five-minute cache; 0 where writing is free
 *     of charge or there is none
 * @param output price of an output token, reasoning included
 */
record Model(
    String provider,
    String requested,
    String returned,
    long input,
    long cacheRead,
    long cacheWrite,
    long output) {
  static final Model GPT_4O =
      new Model("openai", "gpt-4o", "gpt-4o-2024-08-06", 2_500_000, 1_250_000, 0, 10_000_000);
  static final Model GPT_4O_MINI =
      new Model("openai", "gpt-4o-mini", "gpt-4o-mini-2024-07-18", 150_000, 75_000, 0, 600_000);
  static final Model GPT_5 =
      new Model("openai", "gpt-5", "gpt-5-2025-08-07", 1_250_000, 125_000, 0, 10_000_000);
  static final Model EMBEDDING_SMALL =
      new Model("openai", "text-embedding-3-small", "text-embedding-3-small", 20_000, 0, 0, 0);
  static final Model SONNET =
      new Model(
          "anthropic",
          "claude-sonnet-4-5",
          "claude-sonnet-4-5-20250929",
          3_000_000,
          300_000,
          3_750_000,
          15_000_000);
  static final Model HAIKU =
      new Model(
          "anthropic",
          "claude-haiku-4-5",
          "claude-haiku-4-5-20251001",
          1_000_000,
          100_000,
          1_250_000,
          5_000_000);
  static final Model GEMINI_FLASH =
      new Model(
          "gcp.gemini", "gemini-2.5-flash", "gemini-2.5-flash", 300_000, 30_000, 0, 2_500_000);
  static final Model MISTRAL_LARGE =
      new Model(
          "mistral_ai", "mistral-large-2512", "mistral-large-2512", 500_000, 50_000, 0, 1_500_000);

  /** Served in house behind an OpenAI-compatible API; nobody publishes a price, so it has none. */
  static final Model ATLAS =
      new Model("openai", "atlas-7b-instruct", "atlas-7b-instruct", 0, 0, 0, 0);

  /** Above this many input tokens Claude Sonnet 4.5 costs its long-context price. */
  static final long SONNET_LONG_CONTEXT = 200_000;

  boolean isPriced() {
    return !equals(ATLAS);
  }

  /** Whether prompts of this model can be written to a cache at a price. */
  boolean writesCache() {
    return cacheWrite > 0;
  }

  boolean isEmbedding() {
    return equals(EMBEDDING_SMALL);
  }

  /** What a call costs, picodollars. The long-context price is for all tokens of the request. */
  long cost(CallTokens tokens) {
    if (equals(SONNET) && tokens.inputTotal() > SONNET_LONG_CONTEXT) {
      return tokens.uncached() * 6_000_000
          + tokens.cacheRead() * 600_000
          + tokens.cacheWrite() * 7_500_000
          + tokens.outputTotal() * 22_500_000;
    }
    return tokens.uncached() * input
        + tokens.cacheRead() * cacheRead
        + tokens.cacheWrite() * cacheWrite
        + tokens.outputTotal() * output;
  }
}
