package dev.tributary.standalone.correct;

import dev.tributary.pricing.allocation.Consumer;
import dev.tributary.pricing.reconcile.Cause;
import dev.tributary.pricing.reconcile.Finding;
import dev.tributary.schemas.Provenance;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who bears a finding: the owners of the usage that is nearest to it, by what that usage was
 * estimated to cost.
 *
 * <p>Nearest is usage of the same day, surface, model and price bucket, because a wrong price or
 * count of a bucket makes each of its buyers' estimates wrong in the same proportion. Where there
 * is none - what was billed was never seen, as an aborted stream or a call past the telemetry - the
 * buyers of the same model on that day are the likeliest to have made it, then those of any model
 * of the surface on that day, then those of the surface at any time of the invoice. Where nobody
 * was seen at all nobody is made to pay: the money is booked, and is unattributed.
 *
 * <p>A finding without a model (tax, a credit, a discount) is of the invoice and of none of its
 * lines, whatever day it is dated: it goes by all that was bought from the provider, or who
 * happened to work on the day of the invoice would bear a month's tax.
 *
 * <p>Cost and not tokens, because it is money that is spread: an output token is billed several
 * times an input token. Usage without a known cost has no weight in it. What was billed for such
 * usage is borne by those who had it, by tokens, for want of anything better.
 */
final class EstimatedCosts {
  /** Stands for the bucket of usage that has no price, whose weights are tokens. */
  static final String UNPRICED = "unpriced";

  /**
   * What usage is taken together.
   *
   * @param day null: all days of the invoice
   * @param model null: all models
   * @param bucket null: all buckets
   */
  private record Width(
      String surface, @Nullable LocalDate day, @Nullable String model, @Nullable String bucket) {}

  /** Whatever is kept is asked for by a finding: memory follows the invoice, not the ledger. */
  private final Map<Width, CostUse> uses = new HashMap<>();

  /** Nothing yet, for these findings. */
  EstimatedCosts(Collection<Finding> findings) {
    findings.forEach(finding -> widths(finding).forEach(width -> uses.put(width, new CostUse())));
  }

  /** The usage that may bear a finding, the nearest first. */
  private static List<Width> widths(Finding finding) {
    String surface = finding.provider();
    List<Width> widths = new ArrayList<>();
    if (finding.model() != null) {
      if (finding.cause() == Cause.UNPRICED_USAGE) {
        widths.add(new Width(surface, finding.day(), finding.model(), UNPRICED));
      }
      if (finding.bucket() != null) {
        widths.add(new Width(surface, finding.day(), finding.model(), finding.bucket()));
      }
      widths.add(new Width(surface, finding.day(), finding.model(), null));
      widths.add(new Width(surface, finding.day(), null, null));
    }
    widths.add(new Width(surface, null, null, null));
    return widths;
  }

  /**
   * Takes in usage of the invoice's days.
   *
   * @param model canonical; null: not known
   * @param bucket empty: of none; {@link #UNPRICED}: the cost is a number of tokens
   * @param cost above 0
   */
  void add(
      LocalDate day,
      String surface,
      @Nullable String model,
      String bucket,
      Consumer owner,
      BigDecimal cost,
      @Nullable String costCenter,
      Map<OwnerPart.Tag, Provenance> provenance) {
    List<Width> widths = new ArrayList<>();
    if (model != null) {
      widths.add(new Width(surface, day, model, bucket));
      widths.add(new Width(surface, day, model, null));
    }
    widths.add(new Width(surface, day, null, null));
    widths.add(new Width(surface, null, null, null));
    if (bucket.equals(UNPRICED)) {
      // Tokens are not added to amounts.
      widths.retainAll(List.of(new Width(surface, day, model, bucket)));
    }
    for (Width width : widths) {
      CostUse use = uses.get(width);
      if (use != null) {
        use.add(owner, cost, costCenter, provenance);
      }
    }
  }

  /** Who bears a finding; null: nobody did use what it could be of. */
  @Nullable CostUse bearing(Finding finding) {
    for (Width width : widths(finding)) {
      CostUse use = uses.get(width);
      if (use != null && !use.costs().isEmpty()) {
        return use;
      }
    }
    return null;
  }
}
