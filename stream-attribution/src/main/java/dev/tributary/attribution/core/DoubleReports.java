package dev.tributary.attribution.core;

import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Calls of a tree that were recorded twice, each with the record that is kept. What a double states
 * is counted at the kept one, so no ancestor of the double may own it a second time: an ancestor of
 * both may still overrule the kept one, an ancestor of the double alone cannot.
 */
final class DoubleReports {
  private final SpanTree tree;
  private final BitSet doubles = new BitSet();
  private final BitSet counted = new BitSet();

  /** Per span the doubles below it that are kept outside, as differences to its children. */
  private int @Nullable [] outside;

  DoubleReports(SpanTree tree) {
    this.tree = tree;
  }

  /**
   * Records a double.
   *
   * @param isCounted the usage of the kept one is counted, on it or on an ancestor of it
   */
  void add(int dropped, int kept, boolean isCounted) {
    doubles.set(dropped);
    counted.set(dropped, isCounted);
    int[] changes = outside;
    if (changes == null) {
      changes = new int[tree.size()];
      outside = changes;
    }
    changes[dropped]++;
    int common = commonAncestor(dropped, kept);
    if (common >= 0) {
      changes[common]--;
    }
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
    return doubles.get(i);
  }

  /** True for a double whose usage is counted at the one that is kept. */
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
    return doubles.cardinality();
  }
}
