package dev.tributary.attribution.core;

import dev.tributary.schemas.SpanKind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Who kept the trace waiting: the chain of blocking intervals from the end backwards. At every
 * moment the child that ended last blocks; where no child runs, the span itself does. Time outside
 * of all spans counts as {@code other}. The parts sum to the wall time.
 */
final class CriticalPath {
  private final SpanTree tree;
  private final Map<SpanKind, Long> byKind = new EnumMap<>(SpanKind.class);

  /** A span's share of the path still to be walked, from {@code until} back to {@code from}. */
  private static final class Frame {
    final SpanKind kind;
    final long from;
    final List<Integer> byEndDescending;
    int next;
    long until;

    Frame(SpanKind kind, long from, long until, List<Integer> byEndDescending) {
      this.kind = kind;
      this.from = from;
      this.until = until;
      this.byEndDescending = byEndDescending;
    }
  }

  private CriticalPath(SpanTree tree) {
    this.tree = tree;
  }

  /** Microseconds by kind (lower case, sorted); kinds without a share are absent. */
  static Map<String, Long> of(SpanTree tree, long startUs, long endUs) {
    CriticalPath path = new CriticalPath(tree);
    path.walk(startUs, endUs);
    Map<String, Long> named = new TreeMap<>();
    path.byKind.forEach((kind, us) -> named.put(kind.name().toLowerCase(Locale.ROOT), us));
    return named;
  }

  /** Depth is bounded by the heap, not by the thread's stack: traces may be chains. */
  private void walk(long startUs, long endUs) {
    List<Integer> tops = new ArrayList<>();
    for (int i = 0; i < tree.size(); i++) {
      if (tree.attachedTo(i) < 0) {
        tops.add(i);
      }
    }
    Deque<Frame> frames = new ArrayDeque<>();
    frames.push(new Frame(SpanKind.OTHER, startUs, endUs, sorted(tops)));
    while (!frames.isEmpty()) {
      Frame frame = frames.element();
      Frame child = nextBlocking(frame);
      if (child == null) {
        add(frame.kind, frame.until - frame.from);
        frames.pop();
      } else {
        add(frame.kind, frame.until - child.until);
        frame.until = child.from;
        frames.push(child);
      }
    }
  }

  private @Nullable Frame nextBlocking(Frame frame) {
    while (frame.next < frame.byEndDescending.size()) {
      int i = frame.byEndDescending.get(frame.next++);
      long from = Math.max(tree.span(i).getStartTimeUs(), frame.from);
      long until = Math.min(tree.span(i).getEndTimeUs(), frame.until);
      if (from < until) {
        return new Frame(tree.span(i).getKind(), from, until, sorted(children(i)));
      }
    }
    return null;
  }

  private List<Integer> children(int i) {
    int first = tree.firstChild(i);
    if (first < 0) {
      return List.of();
    }
    List<Integer> children = new ArrayList<>();
    for (int child = first; child >= 0; child = tree.nextSibling(child)) {
      children.add(child);
    }
    return children;
  }

  private List<Integer> sorted(List<Integer> spans) {
    if (spans.size() > 1) {
      spans.sort(
          Comparator.comparingLong((Integer i) -> tree.span(i).getEndTimeUs())
              .reversed()
              .thenComparing(Comparator.naturalOrder()));
    }
    return spans;
  }

  private void add(SpanKind kind, long us) {
    if (us > 0) {
      byKind.merge(kind, us, Long::sum);
    }
  }
}
