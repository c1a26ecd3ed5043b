package dev.tributary.standalone.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tributary.pricing.Bucket;
import dev.tributary.pricing.ServiceTier;
import dev.tributary.pricing.reconcile.BilledLine;
import dev.tributary.pricing.reconcile.Charge;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * Replies of Anthropic's {@code /v1/organizations/cost_report}, grouped by workspace and
 * description: daily buckets in UTC, amounts as decimal strings in cents.
 */
final class AnthropicCosts implements CostReport {
  /** Surface of the ledger. */
  static final String PROVIDER = "anthropic";

  private static final int CENTS = 2;

  @Override
  public LocalDate start(String place, JsonNode bucket) {
    return day(place, bucket, "starting_at");
  }

  @Override
  public LocalDate end(String place, JsonNode bucket) {
    return day(place, bucket, "ending_at");
  }

  private static LocalDate day(String place, JsonNode bucket, String field) {
    String text = ReportJson.requiredText(place, bucket, field);
    try {
      return OffsetDateTime.parse(text).withOffsetSameInstant(ZoneOffset.UTC).toLocalDate();
    } catch (DateTimeException e) {
      throw new BillException(
          place + ": '" + field + "' must be a time as 2026-11-01T00:00:00Z: " + text);
    }
  }

  @Override
  public BilledLine line(String place, JsonNode result, LocalDate day, ModelNames models) {
    BigDecimal cents = ReportJson.decimal(place, result, "amount");
    if (cents == null) {
      throw new BillException(place + ": 'amount' is missing");
    }
    ReportJson.requireCurrency(place, ReportJson.text(place, result, "currency"));
    String description = ReportJson.text(place, result, "description");
    String model = ReportJson.text(place, result, "model");
    String tokens = ReportJson.text(place, result, "token_type");
    String tier = ReportJson.text(place, result, "service_tier");
    Bucket bucket = bucket(ReportJson.text(place, result, "cost_type"), tokens);
    return new BilledLine(
        day,
        ReportJson.text(place, result, "workspace_id"),
        charge(model, tokens, bucket, description),
        model == null ? null : models.of(PROVIDER, model),
        bucket,
        tier == null ? null : ServiceTier.parse(tier),
        null,
        ReportJson.money(cents.movePointLeft(CENTS)),
        description == null ? "(no description: ask with group_by[]=description)" : description);
  }

  private static @Nullable Bucket bucket(@Nullable String costType, @Nullable String tokens) {
    if (tokens != null) {
      return LineItem.bucketOf(tokens);
    }
    return costType == null ? null : LineItem.bucketOf(costType);
  }

  private static Charge charge(
      @Nullable String model,
      @Nullable String tokens,
      @Nullable Bucket bucket,
      @Nullable String description) {
    boolean isOfWhole = model == null && tokens == null && bucket == null;
    return isOfWhole && description != null ? LineItem.chargeOf(description) : Charge.USAGE;
  }
}
