package dev.tributary.standalone.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tributary.pricing.Bucket;
import dev.tributary.pricing.ServiceTier;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A line of a log of calls.
 *
 * @param place file and line
 * @param responseId null: not stated
 * @param project null: not stated
 * @param counts disjoint
 * @param cost what the log estimates; null: it knows no price
 */
record LoggedCall(
    String place,
    @Nullable String responseId,
    Instant at,
    String provider,
    @Nullable String project,
    String model,
    ServiceTier tier,
    Map<Bucket, Long> counts,
    @Nullable BigDecimal cost) {

  /** What is priced by one list: provider, model and tier. */
  List<String> series() {
    return List.of(provider, model, tier.wireName());
  }

  /** Reads a line; fails with its place. */
  static LoggedCall of(String place, JsonNode line) {
    if (!line.isObject()) {
      throw new BillException(place + ": must be an object");
    }
    boolean isBatch = line.path("batch").asBoolean();
    return new LoggedCall(
        place,
        ReportJson.text(place, line, "response_id"),
        time(place, ReportJson.requiredText(place, line, "ts")),
        ReportJson.requiredText(place, line, "provider"),
        ReportJson.text(place, line, "project"),
        ReportJson.requiredText(place, line, "model"),
        isBatch ? ServiceTier.BATCH : ServiceTier.STANDARD,
        counts(place, line.path("tokens")),
        ReportJson.decimal(place, line, "estimated_cost_usd"));
  }

  private static Instant time(String place, String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw new BillException(place + ": 'ts' must be a time as 2026-11-01T09:30:00Z: " + text);
    }
  }

  private static Map<Bucket, Long> counts(String place, JsonNode tokens) {
    if (!tokens.isObject()) {
      throw new BillException(place + ": 'tokens' must be an object of counts");
    }
    Map<Bucket, Long> counts = new EnumMap<>(Bucket.class);
    for (Map.Entry<String, JsonNode> field : tokens.properties()) {
      Bucket bucket = LineItem.bucketOf(field.getKey());
      JsonNode count = field.getValue();
      if (bucket == null) {
        throw new BillException(place + ": tokens: unknown count " + field.getKey());
      }
      if (!count.isIntegralNumber()
          || !count.canConvertToLong()
          || count.longValue() < 0
          || counts.put(bucket, count.longValue()) != null) {
        throw new BillException(
            place + ": tokens: " + field.getKey() + " must be one count of at least 0");
      }
    }
    return counts;
  }
}
