package dev.tributary.attribution.core;

import dev.tributary.schemas.Span;
import dev.tributary.schemas.SpanKind;
import dev.tributary.schemas.ToolLoop;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Three or more calls of one tool with equal arguments in a trace. They burn the model calls that
 * run inside of the repeats, and those that asked for them: started after the first of the equal
 * calls, not after the last, under an agent that makes them.
 */
final class ToolLoops {
  static final int LOOP_LENGTH = 3;
  private static final int LISTED = 20;

  private record Key(String tool, String argsHash) {}

  /** The spans of one loop, in the order of their start. */
  private static final class Loop {
    final Key key;
    final List<Integer> members = new ArrayList<>();

    Loop(Key key) {
      this.key = key;
    }
  }

  private final SpanTree tree;
  private final AgentScopes scopes;
  private final List<Loop> loops = new ArrayList<>();
  private long calls;

  ToolLoops(SpanTree tree, AgentScopes scopes, long tools) {
    this.tree = tree;
    this.scopes = scopes;
    if (tools < LOOP_LENGTH) {
      return;
    }
    Map<Key, Loop> groups = new LinkedHashMap<>();
    for (int i = 0; i < tree.size(); i++) {
      Span span = tree.span(i);
      if (isTool(span) && span.getToolName() != null && span.getToolArgsHash() != null) {
        Key key = new Key(span.getToolName(), span.getToolArgsHash());
        groups.computeIfAbsent(key, Loop::new).members.add(i);
      }
    }
    for (Loop group : groups.values()) {
      if (group.members.size() >= LOOP_LENGTH) {
        loops.add(group);
        calls += group.members.size();
      }
    }
    loops.sort(Comparator.comparingInt((Loop loop) -> loop.members.size()).reversed());
  }

  static boolean isTool(Span span) {
    return span.getKind() == SpanKind.TOOL || span.getKind() == SpanKind.MCP;
  }

  long count() {
    return loops.size();
  }

  /** Tool calls in loops. */
  long calls() {
    return calls;
  }

  /** What loops cost: all of them together, and the longest one by one. */
  record Burnt(@Nullable BigDecimal cost, List<ToolLoop> longest) {}

  /**
   * Costs the loops.
   *
   * @param cost of a span's line; null: unknown or none
   */
  Burnt burnt(IntFunction<@Nullable BigDecimal> cost) {
    if (loops.isEmpty()) {
      return new Burnt(null, List.of());
    }
    int[] loopAt = new int[tree.size()];
    int[] inside = insideOf(loopAt);
    Map<Integer, TimeSpans> asking = new HashMap<>();
    for (Loop loop : loops) {
      for (int member : loop.members) {
        asking
            .computeIfAbsent(scopes.agentAbove(member), unused -> new TimeSpans())
            .add(start(first(loop)), start(last(loop)));
      }
    }
    BigDecimal total = null;
    for (int i = 0; i < tree.size(); i++) {
      TimeSpans spans = asking.get(scopes.agentAbove(i));
      boolean asks = inside[i] < 0 && spans != null && spans.holds(start(i));
      boolean isInside = inside[i] >= 0 && inside[i] != first(loops.get(loopAt[inside[i]]));
      if (asks || isInside) {
        total = Amounts.sum(total, cost.apply(i));
      }
    }
    List<ToolLoop> longest = new ArrayList<>();
    for (int number = 0; number < Math.min(LISTED, loops.size()); number++) {
      longest.add(listed(number, loopAt, inside, cost));
    }
    return new Burnt(total, longest);
  }

  private ToolLoop listed(
      int number, int[] loopAt, int[] inside, IntFunction<@Nullable BigDecimal> cost) {
    Loop loop = loops.get(number);
    long endUs = Long.MIN_VALUE;
    Set<Integer> agents = new HashSet<>();
    for (int member : loop.members) {
      endUs = Math.max(endUs, tree.span(member).getEndTimeUs());
      agents.add(scopes.agentAbove(member));
    }
    BigDecimal burnt = null;
    for (int i = first(loop); i < tree.size(); i++) {
      boolean asks =
          inside[i] < 0
              && start(i) > start(first(loop))
              && start(i) <= start(last(loop))
              && agents.contains(scopes.agentAbove(i));
      boolean isInside = inside[i] >= 0 && loopAt[inside[i]] == number && inside[i] != first(loop);
      if (asks || isInside) {
        burnt = Amounts.sum(burnt, cost.apply(i));
      }
    }
    return new ToolLoop(
        loop.key.tool(),
        loop.key.argsHash(),
        (long) loop.members.size(),
        start(first(loop)),
        endUs,
        burnt);
  }

  /**
   * The nearest loop member at or above each span; -1: none.
   *
   * @param loopAt receives the number of the loop that a span is a member of; -1: none
   */
  private int[] insideOf(int[] loopAt) {
    Arrays.fill(loopAt, -1);
    for (int number = 0; number < loops.size(); number++) {
      for (int member : loops.get(number).members) {
        loopAt[member] = number;
      }
    }
    int[] inside = new int[tree.size()];
    for (int position = 0; position < tree.size(); position++) {
      int i = tree.topDown(position);
      int above = tree.attachedTo(i);
      inside[i] = loopAt[i] >= 0 ? i : above < 0 ? -1 : inside[above];
    }
    return inside;
  }

  private static int first(Loop loop) {
    return loop.members.get(0);
  }

  private static int last(Loop loop) {
    return loop.members.get(loop.members.size() - 1);
  }

  private long start(int i) {
    return tree.span(i).getStartTimeUs();
  }
}
