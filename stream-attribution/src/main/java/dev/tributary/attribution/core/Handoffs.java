package dev.tributary.attribution.core;

import dev.tributary.schemas.Span;
import dev.tributary.schemas.SpanKind;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Passages from one agent to another of another name: from an agent to one that it started, or from
 * one to the next that the same agent (or nobody) started after it had ended. The gap is the time
 * between the end of what ran before and the start of the next agent.
 */
final class Handoffs {
  /** The last agent below a span, and when everything that ran there had ended. */
  private static final class Last {
    @Nullable Span agent;
    long endUs = Long.MIN_VALUE;
  }

  private final SpanTree tree;
  private long count;
  private long gapUs;

  Handoffs(SpanTree tree) {
    this.tree = tree;
    int n = tree.size();
    int[] agentAbove = new int[n];
    for (int position = 0; position < n; position++) {
      int i = tree.topDown(position);
      int above = tree.attachedTo(i);
      agentAbove[i] = above < 0 ? -1 : isAgent(above) ? above : agentAbove[above];
    }
    Map<Integer, Last> lastBelow = new HashMap<>();
    for (int i = 0; i < n; i++) { // in the order of start
      Last last = lastBelow.computeIfAbsent(agentAbove[i], unused -> new Last());
      if (isAgent(i)) {
        passOn(agentAbove[i], i, last);
        last.agent = tree.span(i);
      }
      last.endUs = Math.max(last.endUs, tree.span(i).getEndTimeUs());
    }
  }

  private boolean isAgent(int i) {
    return tree.span(i).getKind() == SpanKind.AGENT;
  }

  private void passOn(int above, int i, Last last) {
    Span agent = tree.span(i);
    Span before = last.agent;
    boolean isParent = before == null || before.getEndTimeUs() > agent.getStartTimeUs();
    if (isParent) {
      before = above < 0 ? null : tree.span(above);
    }
    if (before == null || name(before).equals(name(agent))) {
      return;
    }
    count++;
    long since = isParent ? Math.max(before.getStartTimeUs(), last.endUs) : before.getEndTimeUs();
    gapUs += Math.max(0, agent.getStartTimeUs() - since);
  }

  private static String name(Span agent) {
    String name = agent.getTags().getAgent();
    return name != null ? name : agent.getAgentId() != null ? agent.getAgentId() : "";
  }

  long count() {
    return count;
  }

  long gapUs() {
    return gapUs;
  }
}
