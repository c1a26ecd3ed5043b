package dev.tributary.normalize.core;

import java.util.List;

/**
 * The data points of one OTLP request, in the payload's order.
 *
 * @param groups points by resource
 */
public record MetricBatch(List<Group> groups) {

  /** Points of one resource. */
  public record Group(Attributes resource, List<OtlpPoint> points) {}
}
