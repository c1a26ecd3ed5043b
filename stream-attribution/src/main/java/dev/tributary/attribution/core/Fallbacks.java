package dev.tributary.attribution.core;

import dev.tributary.schemas.Fallback;
import dev.tributary.schemas.Span;
import dev.tributary.schemas.SpanStatus;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Calls that took the place of calls to another model: those that say so, and those that repeat a
 * failed attempt with another model. What was tried are the failed calls to that model under the
 * same parent since the last one that went well; below a call, all of them.
 */
final class Fallbacks {
  private static final int LISTED = 20;

  /** A fallback with the calls it took the place of. */
  private record Found(int span, String fromModel, List<Integer> tried) {}

  private final SpanTree tree;
  private final List<Found> found = new ArrayList<>();

  Fallbacks(SpanTree tree, UsageRules usage) {
    this.tree = tree;
    @Nullable String[] from = new @Nullable String[tree.size()];
    boolean any = false;
    for (int i = 0; i < tree.size(); i++) {
      Span span = tree.span(i);
      int next = usage.supersededBy(i);
      if (next >= 0 && from[next] == null && !Objects.equals(model(span), model(tree.span(next)))) {
        from[next] = model(span);
      }
      if (span.getFallbackFrom() != null) {
        from[i] = span.getFallbackFrom();
      }
      any |= span.getFallbackFrom() != null || (next >= 0 && from[next] != null);
    }
    if (any) {
      match(from);
    }
  }

  /** In the order of start, so that what was tried is known before what took its place. */
  private void match(@Nullable String[] from) {
    Map<Integer, Map<String, List<Integer>>> triedBelow = new HashMap<>();
    for (int i = 0; i < tree.size(); i++) {
      Span span = tree.span(i);
      int above = tree.attachedTo(i);
      Map<String, List<Integer>> tried =
          triedBelow.computeIfAbsent(above, unused -> new HashMap<>());
      String fromModel = from[i];
      if (fromModel != null) {
        List<Integer> before = tried.remove(fromModel);
        found.add(new Found(i, fromModel, before == null ? List.of() : before));
      }
      if (SpanKinds.isCall(span.getKind())) {
        boolean isAttempt = above >= 0 && SpanKinds.isCall(tree.span(above).getKind());
        remember(tried, i, span, isAttempt);
      }
    }
  }

  private static void remember(
      Map<String, List<Integer>> tried, int i, Span span, boolean isAttempt) {
    String model = model(span);
    if (model == null) {
      return;
    }
    if (isAttempt || span.getStatus() == SpanStatus.ERROR) {
      tried.computeIfAbsent(model, unused -> new ArrayList<>()).add(i);
    } else {
      tried.remove(model);
    }
  }

  private static @Nullable String model(Span span) {
    return span.getModelRequested() != null ? span.getModelRequested() : span.getModelReturned();
  }

  long count() {
    return found.size();
  }

  /** What was spent before the fallbacks, each call once; null: none known. */
  @Nullable BigDecimal cost(IntFunction<@Nullable BigDecimal> cost) {
    BigDecimal total = null;
    for (Found fallback : found) {
      total = Amounts.sum(total, spent(fallback, cost));
    }
    return total;
  }

  private static @Nullable BigDecimal spent(
      Found fallback, IntFunction<@Nullable BigDecimal> cost) {
    BigDecimal spent = null;
    for (int tried : fallback.tried()) {
      spent = Amounts.sum(spent, cost.apply(tried));
    }
    return spent;
  }

  /** The first fallbacks by start. */
  List<Fallback> listed(IntFunction<@Nullable BigDecimal> cost) {
    List<Fallback> listed = new ArrayList<>();
    for (Found fallback : found.subList(0, Math.min(LISTED, found.size()))) {
      Span span = tree.span(fallback.span());
      listed.add(
          new Fallback(
              fallback.fromModel(),
              model(span),
              (long) fallback.tried().size(),
              spent(fallback, cost),
              span.getStartTimeUs()));
    }
    return listed;
  }
}
