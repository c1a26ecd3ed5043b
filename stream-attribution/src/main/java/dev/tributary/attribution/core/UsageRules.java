package dev.tributary.attribution.core;

import dev.tributary.schemas.Span;
import dev.tributary.schemas.SpanStatus;
import dev.tributary.schemas.UsageQuality;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntPredicate;

/**
 * Decides for every span of a tree whether it owns the usage it carries, so that a token is counted
 * once. Two passes: upwards for who owns in each subtree, downwards for those whom a reported
 * ancestor beats; then equal response ids. A double that is found changes what its ancestors may
 * own, so all is decided again until nothing changes: twice where there are doubles, hardly ever
 * more than three times.
 */
final class UsageRules {
  private final SpanTree tree;
  private final IntPredicate shadow;
  private final IntPredicate mayOwn;
  private final IntPredicate usageBelow;
  private final UsageDecision[] decisions;
  private final boolean[] calls;
  private final int[] supersededBy;
  private final DoubleReports doubles;
  private int retries;
  private int attempts;

  /**
   * @param shadow spans that are never counted
   * @param mayOwn false for aggregates that may not own yet
   * @param usageBelow spans below which spans outside of the tree own usage
   * @param countedOutside spans whose response is counted outside of the tree
   */
  UsageRules(
      SpanTree tree,
      IntPredicate shadow,
      IntPredicate mayOwn,
      IntPredicate usageBelow,
      IntPredicate countedOutside) {
    this.tree = tree;
    this.usageBelow = usageBelow;
    this.shadow = shadow;
    this.mayOwn = mayOwn;
    this.decisions = new UsageDecision[tree.size()];
    this.calls = new boolean[tree.size()];
    this.supersededBy = new int[tree.size()];
    this.doubles = new DoubleReports(tree);
    for (int i = 0; i < tree.size(); i++) {
      if (SpanKinds.isCall(tree.span(i).getKind()) && !shadow.test(i) && countedOutside.test(i)) {
        doubles.addCountedOutside(i);
      }
    }
    boolean isChanged;
    do {
      boolean[] beats = decideUpwards();
      beatDownwards(beats);
      countCalls();
      boolean isFound = dropDoubles();
      isChanged = doubles.settle(this::owner) || isFound;
    } while (isChanged);
  }

  private boolean[] decideUpwards() {
    int n = tree.size();
    boolean[] beats = new boolean[n];
    boolean[] ownersBelow = new boolean[n];
    boolean[] onlyEstimatedBelow = new boolean[n];
    Arrays.fill(onlyEstimatedBelow, true);
    boolean[] holdsDoubles = doubles.keptOutside();
    for (int position = n - 1; position >= 0; position--) {
      int i = tree.topDown(position);
      Span span = tree.span(i);
      if (usageBelow.test(i)) {
        ownersBelow[i] = true;
        onlyEstimatedBelow[i] = false;
      }
      UsageDecision decision = decide(i, span, ownersBelow[i]);
      boolean beaten =
          decision == UsageDecision.BELOW
              && onlyEstimatedBelow[i]
              && !holdsDoubles[i]
              && span.getUsageQuality() == UsageQuality.REPORTED
              && (!SpanKinds.isAggregate(span.getKind()) || mayOwn.test(i));
      if (beaten) {
        beats[i] = true;
        decision = owning(span);
      }
      decisions[i] = decision;
      int above = tree.attachedTo(i);
      if (above >= 0) {
        boolean owns = decision.owns();
        ownersBelow[above] |= owns || ownersBelow[i] || doubles.isCounted(i);
        boolean estimated =
            owns ? span.getUsageQuality() == UsageQuality.ESTIMATED : onlyEstimatedBelow[i];
        onlyEstimatedBelow[above] &= estimated;
      }
    }
    return beats;
  }

  private UsageDecision decide(int i, Span span, boolean ownersBelow) {
    boolean isAggregate = SpanKinds.isAggregate(span.getKind());
    if (!isAggregate && !SpanKinds.isCall(span.getKind())) {
      return UsageDecision.NOT_OWNING_KIND;
    }
    if (shadow.test(i)) {
      return UsageDecision.SHADOW;
    }
    if (doubles.isDouble(i)) {
      return UsageDecision.DOUBLE;
    }
    if (!SpanKinds.carriesUsage(span)) {
      return UsageDecision.NO_USAGE;
    }
    if (ownersBelow) {
      return UsageDecision.BELOW;
    }
    if (isAggregate && !mayOwn.test(i)) {
      return UsageDecision.NOT_YET;
    }
    return owning(span);
  }

  private static UsageDecision owning(Span span) {
    return SpanKinds.isAggregate(span.getKind()) ? UsageDecision.AGGREGATE : UsageDecision.LEAF;
  }

  private void beatDownwards(boolean[] beats) {
    boolean[] beaten = new boolean[tree.size()];
    for (int position = 0; position < tree.size(); position++) {
      int i = tree.topDown(position);
      int above = tree.attachedTo(i);
      beaten[i] = above >= 0 && (beaten[above] || beats[above]);
      if (beaten[i] && decisions[i].owns()) {
        decisions[i] = UsageDecision.ABOVE;
      }
    }
  }

  /** A logical call: not a wrapper around calls, not inside a call that owns, no failed attempt. */
  private void countCalls() {
    int n = tree.size();
    boolean[] callBelow = new boolean[n];
    for (int position = n - 1; position >= 0; position--) {
      int i = tree.topDown(position);
      int above = tree.attachedTo(i);
      boolean counted = SpanKinds.isCall(tree.span(i).getKind()) && !shadow.test(i);
      callBelow[i] |= usageBelow.test(i);
      if (above >= 0 && (callBelow[i] || counted)) {
        callBelow[above] = true;
      }
    }
    boolean[] insideOwner = new boolean[n];
    retries = 0;
    attempts = 0;
    for (int position = 0; position < n; position++) {
      int i = tree.topDown(position);
      int above = tree.attachedTo(i);
      insideOwner[i] = above >= 0 && (insideOwner[above] || decisions[above] == UsageDecision.LEAF);
      supersededBy[i] = nextAttempt(i);
      retries += isRetry(i) ? 1 : 0;
      calls[i] =
          SpanKinds.isCall(tree.span(i).getKind())
              && !shadow.test(i)
              && !doubles.isDouble(i)
              && (decisions[i].owns() || !(callBelow[i] || insideOwner[i] || supersededBy[i] >= 0));
      boolean isRepeated = supersededBy[i] >= 0 && !shadow.test(i) && !callBelow[i];
      attempts += calls[i] || isRepeated ? 1 : 0;
    }
  }

  /**
   * The later sibling that repeated a failed call without usage; -1: none. Siblings are attempts of
   * one call where they number themselves, or where their parent is itself a call.
   */
  private int nextAttempt(int i) {
    Span span = tree.span(i);
    int above = tree.parent(i);
    if (!SpanKinds.isCall(span.getKind())
        || span.getStatus() != SpanStatus.ERROR
        || SpanKinds.carriesUsage(span)
        || above < 0) {
      return -1;
    }
    boolean sameCall = SpanKinds.isCall(tree.span(above).getKind());
    // Siblings are in the order of their start; the next of the same kind is the next attempt.
    for (int next = tree.nextSibling(i); next >= 0; next = tree.nextSibling(next)) {
      Span other = tree.span(next);
      if (other.getKind() == span.getKind() && tree.parent(next) == above) {
        boolean isNumbered =
            span.getAttempt() != null
                && other.getAttempt() != null
                && other.getAttempt() > span.getAttempt();
        return sameCall || isNumbered ? next : -1;
      }
    }
    return -1;
  }

  private boolean isRetry(int i) {
    Span span = tree.span(i);
    if (!SpanKinds.isCall(span.getKind())) {
      return false;
    }
    return span.getAttempt() != null ? span.getAttempt() > 1 : supersededBy[i] >= 0;
  }

  /** Finds calls that were recorded twice; true where there is a new one. */
  private boolean dropDoubles() {
    Map<String, Integer> kept = new HashMap<>();
    boolean found = false;
    for (int i = 0; i < tree.size(); i++) {
      String responseId = tree.span(i).getResponseId();
      if (responseId == null || !calls[i]) {
        continue;
      }
      Integer other = kept.putIfAbsent(responseId, i);
      if (other != null) {
        boolean better = isBetter(i, other);
        int stays = better ? i : other;
        kept.put(responseId, stays);
        doubles.add(better ? other : i, stays);
        found = true;
      }
    }
    return found;
  }

  /** What counts its usage: itself or an ancestor; below 0: none. */
  private int owner(int i) {
    int at = i;
    while (at >= 0 && !decisions[at].owns()) {
      at = tree.attachedTo(at);
    }
    return at;
  }

  /** Owner before none, better quality before worse; at a tie the first by start and id stays. */
  private boolean isBetter(int candidate, int kept) {
    if (decisions[candidate].owns() != decisions[kept].owns()) {
      return decisions[candidate].owns();
    }
    return SpanKinds.rank(tree.span(candidate).getUsageQuality())
        < SpanKinds.rank(tree.span(kept).getUsageQuality());
  }

  UsageDecision decision(int i) {
    return decisions[i];
  }

  /** True where the span counts as one logical call. */
  boolean isLogicalCall(int i) {
    return calls[i];
  }

  /** Calls recorded twice, of which one was counted. */
  int doubleReported() {
    return doubles.count();
  }

  /** The attempt that took the place of a failed one; -1: none. */
  int supersededBy(int i) {
    return supersededBy[i];
  }

  /** Calls and the failed attempts that were repeated. */
  int attempts() {
    return attempts;
  }

  /** Attempts after the first. */
  int retries() {
    return retries;
  }
}
