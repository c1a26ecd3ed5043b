package dev.tributary.attribution.core;

import dev.tributary.schemas.SpanKind;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Who kept the trace waiting: the chain of blocking intervals from the end backwards. At every
 * moment the child that ended last blocks; where no child runs, the span itself does. What a child
 * runs on for after its parent has ended counts below the first ancestor that was still running,
 * else below the trace. Time outside of all spans is {@code other}. The parts sum to the wall time.
 */
final class CriticalPath {
  private static final int NONE = -1;

  private final SpanTree tree;
  private final Map<SpanKind, Long> byKind = new EnumMap<>(SpanKind.class);

  /** Candidates below each span (the last one: below the trace) in a list by end, descending. */
  private final int[] first;

  private final int[] next;
  private final int[] spanOf;
  private final long[] notBefore;
  private int entries;

  /** Frames that may still look at their children: bounds what odd clocks can cost. */
  private long budget;

  /** A span's share of the path still to be walked, from {@code until} back to {@code from}. */
  private static final class Frame {
    final SpanKind kind;
    final long from;
    int candidate;
    long until;

    Frame(SpanKind kind, long from, long until, int candidate) {
      this.kind = kind;
      this.from = from;
      this.until = until;
      this.candidate = candidate;
    }
  }

  private CriticalPath(SpanTree tree) {
    this.tree = tree;
    int n = tree.size();
    first = new int[n + 1];
    Arrays.fill(first, NONE);
    next = new int[2 * n];
    spanOf = new int[2 * n];
    notBefore = new long[2 * n];
    budget = 8L * n + 64;
    collect();
  }

  /** Microseconds by kind (lower case, sorted); kinds without a share are absent. */
  static Map<String, Long> of(SpanTree tree, long startUs, long endUs) {
    CriticalPath path = new CriticalPath(tree);
    path.walk(startUs, endUs);
    Map<String, Long> named = new TreeMap<>();
    path.byKind.forEach((kind, us) -> named.put(kind.name().toLowerCase(Locale.ROOT), us));
    return named;
  }

  private void collect() {
    int n = tree.size();
    int[] stillRunning = new int[n]; // the nearest ancestor that does not end before the span
    int[] ended = new int[n]; // the last ancestor below that one; NONE: none ended before
    for (int position = 0; position < n; position++) {
      int i = tree.topDown(position);
      int at = tree.attachedTo(i);
      int last = NONE;
      while (at >= 0 && end(at) < end(i)) {
        last = at;
        at = stillRunning[at];
      }
      stillRunning[i] = at;
      ended[i] = last;
    }
    for (int i : byEnd()) {
      int above = tree.attachedTo(i);
      add(above < 0 ? n : above, i, Long.MIN_VALUE);
      if (ended[i] != NONE) {
        add(stillRunning[i] < 0 ? n : stillRunning[i], i, end(ended[i]));
      }
    }
  }

  /** By end, at a tie the later ones first: each is put before those that came before it. */
  private int[] byEnd() {
    Integer[] order = new Integer[tree.size()];
    Arrays.setAll(order, i -> i);
    Arrays.sort(
        order,
        Comparator.comparingLong((Integer i) -> end(i)).thenComparing(Comparator.reverseOrder()));
    int[] sorted = new int[order.length];
    Arrays.setAll(sorted, position -> order[position]);
    return sorted;
  }

  private void add(int owner, int span, long from) {
    spanOf[entries] = span;
    notBefore[entries] = from;
    next[entries] = first[owner];
    first[owner] = entries++;
  }

  /** Depth is bounded by the heap, not by the thread's stack: traces may be chains. */
  private void walk(long startUs, long endUs) {
    Deque<Frame> frames = new ArrayDeque<>();
    frames.push(new Frame(SpanKind.OTHER, startUs, endUs, first[tree.size()]));
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
    while (frame.candidate != NONE) {
      int entry = frame.candidate;
      frame.candidate = next[entry];
      budget--;
      int i = spanOf[entry];
      long from = Math.max(frame.from, Math.max(notBefore[entry], tree.span(i).getStartTimeUs()));
      long until = Math.min(end(i), frame.until);
      if (from < until) {
        return new Frame(tree.span(i).getKind(), from, until, budget > 0 ? first[i] : NONE);
      }
    }
    return null;
  }

  private long end(int i) {
    return tree.span(i).getEndTimeUs();
  }

  private void add(SpanKind kind, long us) {
    if (us > 0) {
      byKind.merge(kind, us, Long::sum);
    }
  }
}
