package dev.tributary.pricing;

import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The price of a call, or why it has none.
 *
 * @param status what became of the attempt
 * @param cost the sum of {@code lines}, exact unless {@link PriceFlag#DIVISION_ROUNDED} is set;
 *     null where the status has no cost
 * @param currency of {@code cost}; null without a card
 * @param lines one line per billed bucket with a count above 0, in {@link Bucket} order
 * @param rateCardId the card that priced the call; null where none did
 * @param catalogueVersion the version that was asked
 * @param canonicalModel the model found, also where it could not be priced; null where unknown
 * @param modelStep which name and which step of resolution decided, as {@code response.exact},
 *     {@code request.alias}; {@code unknown} where none did
 * @param regionScope the scope the call was priced for
 * @param serviceTier the tier the call was priced for; null where its name is unknown
 * @param unpricedTokens tokens that no rate covers: all of them where there is no cost
 * @param unpricedBuckets the buckets with a count above 0 and no rate, tokens or not
 * @param reason why the call has no cost or only a part; null where it has a full price
 * @param flags further caveats
 */
public record Priced(
    PriceStatus status,
    @Nullable BigDecimal cost,
    @Nullable String currency,
    List<CostLine> lines,
    @Nullable String rateCardId,
    String catalogueVersion,
    @Nullable String canonicalModel,
    String modelStep,
    RegionScope regionScope,
    @Nullable ServiceTier serviceTier,
    long unpricedTokens,
    Set<Bucket> unpricedBuckets,
    @Nullable String reason,
    Set<PriceFlag> flags) {

  /** The step of a call whose model could not be resolved. */
  static final String NO_STEP = ModelStep.UNKNOWN.wireName();

  /**
   * What the ledger books: each line rounded once to scale 18, half to even, and their sum. Null
   * where there is no cost.
   */
  public @Nullable BigDecimal booked() {
    if (cost == null) {
      return null;
    }
    BigDecimal sum = BigDecimal.ZERO.setScale(Money.BOOKED_SCALE);
    for (int i = 0; i < lines.size(); i++) {
      sum = sum.add(Money.book(lines.get(i).cost()));
    }
    return sum;
  }
}
