package dev.tributary.attribution.core;

import dev.tributary.schemas.Span;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tree that a set of distinct spans forms, whatever order they came in. Spans are numbered by
 * start and id. A span whose parent is not there is an orphan and hangs below the root; a cycle of
 * parents is cut at its first span, which is then an orphan too. Linear in the spans, apart from
 * sorting them.
 */
final class SpanTree {
  private static final Comparator<Span> ORDER =
      Comparator.comparingLong(Span::getStartTimeUs).thenComparing(Span::getSpanId);

  private final Span[] spans;
  private final int[] parent;
  private final int[] attached;
  private final boolean[] orphan;
  private final int[] topDown;
  private final int[] firstChild;
  private final int[] nextSibling;
  private int root = -1;
  private int placed;

  SpanTree(Collection<Span> distinct) {
    spans = distinct.toArray(new Span[0]);
    Arrays.sort(spans, ORDER);
    int n = spans.length;
    parent = new int[n];
    attached = new int[n];
    orphan = new boolean[n];
    topDown = new int[n];
    firstChild = new int[n];
    nextSibling = new int[n];
    link();
    attach();
    walk();
  }

  private void link() {
    Map<String, Integer> byId = new HashMap<>(spans.length * 2);
    for (int i = 0; i < spans.length; i++) {
      byId.put(spans[i].getSpanId(), i);
    }
    for (int i = 0; i < spans.length; i++) {
      String above = spans[i].getParentSpanId();
      Integer found = above == null ? null : byId.get(above);
      parent[i] = found == null ? -1 : found;
      orphan[i] = above != null && found == null;
      if (above == null && root < 0) {
        root = i;
      }
    }
    cutCycles();
  }

  /** Every component without a top holds exactly one cycle; its first span becomes the top. */
  private void cutCycles() {
    byte[] seen = new byte[spans.length]; // 0 not yet, 1 on this walk, 2 done
    int[] path = new int[spans.length];
    for (int i = 0; i < spans.length; i++) {
      int length = 0;
      int at = i;
      while (at >= 0 && seen[at] == 0) {
        seen[at] = 1;
        path[length++] = at;
        at = parent[at];
      }
      if (at >= 0 && seen[at] == 1) {
        int first = at;
        for (int member = parent[at]; member != at; member = parent[member]) {
          first = Math.min(first, member);
        }
        parent[first] = -1;
        orphan[first] = true;
      }
      while (length > 0) {
        seen[path[--length]] = 2;
      }
    }
  }

  private void attach() {
    Arrays.fill(firstChild, -1);
    Arrays.fill(nextSibling, -1);
    for (int i = spans.length - 1; i >= 0; i--) {
      attached[i] = orphan[i] ? root : parent[i];
      if (attached[i] >= 0) {
        nextSibling[i] = firstChild[attached[i]];
        firstChild[attached[i]] = i;
      }
    }
  }

  private void walk() {
    for (int i = 0; i < spans.length; i++) {
      if (attached[i] < 0) {
        topDown[placed++] = i;
      }
    }
    for (int done = 0; done < placed; done++) {
      for (int child = firstChild[topDown[done]]; child >= 0; child = nextSibling[child]) {
        topDown[placed++] = child;
      }
    }
    if (placed != spans.length) {
      throw new IllegalStateException("placed " + placed + " of " + spans.length + " spans");
    }
  }

  int size() {
    return spans.length;
  }

  Span span(int index) {
    return spans[index];
  }

  /** The root: the first span that states no parent; -1 where none has come. */
  int root() {
    return root;
  }

  /** The root span; null where none has come. */
  @Nullable Span rootSpan() {
    return root < 0 ? null : spans[root];
  }

  /** The stated parent where it is there; -1 for roots, orphans and the cut of a cycle. */
  int parent(int index) {
    return parent[index];
  }

  /** The parent, or the root for an orphan; -1 for roots and where no root has come. */
  int attachedTo(int index) {
    return attached[index];
  }

  boolean isOrphan(int index) {
    return orphan[index];
  }

  /** The {@code position}th span in an order that puts parents before their children. */
  int topDown(int position) {
    return topDown[position];
  }

  /** First child by start and id, orphans below the root included; -1: none. */
  int firstChild(int index) {
    return firstChild[index];
  }

  /** Next child of the same parent; -1: none. */
  int nextSibling(int index) {
    return nextSibling[index];
  }
}
