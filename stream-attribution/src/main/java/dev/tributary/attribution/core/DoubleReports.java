package dev.tributary.attribution.core;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntUnaryOperator;

/**
 * Calls of a tree that were recorded more than once, each with the record that is kept. What the
 * records of one response state is counted at one place: on the kept one, on an ancestor of it, or,
 * where nothing counts it there, around the first other record that has an owner. No ancestor of
 * another record may own it a second time: an ancestor of both may still overrule, an ancestor of
 * the other alone cannot.
 */
final class DoubleReports {
  private static final int NOBODY = -1;

  private final SpanTree tree;

  /** The record that stays, which may have been dropped for a better one since. */
  private final Map<Integer, Integer> keptByDropped = new TreeMap<>();

  /** The record where a response is counted, by the one that is kept. */
  private final Map<Integer, Integer> placeByKept = new TreeMap<>();

  /** Records whose response is counted at another one. */
  private final BitSet counted = new BitSet();

  /** Owners that records rely on: they do not lose to a later response. */
  private final BitSet relied = new BitSet();

  DoubleReports(SpanTree tree) {
    this.tree = tree;
  }

  /** Records a double. */
  void add(int dropped, int kept) {
    keptByDropped.put(dropped, kept);
  }

  /** Records a double of what is counted outside of the tree. */
  void addCountedOutside(int dropped) {
    keptByDropped.put(dropped, NOBODY);
    counted.set(dropped);
  }

  /**
   * Finds for each response the place that counts it, and marks its other records. An owner that
   * loses by that is none any more for the responses after it.
   *
   * @param owner what counts the usage of a span: itself, an ancestor, or below 0 for none
   * @return whether there is a new mark, so that owners have to be decided again
   */
  boolean settle(IntUnaryOperator owner) {
    BitSet losing = new BitSet();
    boolean isChanged = false;
    for (List<Integer> records : records().values()) {
      int place = place(records, owner, losing);
      if (place == NOBODY) {
        continue;
      }
      int winner = owner.applyAsInt(place);
      relied.set(winner);
      placeByKept.put(records.get(0), place);
      for (int record : records) {
        if (!counted.get(record) && !isWithin(winner, record)) {
          counted.set(record);
          isChanged = true;
          int loser = owner.applyAsInt(record);
          if (loser >= 0) {
            losing.set(loser);
          }
        }
      }
    }
    return isChanged;
  }

  /** The records of each response, the kept one first. */
  private Map<Integer, List<Integer>> records() {
    Map<Integer, List<Integer>> records = new TreeMap<>();
    for (int dropped : keptByDropped.keySet()) {
      int kept = kept(dropped);
      if (kept != NOBODY) {
        records.computeIfAbsent(kept, first -> new ArrayList<>(List.of(first))).add(dropped);
      }
    }
    return records;
  }

  /** The record whose owner counts the response; below 0: nobody does. */
  private int place(List<Integer> records, IntUnaryOperator owner, BitSet losing) {
    int place = NOBODY;
    for (int record : records) {
      int candidate = owner.applyAsInt(record);
      if (candidate == record) {
        return record;
      }
      boolean isOwner = candidate >= 0 && !losing.get(candidate);
      if (isOwner && relied.get(candidate)) {
        return record;
      }
      place = isOwner && place == NOBODY ? record : place;
    }
    return place;
  }

  private int kept(int dropped) {
    int kept = dropped;
    while (keptByDropped.containsKey(kept)) {
      kept = keptByDropped.get(kept);
    }
    return kept;
  }

  private boolean isWithin(int owner, int span) {
    int at = span;
    while (at >= 0 && at != owner) {
      at = tree.attachedTo(at);
    }
    return at >= 0;
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

  /** True for a record whose response is counted at another one. */
  boolean isCounted(int i) {
    return counted.get(i);
  }

  /** Per span whether a record below it (or itself) is counted outside of it. */
  boolean[] keptOutside() {
    boolean[] found = new boolean[tree.size()];
    if (keptByDropped.isEmpty()) {
      return found;
    }
    int[] sums = new int[tree.size()];
    records().forEach((kept, records) -> addOutside(sums, records));
    keptByDropped.forEach((dropped, kept) -> sums[dropped] += kept == NOBODY ? 1 : 0);
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

  /** Adds records as differences between a span and its children. */
  private void addOutside(int[] sums, List<Integer> records) {
    int place = placeByKept.getOrDefault(records.get(0), records.get(0));
    for (int record : records) {
      if (record != place) {
        sums[record]++;
        int common = commonAncestor(record, place);
        if (common >= 0) {
          sums[common]--;
        }
      }
    }
  }

  int count() {
    return keptByDropped.size();
  }
}
