package dev.tributary.attribution.core;

import dev.tributary.pricing.Catalogue;
import java.util.List;

/**
 * The reference data of one tenant in one version: all that a booking knows beside the spans.
 *
 * @param version the manifest's version; 0: nothing was loaded
 * @param catalogue prices, stamped with the manifest's label
 * @param rules the ownership table
 * @param openTraces limits of open traces, in the order they are asked
 */
public record ReferenceView(
    long version, Catalogue catalogue, OwnershipRules rules, List<OpenTracePolicy> openTraces) {
  /** Nothing is known: no price, no rule. */
  public static final ReferenceView NOTHING =
      new ReferenceView(0, Catalogue.of("none", List.of()), OwnershipRules.NONE, List.of());

  /** A copy of the policies, in order. */
  public ReferenceView {
    openTraces = OpenTracePolicy.inOrder(openTraces);
  }
}
