package dev.tributary.pricing.importer;

import dev.tributary.pricing.RateCard;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What the gates let through and what they held.
 *
 * @param accepted in the order of the list
 * @param quarantined in the order of the list, what vanished last
 * @param agreed how many were accepted because another source says the same
 */
public record GateReport(List<RateCard> accepted, List<Quarantined> quarantined, int agreed) {

  public GateReport {
    accepted = List.copyOf(accepted);
    quarantined = List.copyOf(quarantined);
  }

  /** How many each gate held; gates that held none are absent. */
  public Map<Quarantined.Reason, Integer> counts() {
    Map<Quarantined.Reason, Integer> counts = new EnumMap<>(Quarantined.Reason.class);
    quarantined.forEach(held -> counts.merge(held.reason(), 1, Integer::sum));
    return counts;
  }
}
