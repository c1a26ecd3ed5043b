package dev.tributary.standalone.correct;

import dev.tributary.pricing.Money;
import dev.tributary.pricing.allocation.Consumer;
import dev.tributary.pricing.allocation.ExactShares;
import dev.tributary.pricing.reconcile.Finding;
import dev.tributary.schemas.LedgerLine;
import dev.tributary.standalone.platform.PlatformException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The ledger's lines of what an invoice bills more or less than was estimated: one per day, model,
 * price bucket, cause and owner, so that a corrected invoice changes what it corrects and nothing
 * else.
 */
final class TrueUpLines {
  /** Item of what nobody bears: it is billed all the same. */
  private static final String UNATTRIBUTED = "unattributed";

  private TrueUpLines() {}

  /**
   * What should be booked for an invoice, by item. The lines add up to the findings to the last
   * digit; a share of 0 has no line.
   *
   * @param findings several about the same are taken together
   * @param costs who bears them
   * @throws PlatformException where an amount cannot be booked exactly
   */
  static Map<String, LedgerLine> of(
      String tenant, Spread.Invoice invoice, List<Finding> findings, EstimatedCosts costs) {
    Map<Finding, BigDecimal> amounts = new LinkedHashMap<>();
    for (Finding finding : findings) {
      amounts.merge(subject(finding), bookable(finding), BigDecimal::add);
    }
    Map<String, LedgerLine> lines = new LinkedHashMap<>();
    amounts.forEach(
        (finding, amount) -> {
          CostUse use = costs.bearing(finding);
          if (use == null) {
            add(lines, line(tenant, invoice, finding, null, null, amount));
          } else {
            ExactShares.of(amount, use.costs())
                .forEach(
                    (owner, part) ->
                        add(lines, line(tenant, invoice, finding, owner, use.part(owner), part)));
          }
        });
    return lines;
  }

  /** A finding without its amount. */
  private static Finding subject(Finding finding) {
    return new Finding(
        finding.provider(),
        finding.day(),
        finding.model(),
        finding.bucket(),
        finding.cause(),
        BigDecimal.ZERO);
  }

  private static BigDecimal bookable(Finding finding) {
    BigDecimal amount = finding.amount();
    if (amount.stripTrailingZeros().scale() > Money.BOOKED_SCALE) {
      throw new PlatformException(
          "an amount of at most 18 places is expected, as the ledger has: " + finding);
    }
    return amount.setScale(Money.BOOKED_SCALE);
  }

  private static void add(Map<String, LedgerLine> lines, LedgerLine line) {
    if (Objects.requireNonNull(line.getCost(), "a share has a cost").signum() != 0) {
      lines.put(line.getItem(), line);
    }
  }

  private static LedgerLine line(
      String tenant,
      Spread.Invoice invoice,
      Finding finding,
      @Nullable Consumer owner,
      @Nullable OwnerPart part,
      BigDecimal amount) {
    LocalDate day = finding.day();
    return SpreadLines.draft(
            tenant, invoice, item(finding, owner), start(day), start(day.plusDays(1)), owner, part)
        .setSurface(finding.provider())
        .setModelCanonical(finding.model())
        .setPriceReason(finding.cause().wireName())
        .setCost(amount)
        .build();
  }

  /** First moment of a day. */
  static Instant start(LocalDate day) {
    return day.atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  /** What the finding is about and who bears it; no two shares have the same. */
  static String item(Finding finding, @Nullable Consumer owner) {
    return String.join(
        "|",
        finding.day().toString(),
        SpreadLines.escape(finding.provider()),
        SpreadLines.escape(finding.model()),
        SpreadLines.escape(finding.bucket()),
        SpreadLines.escape(finding.cause().wireName()),
        owner == null ? UNATTRIBUTED : SpreadLines.item(owner));
  }
}
