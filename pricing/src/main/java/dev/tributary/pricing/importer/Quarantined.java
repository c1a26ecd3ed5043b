package dev.tributary.pricing.importer;

import dev.tributary.pricing.RateCard;
import org.jspecify.annotations.Nullable;

/**
 * Something of a price list that a person has to look at before it counts.
 *
 * @param reason the gate that held it
 * @param key {@code surface|model}
 * @param card what was held; null where the list no longer has it
 * @param detail the numbers that made the gate close
 */
public record Quarantined(Reason reason, String key, @Nullable RateCard card, String detail) {

  /** The gates, in the order in which they are tried. */
  public enum Reason {
    /** A price of 0 that nobody has allowed. */
    ZERO,
    /** Input outside 0.0001 to 500 USD for a million tokens: a thousand taken for a million. */
    UNIT,
    /** Output below 0.5 or above 20 times the input. */
    RATIO,
    /** Reading from a cache dearer than plain input. */
    CACHE_READ,
    /** Writing to a cache of five minutes below 1 or above 1.5 times the input. */
    CACHE_WRITE_5M,
    /** Writing to a cache of one hour below 1.5 or above 2.5 times the input. */
    CACHE_WRITE_1H,
    /** More than three times the price before, less than a third of it, or suddenly 0. */
    JUMP,
    /** A price that changed within the last thirty days and is changed back. */
    FLIP,
    /** The list before had it, this one has not. */
    VANISHED
  }
}
