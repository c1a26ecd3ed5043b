package dev.tributary.standalone.erasure;

import dev.tributary.normalize.core.Erasures;
import dev.tributary.standalone.platform.SqlLiteral;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What is to be erased.
 *
 * @param kind trace, session or person
 * @param ids trace id, names of the session, or the person's pseudonym; first what normalize calls
 *     it, then what only older records may
 */
public record ErasureSubject(Erasures.Kind kind, List<String> ids) {
  /** Copies the list. */
  public ErasureSubject {
    ids = List.copyOf(ids);
  }

  /** A trace by its id. */
  public static ErasureSubject trace(String id) {
    return new ErasureSubject(Erasures.Kind.TRACE, List.of(id));
  }

  /**
   * A session.
   *
   * @param recorded what normalize calls it on records
   * @param stated what spans call it, and records that are older than what now takes it out
   */
  public static ErasureSubject session(String recorded, String stated) {
    return new ErasureSubject(
        Erasures.Kind.SESSION,
        recorded.equals(stated) ? List.of(stated) : List.of(recorded, stated));
  }

  /** A person by pseudonym. */
  public static ErasureSubject person(String pseudonym) {
    return new ErasureSubject(Erasures.Kind.USER, List.of(pseudonym));
  }

  /**
   * Its id in reference data: by the one name that normalize compares with. The others may be what
   * is to be forgotten, and reference data is kept.
   */
  String referenceId() {
    return Erasures.referenceId(kind, ids.get(0));
  }

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
    String own =
        column
            + (ids.size() == 1
                ? " = " + SqlLiteral.text(ids.get(0))
                : ids.stream()
                    .map(SqlLiteral::text)
                    .collect(Collectors.joining(", ", " IN (", ")")));
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
