package dev.tributary.attribution.core;

import dev.tributary.schemas.Attribution;
import dev.tributary.schemas.Span;

/** Whether a span that is booked for itself may own its usage, by what is known around it. */
final class LateUsage {
  private LateUsage() {}

  /**
   * Decides for one span.
   *
   * @param usageBelow usage below it is already counted
   * @param coveredAbove usage above it is already counted
   * @param known what is known of its response
   */
  static UsageDecision decide(
      Span span,
      Attribution attribution,
      ReferenceView view,
      boolean usageBelow,
      boolean coveredAbove,
      CallResponse known) {
    boolean isAggregate = SpanKinds.isAggregate(span.getKind());
    if (!isAggregate && !SpanKinds.isCall(span.getKind())) {
      return UsageDecision.NOT_OWNING_KIND;
    }
    if (isShadow(span, attribution, view)) {
      return UsageDecision.SHADOW;
    }
    if (known.isCounted() || (known.isKnown() && !SpanKinds.carriesUsage(span))) {
      return UsageDecision.DOUBLE;
    }
    if (!SpanKinds.carriesUsage(span)) {
      return UsageDecision.NO_USAGE;
    }
    if (usageBelow) {
      return UsageDecision.BELOW;
    }
    if (coveredAbove) {
      return UsageDecision.ABOVE;
    }
    return isAggregate ? UsageDecision.NOT_YET : UsageDecision.LEAF;
  }

  /** Whether a rule declares the span's service a shadow: whatever it states is never counted. */
  static boolean isShadow(Span span, Attribution attribution, ReferenceView view) {
    OwnershipRules.Subject subject =
        new OwnershipRules.Subject(
            span.getServiceName(), null, attribution.getAgent().getValue(), span.getKeyAlias());
    return view.rules().hasShadow() && view.rules().isShadow(subject, span.getEndTimeUs());
  }

  /** Whether it counts as a call; the usage of a call that was told before comes without one. */
  static boolean isLogicalCall(Span span, UsageDecision decision, CallResponse known) {
    return SpanKinds.isCall(span.getKind())
        && !known.isKnown()
        && (decision == UsageDecision.LEAF || decision == UsageDecision.NO_USAGE);
  }
}
