package dev.tributary.sink.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Days of a time zone are sums of quarters of an hour, also where clocks change and where a zone is
 * half an hour off; expected sums are made in Java from the entries.
 */
final class ZoneDaysIT {
  private static final long SEED = Long.getLong("tributary.seed", 20_261_121L);
  private static final int LINES = 1_500;

  /** A week around the change of clocks in New York, in spring and in autumn. */
  private static final List<Instant> WEEKS =
      List.of(Instant.parse("2026-03-05T00:00:00Z"), Instant.parse("2026-10-29T00:00:00Z"));

  private static EngineFixture engine;
  private static final List<Entry> ENTRIES = new ArrayList<>();

  private record Entry(Instant at, BigDecimal signedCost, int sign) {}

  @BeforeAll
  static void start() throws SQLException {
    engine = EngineFixture.start();
    Migrations.apply(engine.options("days"), Duration.ofDays(14));
    Random random = new Random(SEED);
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < LINES; i++) {
      Instant at =
          WEEKS
              .get(i % 2)
              .plusMillis(random.nextInt(7 * 24 * 60) * 60_000L + random.nextInt(60_000));
      String cost = "0.%018d".formatted(1 + random.nextInt(1_000_000_000));
      add(rows, i, 1, 1, at, cost);
      if (i % 5 == 0) {
        // Retracted, and every other time booked anew for more.
        add(rows, i, -1, 1, at, cost);
        if (i % 10 == 0) {
          add(rows, i, 1, 2, at, cost.replaceFirst("0\\.", "1."));
        }
      }
    }
    engine.execute(
        "INSERT INTO days.calls (tenant, kind, source, item, sign, revision, event_time, feature,"
            + " price_status, cost, calls) VALUES "
            + String.join(", ", rows));
  }

  private static void add(
      List<String> rows, int line, int sign, int revision, Instant at, String cost) {
    rows.add(
        "('default', 'USAGE', 't%d', 's', %d, %d, '%s', 'chat', 'PRICED', %s, 1)"
            .formatted(
                line, sign, revision, at.toString().replace('T', ' ').replace("Z", ""), cost));
    BigDecimal amount = new BigDecimal(cost);
    ENTRIES.add(new Entry(at, sign > 0 ? amount : amount.negate(), sign));
  }

  @AfterAll
  static void stop() {
    if (engine != null) {
      engine.close();
    }
  }

  @ParameterizedTest
  @CsvSource({"Asia/Kolkata", "America/New_York", "Australia/Lord_Howe", "UTC"})
  void unitCosts_byDayOfAZone_areTheEntriesOwnSums(String zoneName) {
    Map<LocalDate, BigDecimal> expected = new TreeMap<>();
    Map<LocalDate, Long> calls = new TreeMap<>();
    for (Entry entry : ENTRIES) {
      LocalDate day = entry.at().atZone(ZoneId.of(zoneName)).toLocalDate();
      expected.merge(day, entry.signedCost(), BigDecimal::add);
      calls.merge(day, (long) entry.sign(), Long::sum);
    }

    Map<LocalDate, BigDecimal> found = new TreeMap<>();
    Map<LocalDate, Long> foundCalls = new TreeMap<>();
    engine
        .query(
            "SELECT toString(toDate(quarter, '%s')) AS day, toString(sum(known_cost)), toString(sum(calls))"
                    .formatted(zoneName)
                + " FROM days.unit_costs GROUP BY day")
        .forEach(
            row -> {
              LocalDate day = LocalDate.parse(row.getString(1));
              found.put(day, new BigDecimal(row.getString(2)));
              foundCalls.put(day, Long.valueOf(row.getString(3)));
            });

    assertThat(foundCalls).as("seed %d", SEED).isEqualTo(calls);
    assertThat(found.keySet()).isEqualTo(expected.keySet());
    expected.forEach(
        (day, cost) ->
            assertThat(found.get(day)).as("seed %d, %s", SEED, day).isEqualByComparingTo(cost));
  }
}
