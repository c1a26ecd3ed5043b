package dev.tributary.attribution.core;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Traces that are being worked on, decoded. Only a read cache: everything in it is in the stores,
 * so the least recently used may go at any time. Bounded by spans, but never below one trace.
 */
final class TraceCache {
  private final int maxSpans;
  private final Map<String, TraceState> traces = new LinkedHashMap<>(64, 0.75f, true);
  private int spans;

  TraceCache(int maxSpans) {
    this.maxSpans = maxSpans;
  }

  @Nullable TraceState get(String trace) {
    return traces.get(trace);
  }

  void put(String trace, TraceState state) {
    traces.put(trace, state);
    state.cachedSize = 0;
    grew(state);
  }

  /** Counts what a trace has grown by, and lets others go for it. */
  void grew(TraceState state) {
    spans += state.size() - state.cachedSize;
    state.cachedSize = state.size();
    Iterator<TraceState> oldestFirst = traces.values().iterator();
    while (spans > maxSpans && traces.size() > 1) {
      TraceState oldest = oldestFirst.next();
      if (oldest == state) {
        return;
      }
      spans -= oldest.cachedSize;
      oldestFirst.remove();
    }
  }

  void remove(String trace) {
    TraceState removed = traces.remove(trace);
    if (removed != null) {
      spans -= removed.cachedSize;
    }
  }
}
