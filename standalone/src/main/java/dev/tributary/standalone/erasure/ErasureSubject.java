package dev.tributary.standalone.erasure;

import dev.tributary.normalize.core.Erasures;
import dev.tributary.standalone.platform.SqlLiteral;

/**
 * What is to be erased.
 *
 * @param kind trace, session or person
 * @param id trace id, session id, or the person's pseudonym
 */
public record ErasureSubject(Erasures.Kind kind, String id) {

  /**
   * Content of the subject. Spans state their own session and user, most often on the root alone.
   * The text of a span that states none belongs to the subject where another span of its trace
   * states it, or where the trace is known for it; that of a span that states somebody else does
   * not.
   */
  String condition(String tenant) {
    String column =
        switch (kind) {
          case TRACE -> "trace_id";
          case SESSION -> "session_id";
          case USER -> "user_hash";
        };
    String own = column + " = " + SqlLiteral.text(id);
    if (kind == Erasures.Kind.TRACE) {
      return own;
    }
    String stated = " WHERE tenant = " + SqlLiteral.text(tenant) + " AND " + own + ")";
    return own
        + (" OR (" + column + " IS NULL AND (")
        + ("trace_id IN (SELECT trace_id FROM spans" + stated)
        + (" OR trace_id IN (SELECT trace_id FROM traces" + stated)
        + "))";
  }
}
