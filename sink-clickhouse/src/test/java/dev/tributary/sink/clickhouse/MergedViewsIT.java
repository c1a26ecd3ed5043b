package dev.tributary.sink.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Lines that were corrected up to three times, to other prices, owners, times and none at all: what
 * a view says of them is the same before a retraction merges with what it retracts and after.
 */
final class MergedViewsIT {
  private static final long SEED = Long.getLong("tributary.seed", 20_261_122L);
  private static final int LINES = 120;

  /** Views over lines, without those that show entries. */
  private static final List<String> VIEWS =
      List.of(
          "lines_net",
          "calls_net",
          "spend",
          "traffic",
          "tokens",
          "latency",
          "errors",
          "spend_by_bucket",
          "coverage",
          "instrumentation_checks",
          "instrumentation",
          "unpriced",
          "null_costs",
          "spend_by_model_minute",
          "unit_costs",
          "chargeback",
          "comparison_sums",
          "focus");

  private static final Random RANDOM = new Random(SEED);
  private static EngineFixture engine;
  private static BigDecimal net = BigDecimal.ZERO;

  /**
   * What a line says, as SQL literals: what stands before its price status, the status, the cost
   * (null: none) and what stands behind.
   */
  private record Said(String head, String status, @Nullable String cost, String tail) {
    String row(int line, int sign, int revision) {
      return "('%s', 'USAGE', 't%d', 's%d', %d, %d, %s, '%s', %s, %s)"
          .formatted(
              line % 7 == 0 ? "o\\'neill" : "default",
              line / 3,
              line,
              sign,
              revision,
              head,
              status,
              cost == null ? "NULL" : cost,
              tail);
    }
  }

  @BeforeAll
  static void start() throws SQLException {
    engine = EngineFixture.start();
    Migrations.apply(engine.options("merged"), Duration.ofDays(14));
    engine.execute("SYSTEM STOP MERGES merged.calls");
    List<List<String>> batches = new ArrayList<>();
    for (int line = 0; line < LINES; line++) {
      correct(line, batches);
    }
    for (String table : List.of("calls", "ledger")) {
      for (List<String> batch : batches) {
        engine.execute(
            ("INSERT INTO merged.%s (tenant, kind, source, item, sign, revision, event_time, environment,"
                    + " feature, team, cost_center, span_kind, purpose, service_name, surface,"
                    + " model_canonical, feature_provenance, usage_quality, price_status, cost,"
                    + " unpriced_tokens, calls, error, attempt, latency_us, ttft_us, finish_reasons,"
                    + " input_uncached_tokens, output_text_tokens, prompt_version) VALUES %s")
                .formatted(table, String.join(", ", batch)));
      }
    }
  }

  @AfterAll
  static void stop() {
    if (engine != null) {
      engine.close();
    }
  }

  /** Books a line, then retracts it and books it anew some times; the last may be retracted too. */
  private static void correct(int line, List<List<String>> batches) {
    Said said = said();
    for (int revision = 1; revision <= 4; revision++) {
      batch(batches, revision).add(said.row(line, 1, revision));
      if (revision == 4 || RANDOM.nextInt(5) < 2) {
        net = said.cost() == null ? net : net.add(new BigDecimal(said.cost()));
        return;
      }
      batch(batches, revision + 1).add(said.row(line, -1, revision));
      if (RANDOM.nextInt(8) == 0) {
        return;
      }
      said =
          RANDOM.nextBoolean()
              ? said()
              : priced(said.head(), one("PRICED", "UNKNOWN_MODEL", "FREE"), said.tail());
    }
  }

  private static List<String> batch(List<List<String>> batches, int number) {
    while (batches.size() <= number) {
      batches.add(new ArrayList<>());
    }
    return batches.get(number);
  }

  private static Said said() {
    String status = one("PRICED", "PRICED", "UNKNOWN_MODEL", "NO_USAGE", "NOT_BILLABLE", "FREE");
    String kind = one("LLM", "LLM", "EMBEDDING", "TOOL", "RETRIEVAL");
    String head =
        "'%s', '%s', '%s', '%s', '%s', '%s', '%s', %s, %s, %s, '%s', '%s'"
            .formatted(
                one("2026-01-31 23:59:59.999999", "2026-02-01 00:00:00", "2026-02-01 00:14:59.5"),
                one("prod", "unattributed"),
                one("chat", "f|x", "unattributed"),
                one("blue", "unattributed"),
                one("cc", "unattributed"),
                kind,
                one("PRODUCT", "EVAL"),
                one("NULL", "'svc'"),
                one("NULL", "'openai'"),
                one("NULL", "'gpt'"),
                one("OWN", "RULE", "UNATTRIBUTED"),
                one("REPORTED", "ESTIMATED"));
    String tail =
        "%s, %d, %s, %s, %d, %s, %s, %s, %s, '%s'"
            .formatted(
                one("0", "7"),
                kind.equals("LLM") || kind.equals("EMBEDDING") ? 1 : 0,
                one("false", "false", "true"),
                one("NULL", "2"),
                RANDOM.nextInt(100),
                one("NULL", "3"),
                one("[]", "['LENGTH']"),
                one("NULL", "0", "4000"),
                one("NULL", "9"),
                one("v1", "unattributed"));
    return priced(head, status, tail);
  }

  private static Said priced(String head, String status, String tail) {
    String cost =
        switch (status) {
          case "PRICED" -> "%d.%018d".formatted(RANDOM.nextInt(3), RANDOM.nextInt(1 << 30));
          case "FREE" -> "0";
          default -> null;
        };
    return new Said(head, status, cost, tail);
  }

  private static String one(String... choices) {
    return choices[RANDOM.nextInt(choices.length)];
  }

  @Test
  void views_beforeAndAfterMerges_sayTheSame() {
    Map<String, List<String>> before = read();

    engine.execute("SYSTEM START MERGES merged.calls");
    engine.execute("OPTIMIZE TABLE merged.calls FINAL");

    assertThat(engine.ask("SELECT toString(uniqExact(sign)) FROM merged.calls"))
        .as("all retractions have merged, seed %d", SEED)
        .isEqualTo("1");
    Map<String, List<String>> after = read();
    VIEWS.forEach(
        view ->
            assertThat(after.get(view))
                .as("%s, seed %d", view, SEED)
                .containsExactlyElementsOf(before.get(view)));
  }

  @Test
  void totals_ofAllViews_areTheNetOfTheLedger() {
    for (String sum :
        List.of(
            "SELECT toString(sum(coalesce(cost, 0)) + sum(coalesce(cost_estimated, 0))) FROM merged.spend",
            "SELECT toString(sum(cost)) FROM merged.coverage",
            "SELECT toString(sum(known_cost)) FROM merged.unit_costs",
            "SELECT toString(sum(known_cost)) FROM merged.chargeback",
            "SELECT toString(sum(cost)) FROM merged.spend_by_model_minute",
            "SELECT toString(sum(BilledCost)) FROM merged.focus",
            "SELECT toString(sum(cost)) FROM merged.lines_net")) {
      assertThat(new BigDecimal(engine.ask(sum)))
          .as("%s, seed %d", sum, SEED)
          .isEqualByComparingTo(net);
    }
  }

  private static Map<String, List<String>> read() {
    Map<String, List<String>> rows = new TreeMap<>();
    for (String view : VIEWS) {
      String columns =
          engine.ask(
              "SELECT arrayStringConcat(groupArray(name), ', ') FROM system.columns"
                  + " WHERE database = 'merged' AND table = '"
                  + view
                  + "'");
      rows.put(
          view,
          engine
              .query("SELECT toString(tuple(" + columns + ")) AS said FROM merged." + view)
              .stream()
              .map(row -> row.getString(1))
              .sorted()
              .toList());
    }
    return rows;
  }
}
