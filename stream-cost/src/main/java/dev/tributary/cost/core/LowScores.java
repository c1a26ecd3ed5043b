package dev.tributary.cost.core;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Below which best score a retrieval counts as low: scores are in the scale of their source, so a
 * source may have a limit of its own.
 *
 * @param limit for sources without one
 * @param bySource limits by source
 */
public record LowScores(BigDecimal limit, Map<String, BigDecimal> bySource) {
  /** One limit of 0.5. */
  public static final LowScores DEFAULT = new LowScores(new BigDecimal("0.5"), Map.of());

  /** Copies the limits. */
  public LowScores {
    bySource = Map.copyOf(bySource);
  }

  /**
   * Limits from their texts: a number, and {@code source=number}.
   *
   * @throws IllegalArgumentException naming the text that is neither
   */
  public static LowScores parse(List<String> texts) {
    BigDecimal limit = DEFAULT.limit;
    Map<String, BigDecimal> bySource = new TreeMap<>();
    for (String text : texts) {
      int equals = text.lastIndexOf('=');
      BigDecimal number;
      try {
        number = new BigDecimal(text.substring(equals + 1).strip());
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(
            "neither a number nor source=number: \"" + text + '"', e);
      }
      if (equals < 0) {
        limit = number;
      } else {
        bySource.put(text.substring(0, equals).strip(), number);
      }
    }
    return new LowScores(limit, bySource);
  }

  boolean isLow(@Nullable String source, Double best) {
    if (best.isNaN() || best.isInfinite()) {
      return false;
    }
    BigDecimal of = source == null ? limit : bySource.getOrDefault(source, limit);
    return new BigDecimal(best.toString()).compareTo(of) < 0;
  }
}
