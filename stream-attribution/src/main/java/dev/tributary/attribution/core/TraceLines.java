package dev.tributary.attribution.core;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The booked lines of a trace, stored in pages: a trace of ten lines is one entry instead of ten,
 * and a page is small enough to be written again when one of its lines changes.
 */
final class TraceLines {
  private static final int PAGE = 16;

  private final String trace;
  private final KeyedBytes store;
  private final List<BookedLine> lines = new ArrayList<>();
  private final Map<String, Integer> positions = new HashMap<>();
  private final BitSet changedPages = new BitSet();

  private TraceLines(String trace, KeyedBytes store) {
    this.trace = trace;
    this.store = store;
  }

  /** Reads the lines of a trace. */
  static TraceLines load(String trace, int count, KeyedBytes store) {
    TraceLines loaded = new TraceLines(trace, store);
    for (int page = 0; page * PAGE < count; page++) {
      byte[] stored = store.get(key(trace, page));
      if (stored == null) {
        throw new IllegalStateException("page " + page + " of the lines of " + trace + " is gone");
      }
      ByteReader in = new ByteReader(stored);
      while (in.hasMore()) {
        loaded.append(BookedLine.read(in));
      }
    }
    if (loaded.lines.size() != count) {
      throw new IllegalStateException(
          trace + " has " + loaded.lines.size() + " lines instead of " + count);
    }
    return loaded;
  }

  private void append(BookedLine line) {
    positions.put(line.item(), lines.size());
    lines.add(line);
  }

  /** The line of an item as booked; null: not booked. */
  @Nullable BookedLine get(String item) {
    Integer position = positions.get(item);
    return position == null ? null : lines.get(position);
  }

  /** Adds or replaces a line; {@link #flush} stores it. */
  void put(BookedLine line) {
    Integer position = positions.get(line.item());
    if (position == null) {
      changedPages.set(lines.size() / PAGE);
      append(line);
    } else {
      changedPages.set(position / PAGE);
      lines.set(position, line);
    }
  }

  int count() {
    return lines.size();
  }

  void forEach(Consumer<BookedLine> visitor) {
    lines.forEach(visitor);
  }

  void flush() {
    for (int page = changedPages.nextSetBit(0);
        page >= 0;
        page = changedPages.nextSetBit(page + 1)) {
      int end = Math.min(lines.size(), (page + 1) * PAGE);
      ByteWriter out = new ByteWriter(512 * (end - page * PAGE));
      for (int i = page * PAGE; i < end; i++) {
        lines.get(i).write(out);
      }
      store.put(key(trace, page), out.done());
    }
    changedPages.clear();
  }

  static void delete(String trace, int count, KeyedBytes store) {
    for (int page = 0; page * PAGE < count; page++) {
      store.delete(key(trace, page));
    }
  }

  private static String key(String trace, int page) {
    return trace + '|' + page;
  }
}
