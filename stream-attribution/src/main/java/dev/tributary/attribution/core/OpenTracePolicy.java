package dev.tributary.attribution.core;

import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What an open trace of a feature may reach before it is flagged.
 *
 * @param id name of the policy
 * @param priority the higher one wins; at a tie the smaller id
 * @param feature pattern on the trace's feature; null: any
 * @param environment pattern on the trace's environment; null: any
 * @param runawayCost cost from which on a trace runs away, ledger currency; null: no limit
 * @param toolLoopCalls equal tool calls from which on a trace loops; null: no limit
 * @param stalledHandoffUs time without a span after an agent has ended and before the next one
 *     comes; null: no limit
 */
public record OpenTracePolicy(
    String id,
    int priority,
    @Nullable String feature,
    @Nullable String environment,
    @Nullable BigDecimal runawayCost,
    @Nullable Long toolLoopCalls,
    @Nullable Long stalledHandoffUs) {

  private static final Comparator<OpenTracePolicy> ORDER =
      Comparator.comparingInt(OpenTracePolicy::priority)
          .reversed()
          .thenComparing(OpenTracePolicy::id);

  /** Checks that the policy says something. */
  public OpenTracePolicy {
    Objects.requireNonNull(id, "id");
    if (runawayCost == null && toolLoopCalls == null && stalledHandoffUs == null) {
      throw new IllegalArgumentException(
          "at least one of runaway_cost, tool_loop, stalled_handoff");
    }
    if (runawayCost != null && runawayCost.signum() <= 0) {
      throw new IllegalArgumentException("runaway_cost: must be above 0");
    }
    if (runawayCost != null && runawayCost.stripTrailingZeros().scale() > Amounts.SCALE) {
      // Signals state the limit, and no amount has more.
      throw new IllegalArgumentException(
          "runaway_cost: at most " + Amounts.SCALE + " digits after the point");
    }
    if (toolLoopCalls != null && toolLoopCalls < ToolLoops.LOOP_LENGTH) {
      throw new IllegalArgumentException("tool_loop: at least " + ToolLoops.LOOP_LENGTH);
    }
    if (stalledHandoffUs != null && stalledHandoffUs <= 0) {
      throw new IllegalArgumentException("stalled_handoff: must be above 0");
    }
  }

  /** The order in which policies are asked. */
  static List<OpenTracePolicy> inOrder(List<OpenTracePolicy> policies) {
    return policies.stream().sorted(ORDER).toList();
  }

  /** The policy of a trace of which so much is known; null: none. */
  static @Nullable OpenTracePolicy of(List<OpenTracePolicy> inOrder, KnownTags known) {
    for (OpenTracePolicy policy : inOrder) {
      if (Patterns.match(policy.feature, known.feature())
          && Patterns.match(policy.environment, known.environment())) {
        return policy;
      }
    }
    return null;
  }
}
