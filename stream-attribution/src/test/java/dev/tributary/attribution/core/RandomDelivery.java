package dev.tributary.attribution.core;

import dev.tributary.attribution.SchemaCodec;
import dev.tributary.schemas.Span;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Random traces on their way into a join, and what the book says of them. */
final class RandomDelivery {
  static final long SECOND = TimeUnit.SECONDS.toMicros(1);

  /** Pauses between batches: below and above every time of the join up to the close. */
  static final long[] PAUSES = {
    0, 50_000, SECOND, 6 * SECOND, 31 * SECOND, 61 * SECOND, 90 * SECOND
  };

  static final int TRACES_PER_RUN = 5;

  private static final SchemaCodec CODEC = new SchemaCodec();

  private RandomDelivery() {}

  static List<RandomTrace> traces(Random random, int size) {
    List<RandomTrace> traces = new ArrayList<>();
    for (int i = 0; i < TRACES_PER_RUN; i++) {
      traces.add(new RandomTrace(random, i + 1, i == 0 ? size : 1 + random.nextInt(size)));
    }
    return traces;
  }

  /** Interleaved; now and then in the order of export, children before parents. */
  static List<Span> shuffled(Random random, List<RandomTrace> traces) {
    List<Span> all = new ArrayList<>();
    traces.forEach(trace -> all.addAll(trace.copies()));
    switch (random.nextInt(4)) {
      case 0 -> Collections.reverse(all);
      case 1 -> {
        // as generated: parents first, traces one after another
      }
      default -> Collections.shuffle(all, random);
    }
    return all;
  }

  static void deliver(JoinHarness harness, List<Span> spans, Random random) {
    int batch = 1 + random.nextInt(40);
    long budget = 800 * SECOND; // the revisable time is 900 s
    for (Span span : spans) {
      harness.send(span);
      if (random.nextInt(batch) == 0) {
        long pause = Math.min(budget, PAUSES[random.nextInt(PAUSES.length)]);
        budget -= pause;
        harness.advance(pause);
      }
    }
  }

  static void settle(JoinHarness harness) {
    harness.advance(61 * SECOND);
    harness.advance(20 * SECOND);
  }

  /** The lines of a closed trace by trace and item. */
  static Map<String, byte[]> booked(Collection<Span> spans) {
    Map<String, byte[]> lines = new TreeMap<>();
    if (!spans.isEmpty()) {
      Book.book(spans, TestViews.FIRST, BookOptions.closed(TestViews.FIRST))
          .forEachLine(
              line -> lines.put(line.getSource() + "|" + line.getItem(), CODEC.encode(line)));
    }
    return lines;
  }

  /** The content that stays of two under one id. */
  static Span winner(Span left, Span right) {
    long leftHash = Hash64.of(CODEC.encode(left));
    long rightHash = Hash64.of(CODEC.encode(right));
    return SpanWinner.wins(right, rightHash, left, leftHash) ? right : left;
  }
}
