package dev.tributary.attribution.core;

import java.util.Arrays;
import java.util.BitSet;
import java.util.TreeMap;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Calls of a tree that were recorded twice, each with the record that is kept. What a double states
 * is counted at the kept one, so no ancestor of the double may own it a second time: an ancestor of
 * both may still overrule the kept one, an ancestor of the double alone cannot.
 */
final class DoubleReports {
  private static final int NOBODY = -1;

  private final SpanTree tree;
  private final TreeMap<Integer, Integer> keptByDropped = new TreeMap<>();
  private final BitSet counted = new BitSet();

  /** Per span the doubles below it that are kept outside, as differences to its children. */
  private int @Nullable [] outside;

  DoubleReports(SpanTree tree) {
    this.tree = tree;
  }

  /**
   * Records a double.
   *
   * @param owner what counts the usage of the kept one: itself, an ancestor, or below 0 for none
   */
  void add(int dropped, int kept, int owner) {
    keptByDropped.put(dropped, kept);
    counted.set(dropped, isOutside(owner, dropped));
    int[] changes = outside;
    if (changes == null) {
      changes = new int[tree.size()];
      outside = changes;
    }
    changes[dropped]++;
    int common = kept == NOBODY ? NOBODY : commonAncestor(dropped, kept);
    if (common >= 0) {
      changes[common]--;
    }
  }

  /** Records a double of what is counted outside of the tree. */
  void addCountedOutside(int dropped) {
    add(dropped, NOBODY, NOBODY);
    counted.set(dropped);
  }

  /**
   * Finds a double whose kept record was not counted when it was found, and is by now. One at a
   * time: what is decided next may take the owner of another one away.
   *
   * @param owner of the usage of a span, below 0 for none
   */
  boolean countNext(IntUnaryOperator owner) {
    for (int dropped : keptByDropped.keySet()) {
      if (!counted.get(dropped) && isOutside(owner.applyAsInt(kept(dropped)), dropped)) {
        counted.set(dropped);
        return true;
      }
    }
    return false;
  }

  /** The record that stays; one that was kept may have been dropped for a better one since. */
  private int kept(int dropped) {
    int kept = dropped;
    while (keptByDropped.containsKey(kept)) {
      kept = keptByDropped.get(kept);
    }
    return kept;
  }

  /** Whether there is an owner, and what it counts is not what lies around the span. */
  private boolean isOutside(int owner, int span) {
    int at = span;
    while (at >= 0 && at != owner) {
      at = tree.attachedTo(at);
    }
    return owner >= 0 && at < 0;
  }

  private int commonAncestor(int left, int right) {
    int deep = depth(left);
    int other = depth(right);
    int a = left;
    int b = right;
    for (; deep > other; deep--) {
      a = tree.attachedTo(a);
    }
    for (; other > deep; other--) {
      b = tree.attachedTo(b);
    }
    while (a != b) {
      a = tree.attachedTo(a);
      b = tree.attachedTo(b);
    }
    return a;
  }

  private int depth(int i) {
    int depth = 0;
    for (int at = tree.attachedTo(i); at >= 0; at = tree.attachedTo(at)) {
      depth++;
    }
    return depth;
  }

  boolean isDouble(int i) {
    return keptByDropped.containsKey(i);
  }

  /** True for a double whose usage is counted at the one that is kept, or around that. */
  boolean isCounted(int i) {
    return counted.get(i);
  }

  /** Per span whether a double below it (or itself) is kept outside of it. */
  boolean[] keptOutside() {
    boolean[] found = new boolean[tree.size()];
    int[] changes = outside;
    if (changes == null) {
      return found;
    }
    int[] sums = Arrays.copyOf(changes, changes.length);
    for (int position = tree.size() - 1; position >= 0; position--) {
      int i = tree.topDown(position);
      found[i] = sums[i] > 0;
      int above = tree.attachedTo(i);
      if (above >= 0) {
        sums[above] += sums[i];
      }
    }
    return found;
  }

  int count() {
    return keptByDropped.size();
  }
}
