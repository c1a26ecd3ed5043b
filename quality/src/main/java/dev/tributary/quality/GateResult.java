package dev.tributary.quality;

import java.util.List;

/**
 * What a gate says.
 *
 * @param checks every limit, in the policy's order
 */
public record GateResult(GateOutcome outcome, List<GateCheck> checks) {
  public GateResult {
    checks = List.copyOf(checks);
  }
}
