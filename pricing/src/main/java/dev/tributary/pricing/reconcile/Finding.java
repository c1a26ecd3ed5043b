package dev.tributary.pricing.reconcile;

import java.math.BigDecimal;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * Part of the difference between what was billed and what was estimated. The findings of a
 * reconciliation add up to the difference, to the last digit.
 *
 * @param provider who billed; a surface of the ledger, as {@code openai}
 * @param day billing day, UTC
 * @param model canonical model; null: of no model, as a tax
 * @param bucket price bucket by its name in catalogues; null: of none
 * @param amount billed - estimated, in the ledger's currency; never 0
 */
public record Finding(
    String provider,
    LocalDate day,
    @Nullable String model,
    @Nullable String bucket,
    Cause cause,
    BigDecimal amount) {}
