package dev.tributary.attribution.core;

import dev.tributary.schemas.Handoff;
import dev.tributary.schemas.Span;
import dev.tributary.schemas.SpanLink;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Passages from one agent to another of another name: where a link says so, from an agent to one
 * that it started, or from one to the next that the same agent (or nobody) started after it had
 * ended. Services do not matter: the parent may be remote. The gap is the time between the end of
 * what ran before and the start of the next agent. An agent that nothing in the trace leads to, but
 * a link to another trace, came from there.
 */
final class Handoffs {
  private static final int LISTED = 50;

  /** The last agent below a span, and when everything that ran there had ended. */
  private static final class Last {
    int agent = -1;
    long endUs = Long.MIN_VALUE;
  }

  private final SpanTree tree;
  private final AgentScopes scopes;
  private final List<Handoff> listed = new ArrayList<>();
  private @Nullable Map<String, Integer> byId;
  private long count;
  private long gapUs;

  Handoffs(SpanTree tree, AgentScopes scopes) {
    this.tree = tree;
    this.scopes = scopes;
    if (scopes.agents() == 0) {
      return;
    }
    Map<Integer, Last> lastBelow = new HashMap<>();
    for (int i = 0; i < tree.size(); i++) { // in the order of start
      Last last = lastBelow.computeIfAbsent(scopes.agentAbove(i), unused -> new Last());
      if (scopes.isAgent(i)) {
        passOn(i, last);
        last.agent = i;
      }
      last.endUs = Math.max(last.endUs, tree.span(i).getEndTimeUs());
    }
  }

  private void passOn(int i, Last last) {
    Span agent = tree.span(i);
    int linked = linked(i);
    if (linked >= 0) {
      Span origin = tree.span(linked);
      int from = scopes.isAgent(linked) ? linked : scopes.agentAbove(linked);
      add("link", tree.span(from), agent, agent.getStartTimeUs() - origin.getEndTimeUs());
      return;
    }
    boolean isNext =
        last.agent >= 0 && tree.span(last.agent).getEndTimeUs() <= agent.getStartTimeUs();
    int above = scopes.agentAbove(i);
    if (isNext) {
      Span before = tree.span(last.agent);
      add("sequence", before, agent, agent.getStartTimeUs() - before.getEndTimeUs());
    } else if (above >= 0) {
      Span before = tree.span(above);
      long since = Math.max(before.getStartTimeUs(), last.endUs);
      add("child", before, agent, agent.getStartTimeUs() - since);
    } else {
      fromAnotherTrace(agent);
    }
  }

  /** The linked span of this trace that runs under another agent, or is one; -1: none. */
  private int linked(int i) {
    for (SpanLink link : tree.span(i).getLinks()) {
      Integer found =
          link.getTraceId().equals(tree.span(i).getTraceId()) ? ids().get(link.getSpanId()) : null;
      if (found != null && found != i) {
        int agent = scopes.isAgent(found) ? found : scopes.agentAbove(found);
        if (agent >= 0 && agent != i && !isSameAgent(tree.span(agent), tree.span(i))) {
          return found;
        }
      }
    }
    return -1;
  }

  private Map<String, Integer> ids() {
    Map<String, Integer> known = byId;
    if (known == null) {
      known = new HashMap<>(tree.size() * 2);
      for (int i = 0; i < tree.size(); i++) {
        known.put(tree.span(i).getSpanId(), i);
      }
      byId = known;
    }
    return known;
  }

  private void fromAnotherTrace(Span agent) {
    for (SpanLink link : agent.getLinks()) {
      if (!link.getTraceId().equals(agent.getTraceId())) {
        count++;
        list("link", null, agent, link.getTraceId(), null);
        return;
      }
    }
  }

  private static boolean isSameAgent(Span left, Span right) {
    return Objects.equals(AgentScopes.name(left), AgentScopes.name(right));
  }

  private void add(String via, Span from, Span to, long idleUs) {
    if (!isSameAgent(from, to)) {
      count++;
      gapUs += Math.max(0, idleUs);
      list(via, from, to, null, Math.max(0, idleUs));
    }
  }

  private void list(
      String via, @Nullable Span from, Span to, @Nullable String traceId, @Nullable Long gap) {
    if (listed.size() < LISTED) {
      listed.add(
          new Handoff(
              via,
              from == null ? null : AgentScopes.name(from),
              AgentScopes.name(to),
              from == null ? null : from.getServiceName(),
              to.getServiceName(),
              traceId,
              to.getStartTimeUs(),
              gap));
    }
  }

  long count() {
    return count;
  }

  /** Known gaps, summed, microseconds. */
  long gapUs() {
    return gapUs;
  }

  /** The first handoffs by start. */
  List<Handoff> listed() {
    return listed;
  }
}
