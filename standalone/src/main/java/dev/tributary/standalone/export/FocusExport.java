package dev.tributary.standalone.export;

import dev.tributary.schemas.Keys;
import dev.tributary.standalone.platform.PlatformException;
import dev.tributary.standalone.platform.SqlClient;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * The view {@code focus} as a CSV file of FOCUS 1.2: a line of column names, then a row per charge;
 * null is an empty field, times are ISO 8601 in UTC. Asked for day by day, so that a month needs no
 * more memory than a day.
 */
public final class FocusExport {
  private static final String ORDER =
      " ORDER BY ChargePeriodStart, ServiceName, SkuId, SubAccountId, x_team, x_feature, BilledCost";
  private static final String SETTINGS =
      " SETTINGS format_csv_null_representation = '', date_time_output_format = 'iso',"
          + " output_format_csv_crlf_end_of_line = 0";

  /**
   * What is exported.
   *
   * @param from start of the first charge period (inclusive)
   * @param to end (exclusive)
   */
  public record Range(String tenant, Instant from, Instant to) {
    /** Checks the names. */
    public Range {
      if (!Keys.isTenant(tenant)) {
        throw new PlatformException("--tenant: no name of a tenant: " + tenant);
      }
      if (!from.isBefore(to)) {
        throw new PlatformException("--from must be before --to: " + from + ", " + to);
      }
      // A charge period is an hour, and is exported whole or not at all.
      requireHour("--from", from);
      requireHour("--to", to);
    }

    private static void requireHour(String option, Instant time) {
      if (!time.truncatedTo(ChronoUnit.HOURS).equals(time)) {
        throw new PlatformException(
            option + " must be a full hour, because a charge period is one: " + time);
      }
    }

    private String condition() {
      return " WHERE BillingAccountId = '%s' AND ChargePeriodStart >= toDateTime(%d, 'UTC')"
              .formatted(tenant, from.getEpochSecond())
          + " AND ChargePeriodStart < toDateTime(%d, 'UTC')".formatted(to.getEpochSecond());
    }
  }

  private final SqlClient sql;

  /** Exports through this client. */
  public FocusExport(SqlClient sql) {
    this.sql = sql;
  }

  /**
   * A day or a moment; a range is of full hours.
   *
   * @throws PlatformException naming the option
   */
  public static Instant time(String option, String text) {
    try {
      return text.length() == 10
          ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
          : Instant.parse(text);
    } catch (DateTimeException e) {
      throw new PlatformException(
          option
              + ": a day or time such as 2026-01-31 or 2026-01-31T08:00:00Z is expected: "
              + text,
          e);
    }
  }

  /**
   * Writes the rows.
   *
   * @return how many
   */
  public long write(Range range, Writer to) throws IOException, InterruptedException {
    long rows = 0;
    boolean isFirst = true;
    Instant from = range.from();
    while (from.isBefore(range.to())) {
      Instant next = from.plus(Duration.ofDays(1));
      Range day = new Range(range.tenant(), from, next.isBefore(range.to()) ? next : range.to());
      String csv =
          sql.run(
              "SELECT * FROM focus" + day.condition() + ORDER + SETTINGS,
              isFirst ? "CSVWithNames" : "CSV");
      to.write(csv);
      // A printer is silent about a full disk and a reader that left.
      if (to instanceof PrintWriter printer && printer.checkError()) {
        throw new IOException("the output failed: not all rows are in it");
      }
      rows += csv.lines().count() - (isFirst ? 1 : 0);
      isFirst = false;
      from = day.to();
    }
    to.flush();
    return rows;
  }

  /** Calls and tokens that are not in the file because nobody knows their price. */
  public List<String> withoutPrice(Range range) throws IOException, InterruptedException {
    String counted =
        sql.run(
            ("SELECT sumIf(sign * l.calls, is_unpriced),"
                    + " sum(sign * l.unpriced_tokens) FROM lines_signed AS l WHERE tenant = '%s'"
                    + " AND event_time >= toDateTime(%d, 'UTC')"
                    + " AND event_time < toDateTime(%d, 'UTC')")
                .formatted(
                    range.tenant(), range.from().getEpochSecond(), range.to().getEpochSecond()),
            "TabSeparated");
    return List.of(counted.strip().split("\t", -1));
  }
}
