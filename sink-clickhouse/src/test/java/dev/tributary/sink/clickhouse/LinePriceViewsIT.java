package dev.tributary.sink.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.LinePrice;
import dev.tributary.schemas.PriceStatus;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The views call priced and unpriced what {@link LinePrice} does, whatever a line's status. */
final class LinePriceViewsIT {
  /** What a newer writer calls a status: Java reads it as UNKNOWN, the column holds the name. */
  private static final String ADDED_LATER = "ADDED_LATER";

  private static EngineFixture engine;

  @BeforeAll
  static void start() throws SQLException {
    engine = EngineFixture.start();
    Migrations.apply(engine.options("priced"), Duration.ofDays(14));
    List<String> rows = new ArrayList<>();
    for (String status : statuses()) {
      rows.add(row(status, "NULL"));
      rows.add(row(status, "0.5"));
    }
    engine.execute(
        "INSERT INTO priced.calls (tenant, kind, source, item, sign, revision, event_time,"
            + " price_status, cost, calls) VALUES "
            + String.join(",", rows));
    for (String status : statuses()) {
      engine.execute(
          "INSERT INTO priced.ledger (tenant, kind, source, item, sign, revision, event_time, cause,"
              + " run_id) VALUES ('default', 'USAGE', '%s', 'with', 1, 1, '2026-03-01 10:05:00', 'REPRICE', 'run')"
                  .formatted(status));
      engine.execute(
          "INSERT INTO priced.traces (tenant, trace_id, revision, end_time, calls, unpriced_calls)"
              + " VALUES ('default', '%s', 1, '2026-03-01 10:05:00', 2, 9)".formatted(status));
    }
  }

  @AfterAll
  static void stop() {
    if (engine != null) {
      engine.close();
    }
  }

  private static List<String> statuses() {
    return Stream.concat(Stream.of(PriceStatus.values()).map(Enum::name), Stream.of(ADDED_LATER))
        .toList();
  }

  private static String row(String status, String cost) {
    return "('default', 'USAGE', '%s', '%s', 1, 1, '2026-03-01 10:05:00', '%s', %s, 1)"
        .formatted(status, cost.equals("NULL") ? "without" : "with", status, cost);
  }

  private static LedgerLine line(String status, String item) {
    LedgerLine line = new LedgerLine();
    line.setPriceStatus(
        status.equals(ADDED_LATER) ? PriceStatus.UNKNOWN : PriceStatus.valueOf(status));
    line.setCost(item.equals("with") ? new BigDecimal("0.5") : null);
    return line;
  }

  private static List<String> expected() {
    List<String> expected = new ArrayList<>();
    for (String status : statuses()) {
      for (String item : List.of("with", "without")) {
        LedgerLine line = line(status, item);
        expected.add(
            "%s %s %s %s"
                .formatted(status, item, LinePrice.isPriced(line), LinePrice.isUnpriced(line)));
      }
    }
    return expected;
  }

  @Test
  void lines_ofEveryStatus_arePricedAsTheyAreInJava() {
    for (String view : List.of("lines_net", "lines_signed")) {
      assertThat(
              engine.texts(
                  "SELECT concat(source, ' ', item, ' ', if(is_priced, 'true', 'false'), ' ',"
                      + " if(is_unpriced, 'true', 'false')) FROM priced."
                      + view))
          .as(view)
          .containsExactlyInAnyOrderElementsOf(expected());
    }
  }

  /** Each status, and how many of its two lines are so. */
  private static Stream<String> counted(Predicate<LedgerLine> isSo) {
    return statuses().stream()
        .map(
            status ->
                status
                    + ' '
                    + Stream.of("with", "without")
                        .filter(item -> isSo.test(line(status, item)))
                        .count());
  }

  /** A trace of which a command corrected a line takes its sums from the lines. */
  @Test
  void tracesOfCorrectedLines_countAsTheirLinesDo() {
    assertThat(
            engine.texts(
                "SELECT concat(trace_id, ' ', toString(unpriced_calls)) FROM priced.traces_net"))
        .containsExactlyInAnyOrderElementsOf(
            counted(LinePrice::isUnpriced).collect(Collectors.toList()));
  }

  @Test
  void unpriced_lists_whereASumIsALowerBound() {
    assertThat(
            engine.texts("SELECT concat(price_status, ' ', toString(calls)) FROM priced.unpriced"))
        .containsExactlyInAnyOrderElementsOf(
            counted(LinePrice::isLowerBound)
                .filter(listed -> !listed.endsWith(" 0"))
                .collect(Collectors.toList()));
  }
}
