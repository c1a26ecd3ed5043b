package dev.tributary.normalize.core;

import java.util.List;

/**
 * The spans of one OTLP request, in the payload's order.
 *
 * @param groups spans by resource and scope
 */
public record OtlpBatch(List<Group> groups) {

  /**
   * Spans of one resource and one instrumentation scope.
   *
   * @param scopeName empty: not stated
   * @param scopeVersion empty: not stated
   */
  public record Group(
      Attributes resource, String scopeName, String scopeVersion, List<OtlpSpan> spans) {}

  /** How many spans the batch holds. */
  public int spanCount() {
    int count = 0;
    for (Group group : groups) {
      count += group.spans().size();
    }
    return count;
  }
}
