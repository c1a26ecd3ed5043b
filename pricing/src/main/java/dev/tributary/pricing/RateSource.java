package dev.tributary.pricing;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * Where a rate card's numbers were read.
 *
 * @param name the publication
 * @param version its version or date; null where it has none
 * @param url where it can be read; null where not recorded
 * @param entry the entry inside it; null where it is the model's own name
 * @param retrieved the day on which it said so; it says nothing about when the price began. Null
 *     where not recorded
 */
public record RateSource(
    String name,
    @Nullable String version,
    @Nullable String url,
    @Nullable String entry,
    @Nullable LocalDate retrieved) {

  /** A source known by name and version only. */
  public static RateSource of(String name, @Nullable String version) {
    return new RateSource(name, version, null, null, null);
  }
}
