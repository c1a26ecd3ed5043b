package dev.tributary.normalize.core;

import dev.tributary.schemas.ContentMode;
import dev.tributary.schemas.SpanContent;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Whose content was erased: spans of these traces, sessions and people that still come are counted
 * and priced like any other, and leave no text. Safe for use by several threads.
 */
public final class Erasures {
  private final Set<Subject> subjects = ConcurrentHashMap.newKeySet();

  /** What an erasure names. */
  public enum Kind {
    /** A trace by its id. */
    TRACE,
    /** A session by its id. */
    SESSION,
    /** A person by pseudonym, never by the id behind it. */
    USER;

    /** As it stands in reference ids. */
    String wireName() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  private record Subject(String tenant, String id) {}

  /** The id of an erasure in reference data, as {@code session:42}. */
  public static String referenceId(Kind kind, String id) {
    return kind.wireName() + ":" + id;
  }

  /** From now on, texts of this subject are not kept. */
  public void add(String tenant, String referenceId) {
    subjects.add(new Subject(tenant, referenceId));
  }

  /** The erasure was withdrawn: later texts are kept again. */
  public void remove(String tenant, String referenceId) {
    subjects.remove(new Subject(tenant, referenceId));
  }

  /** Whether this content must not be kept. */
  public boolean covers(SpanContent content) {
    return !subjects.isEmpty()
        && (isErased(content, Kind.TRACE, content.getTraceId())
            || isErased(content, Kind.SESSION, content.getSessionId())
            || isErased(content, Kind.USER, content.getUserHash()));
  }

  private boolean isErased(SpanContent content, Kind kind, @Nullable String id) {
    return id != null && subjects.contains(new Subject(content.getTenant(), referenceId(kind, id)));
  }

  /** The record that stands where content would: whose and when it was, and no text. */
  public static SpanContent erased(SpanContent content) {
    return SpanContent.newBuilder()
        .setTenant(content.getTenant())
        .setTraceId(content.getTraceId())
        .setSpanId(content.getSpanId())
        .setEventTimeUs(content.getEventTimeUs())
        .setSessionId(content.getSessionId())
        .setUserHash(content.getUserHash())
        .setWorkspace(content.getWorkspace())
        .setEnvironment(content.getEnvironment())
        .setMode(ContentMode.ERASED)
        .setAttributes(Map.of())
        .setEvents(List.of())
        .setRedactions(Map.of())
        .setTruncated(false)
        .build();
  }
}
