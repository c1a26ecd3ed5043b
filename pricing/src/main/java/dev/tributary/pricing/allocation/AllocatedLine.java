package dev.tributary.pricing.allocation;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * What one consumer bears of a pool's hour.
 *
 * @param hour the pool's hour
 * @param consumer null: nobody, because nobody used the pool in that hour
 * @param tokens its share of the tokens; 0 where nobody used the pool
 * @param amount of scale 18, never negative
 */
public record AllocatedLine(
    CapacityPool.Hour hour, @Nullable Consumer consumer, long tokens, BigDecimal amount) {}
