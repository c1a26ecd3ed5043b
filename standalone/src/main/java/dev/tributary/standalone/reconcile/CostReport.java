package dev.tributary.standalone.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tributary.pricing.reconcile.BilledLine;
import java.time.LocalDate;

/** A provider's reply in the form that providers share: pages of daily buckets with results. */
interface CostReport {
  /** The day on which a bucket begins, UTC; fails with its place. */
  LocalDate start(String place, JsonNode bucket);

  /** The day on which it ends, exclusive; fails with its place. */
  LocalDate end(String place, JsonNode bucket);

  /** One result; fails with its place. */
  BilledLine line(String place, JsonNode result, LocalDate day, ModelNames models);

  /** Adds a page to the bill. */
  default void read(String file, JsonNode page, ModelNames models, BillDays days) {
    int number = 0;
    for (JsonNode bucket : ReportJson.list(file, page, "data")) {
      String place = file + ", data " + ++number;
      LocalDate day = start(place, bucket);
      days.cover(place, day, end(place, bucket));
      int at = 0;
      for (JsonNode result : ReportJson.list(place, bucket, "results")) {
        days.add(line(place + ", result " + ++at, result, day, models));
      }
    }
    days.page(file, page.path("has_more").asBoolean());
  }
}
