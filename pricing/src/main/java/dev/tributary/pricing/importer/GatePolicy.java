package dev.tributary.pricing.importer;

import java.time.Instant;
import java.util.List;

/**
 * What a person has decided about an import beforehand.
 *
 * @param free globs on {@code surface|model} of models that really cost nothing
 * @param approved globs on card ids that pass whatever the gates say
 * @param asOf the moment at which the prices before are looked up
 */
public record GatePolicy(List<String> free, List<String> approved, Instant asOf) {

  public GatePolicy {
    free = List.copyOf(free);
    approved = List.copyOf(approved);
  }
}
