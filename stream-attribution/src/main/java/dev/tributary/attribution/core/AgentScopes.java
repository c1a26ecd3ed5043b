package dev.tributary.attribution.core;

import dev.tributary.schemas.Span;
import dev.tributary.schemas.SpanKind;
import org.jspecify.annotations.Nullable;

/** Under which agent each span of a tree runs. */
final class AgentScopes {
  private final SpanTree tree;
  private final int[] agentAbove;
  private int agents;

  AgentScopes(SpanTree tree) {
    this.tree = tree;
    int n = tree.size();
    agentAbove = new int[n];
    for (int position = 0; position < n; position++) {
      int i = tree.topDown(position);
      int above = tree.attachedTo(i);
      agentAbove[i] = above < 0 ? -1 : isAgent(above) ? above : agentAbove[above];
      agents += isAgent(i) ? 1 : 0;
    }
  }

  boolean isAgent(int i) {
    return tree.span(i).getKind() == SpanKind.AGENT;
  }

  /** The nearest agent above a span; -1: none. */
  int agentAbove(int i) {
    return agentAbove[i];
  }

  int agents() {
    return agents;
  }

  /** An agent's name, else its id; null: it states neither. */
  static @Nullable String name(Span agent) {
    String name = agent.getTags().getAgent();
    return name != null ? name : agent.getAgentId();
  }
}
