package dev.tributary.pricing;

import java.math.BigDecimal;

/**
 * What one bucket of a call costs.
 *
 * @param bucket what was consumed
 * @param quantity how many units, above 0
 * @param rateAmount money for {@code ratePer} units
 * @param ratePer how many units the rate buys
 * @param cost {@code quantity x rateAmount / ratePer}: exact where the division ends, else at scale
 *     18
 */
public record CostLine(
    Bucket bucket, long quantity, BigDecimal rateAmount, long ratePer, BigDecimal cost) {}
