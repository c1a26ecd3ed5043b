package dev.tributary.normalize.core;

import java.util.List;

/**
 * The log records of one OTLP request, in the payload's order.
 *
 * @param groups records by resource and scope
 */
public record LogBatch(List<Group> groups) {

  /**
   * Records of one resource and one instrumentation scope.
   *
   * @param scopeName empty: not stated
   * @param scopeVersion empty: not stated
   */
  public record Group(
      Attributes resource, String scopeName, String scopeVersion, List<OtlpLog> logs) {}
}
