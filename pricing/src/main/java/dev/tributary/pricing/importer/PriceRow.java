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
 * one counts; where none holds, the first.
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
      PriceRow row = row(constraint, item.path("prices"));
      if (row != null) {
        rows.add(row);
      }
    }
    if (rows.isEmpty()) {
      throw new IllegalArgumentException("a model has no prices");
    }
    return rows;
  }

  /** Null for hours that never come, which start when they end. */
  private static @Nullable PriceRow row(JsonNode constraint, JsonNode prices) {
    if (constraint.isMissingNode() || constraint.isNull()) {
      return new PriceRow(null, null, prices);
    }
    JsonNode date = constraint.path("start_date");
    if (date.isTextual()) {
      Instant from = LocalDate.parse(date.textValue()).atStartOfDay(ZoneOffset.UTC).toInstant();
      return new PriceRow(from, null, prices);
    }
    JsonNode start = constraint.path("start_time");
    if (!start.isTextual()) {
      throw new IllegalArgumentException("unknown constraint: " + constraint);
    }
    LocalTime from = utc(start.textValue());
    LocalTime to = utc(constraint.path("end_time").asText());
    return from.equals(to) ? null : new PriceRow(null, TimeWindow.daily(from, to), prices);
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
      for (PriceRow row : inForce(rows, bounds.get(i))) {
        spans.add(new Span(row, bounds.get(i), until));
      }
    }
    return spans;
  }

  /** From the last row backwards: one without hours hides every row before it. */
  private static List<PriceRow> inForce(List<PriceRow> rows, @Nullable Instant from) {
    List<PriceRow> byHours = new ArrayList<>();
    PriceRow base = null;
    for (int i = rows.size() - 1; i >= 0 && base == null; i--) {
      PriceRow row = rows.get(i);
      boolean holds = row.from == null || (from != null && !from.isBefore(row.from));
      if (holds && row.window == null) {
        base = row;
      } else if (holds) {
        byHours.add(row);
      }
    }
    List<PriceRow> inForce = hours(byHours);
    PriceRow first = rows.get(0);
    inForce.add(base != null ? base : new PriceRow(null, null, first.prices));
    return inForce;
  }

  /**
   * The hours of each row without those that a stronger one takes.
   *
   * @param rows the strongest first
   */
  private static List<PriceRow> hours(List<PriceRow> rows) {
    TreeSet<LocalTime> bounds = new TreeSet<>();
    for (PriceRow row : rows) {
      if (row.window != null) {
        bounds.add(row.window.utcFrom());
        bounds.add(row.window.utcTo());
      }
    }
    List<LocalTime> times = new ArrayList<>(bounds);
    List<PriceRow> hours = new ArrayList<>();
    for (int i = 0; i < times.size(); i++) {
      PriceRow row = strongestAt(rows, times.get(i));
      LocalTime start = times.get(i);
      // Goes on while the same row is the strongest; a bound of a weaker one changes nothing.
      while (i + 1 < times.size()
          && row != null
          && row.equals(strongestAt(rows, times.get(i + 1)))) {
        i++;
      }
      if (row != null) {
        TimeWindow window = TimeWindow.daily(start, times.get((i + 1) % times.size()));
        hours.add(new PriceRow(null, window, row.prices));
      }
    }
    return hours;
  }

  private static @Nullable PriceRow strongestAt(List<PriceRow> rows, LocalTime time) {
    Instant moment = LocalDate.EPOCH.atTime(time).toInstant(ZoneOffset.UTC);
    for (PriceRow row : rows) {
      if (row.window != null && row.window.contains(moment)) {
        return row;
      }
    }
    return null;
  }
}
