package dev.tributary.attribution.core;

import dev.tributary.schemas.Span;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A trace on the heap: a copy of what the stores hold, for as long as it is worked on. */
final class TraceState {
  final String key;
  final TraceHeader header;
  private final Map<String, SpanSlot.Joined> spans = new HashMap<>();
  private final KeyedBytes lineStore;
  private final Set<String> usageBelow = new HashSet<>();
  private @Nullable TraceLines lines;
  private @Nullable Map<String, List<String>> callsByResponse;

  /** What the cache counted it as. */
  int cachedSize;

  private int roots;

  TraceState(String key, TraceHeader header, KeyedBytes lineStore) {
    this.key = key;
    this.header = header;
    this.lineStore = lineStore;
  }

  /** Adds a span, or replaces the content under its id. */
  void put(SpanSlot.Joined slot) {
    callsByResponse = null;
    SpanSlot.Joined before = spans.put(slot.span().getSpanId(), slot);
    roots -= before != null && before.span().getParentSpanId() == null ? 1 : 0;
    roots += slot.span().getParentSpanId() == null ? 1 : 0;
    touched(slot.touchedUs());
    header.sawEnd(slot.span().getEndTimeUs());
    header.lastSequence = Math.max(header.lastSequence, slot.sequence());
  }

  SpanSlot.@Nullable Joined get(String spanId) {
    return spans.get(spanId);
  }

  int size() {
    return spans.size();
  }

  List<Span> spans() {
    List<Span> all = new ArrayList<>(spans.size());
    spans.values().forEach(slot -> all.add(slot.span()));
    return all;
  }

  Iterable<SpanSlot.Joined> slots() {
    return spans.values();
  }

  /** Joined spans below which spans over the limit own usage. */
  Set<String> usageBelow() {
    return usageBelow;
  }

  /** The booked lines, read when first asked for. */
  TraceLines lines() {
    TraceLines known = lines;
    if (known == null) {
      known = TraceLines.load(key, header.lineCount, lineStore);
      lines = known;
    }
    return known;
  }

  boolean hasRoot() {
    return roots > 0;
  }

  /** Partition clock at the last change. */
  long lastTouchedUs() {
    return header.lastTouchedUs;
  }

  int nextSequence() {
    return header.lastSequence + 1;
  }

  boolean isDirty() {
    return header.isDirty();
  }

  void touched(long clockUs) {
    header.lastTouchedUs = Math.max(header.lastTouchedUs, clockUs);
  }

  /** Ids of the joined calls that are records of a response. */
  List<String> recordsOf(String responseId) {
    Map<String, List<String>> known = callsByResponse;
    if (known == null) {
      known = new HashMap<>();
      for (SpanSlot.Joined slot : spans.values()) {
        String id = slot.span().getResponseId();
        if (id != null && SpanKinds.isCall(slot.span().getKind())) {
          known.computeIfAbsent(id, unused -> new ArrayList<>()).add(slot.span().getSpanId());
        }
      }
      callsByResponse = known;
    }
    return known.getOrDefault(responseId, List.of());
  }
}
