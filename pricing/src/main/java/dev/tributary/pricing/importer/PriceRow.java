package dev.tributary.pricing.importer;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tributary.pricing.TimeWindow;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One of a model's rows of prices with its condition. Of the rows whose condition holds the last
 * one counts.
 *
 * @param from first moment it may hold; null: always
 * @param window hours it holds in; null: all
 */
record PriceRow(@Nullable Instant from, @Nullable TimeWindow window, JsonNode prices) {
  /** A row in a time in which the same rows compete. */
  record Span(PriceRow row, @Nullable Instant from, @Nullable Instant until) {}

  /** Reads one object of prices, or a list of rows. */
  static List<PriceRow> of(JsonNode prices) {
    if (prices.isObject()) {
      return List.of(new PriceRow(null, null, prices));
    }
    List<PriceRow> rows = new ArrayList<>();
    for (JsonNode item : prices) {
      JsonNode constraint = item.path("constraint");
      rows.add(new PriceRow(from(constraint), window(constraint), item.path("prices")));
    }
    if (rows.isEmpty()) {
      throw new IllegalArgumentException("a model has no prices");
    }
    return rows;
  }

  private static @Nullable Instant from(JsonNode constraint) {
    JsonNode date = constraint.path("start_date");
    return date.isTextual()
        ? LocalDate.parse(date.textValue()).atStartOfDay(ZoneOffset.UTC).toInstant()
        : null;
  }

  private static @Nullable TimeWindow window(JsonNode constraint) {
    JsonNode start = constraint.path("start_time");
    if (start.isTextual()) {
      return TimeWindow.daily(utc(start.textValue()), utc(constraint.path("end_time").asText()));
    }
    if (!constraint.isMissingNode() && !constraint.isNull() && !constraint.has("start_date")) {
      throw new IllegalArgumentException("unknown constraint: " + constraint);
    }
    return null;
  }

  private static LocalTime utc(String time) {
    return OffsetTime.parse(time).withOffsetSameInstant(ZoneOffset.UTC).toLocalTime();
  }

  /** Each row in each time in which it can be the last that holds. */
  static List<Span> spans(List<PriceRow> rows) {
    TreeSet<Instant> starts = new TreeSet<>();
    rows.forEach(
        row -> {
          if (row.from != null) {
            starts.add(row.from);
          }
        });
    List<@Nullable Instant> bounds = new ArrayList<>();
    bounds.add(null);
    bounds.addAll(starts);
    List<Span> spans = new ArrayList<>();
    for (int i = 0; i < bounds.size(); i++) {
      Instant until = i + 1 < bounds.size() ? bounds.get(i + 1) : null;
      spans.addAll(inForce(rows, bounds.get(i), until));
    }
    return spans;
  }

  /** From the last row backwards: one without hours hides every row before it. */
  private static List<Span> inForce(
      List<PriceRow> rows, @Nullable Instant from, @Nullable Instant until) {
    List<Span> spans = new ArrayList<>();
    for (int i = rows.size() - 1; i >= 0; i--) {
      PriceRow row = rows.get(i);
      boolean holds = row.from == null || (from != null && !from.isBefore(row.from));
      if (holds) {
        spans.add(new Span(row, from, until));
        if (row.window == null) {
          return spans;
        }
      }
    }
    return spans;
  }
}
