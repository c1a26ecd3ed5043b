package dev.tributary.standalone.lint;

import dev.tributary.schemas.Provenance;
import dev.tributary.schemas.Span;
import dev.tributary.schemas.SpanStatus;
import dev.tributary.standalone.offline.OfflineSpans.Met;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A span with what its trace says about it.
 *
 * @param tags where each tag that is known came from, by tag name
 * @param hasSession whether it states or inherits a session
 * @param isCall whether it is one logical call of a model
 * @param parent what is known of its parent
 * @param met what was noticed while it was read; empty where that is not known any more
 */
record LintedSpan(
    Span span,
    Map<String, Provenance> tags,
    boolean hasSession,
    boolean isCall,
    Parent parent,
    List<Met> met) {

  /**
   * A span's parent.
   *
   * @param startUs its start, microseconds since the epoch; null: it never came
   */
  record Parent(boolean isStated, @Nullable Long startUs) {
    static final Parent NONE = new Parent(false, null);
  }

  /** Whether its service has a name, and not the one that an SDK takes where nobody gave one. */
  boolean hasService() {
    return ScopeId.isName(span.getServiceName());
  }

  boolean hasFailed() {
    return span.getStatus() == SpanStatus.ERROR || span.getErrorType() != null;
  }

  /**
   * Microseconds by which it starts before its parent, which only clocks explain; 0: it does not.
   */
  long aheadOfParentUs() {
    Long parentStart = parent.startUs();
    return parentStart == null ? 0 : Math.max(0, parentStart - span.getStartTimeUs());
  }
}
