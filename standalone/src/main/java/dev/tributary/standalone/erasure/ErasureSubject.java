package dev.tributary.standalone.erasure;

import dev.tributary.normalize.core.Erasures;

/**
 * What is to be erased.
 *
 * @param kind trace, session or person
 * @param id trace id, session id, or the person's pseudonym
 */
public record ErasureSubject(Erasures.Kind kind, String id) {

  /**
   * Content of the subject. Spans state their own session and user, most often on the root alone;
   * the trace knows them for all.
   */
  String condition(String tenant) {
    String column =
        switch (kind) {
          case TRACE -> "trace_id";
          case SESSION -> "session_id";
          case USER -> "user_hash";
        };
    String own = column + " = " + quoted(id);
    return kind == Erasures.Kind.TRACE
        ? own
        : own
            + " OR trace_id IN (SELECT trace_id FROM traces WHERE tenant = "
            + quoted(tenant)
            + " AND "
            + own
            + ")";
  }

  /** A text as ClickHouse's literal. */
  static String quoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
