package dev.tributary.standalone.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tributary.pricing.reconcile.BilledLine;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/**
 * Replies of OpenAI's {@code GET /organization/costs}, grouped by project and line item: pages of
 * daily buckets, amounts in dollars as JSON numbers, what they are for as free text.
 */
final class OpenAiCosts implements CostReport {
  /** Surface of the ledger. */
  static final String PROVIDER = "openai";

  @Override
  public LocalDate start(String place, JsonNode bucket) {
    return day(place, bucket, "start_time");
  }

  @Override
  public LocalDate end(String place, JsonNode bucket) {
    return day(place, bucket, "end_time");
  }

  private static LocalDate day(String place, JsonNode bucket, String field) {
    JsonNode seconds = bucket.path(field);
    if (!seconds.canConvertToLong() || !seconds.isIntegralNumber()) {
      throw new BillException(place + ": '" + field + "' must be seconds since 1970");
    }
    return LocalDate.ofInstant(Instant.ofEpochSecond(seconds.longValue()), ZoneOffset.UTC);
  }

  @Override
  public BilledLine line(String place, JsonNode result, LocalDate day, ModelNames models) {
    JsonNode amount = result.path("amount");
    BigDecimal value = ReportJson.decimal(place, amount, "value");
    if (value == null) {
      throw new BillException(place + ": 'amount.value' is missing");
    }
    ReportJson.requireCurrency(place, ReportJson.text(place, amount, "currency"));
    String text = ReportJson.text(place, result, "line_item");
    LineItem item = LineItem.parse(text);
    String model = item.model();
    return new BilledLine(
        day,
        ReportJson.text(place, result, "project_id"),
        item.charge(),
        model == null || item.bucket() == null ? null : models.of(PROVIDER, model),
        item.bucket(),
        item.tier(),
        null,
        ReportJson.money(value),
        text == null ? "(no line_item: ask with group_by=line_item)" : text);
  }
}
