package dev.tributary.console;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lines as the sink loads them: the same entry in {@code ledger} and in {@code calls}. */
final class LedgerRows {
  /** 2026-03-04 12:00 UTC. */
  static final long NOON_S = 1_772_625_600L;

  static final String DAY = "from=2026-03-04T00:00:00Z&to=2026-03-05T00:00:00Z";

  private static final String COLUMNS =
      "tenant, kind, source, item, sign, revision, event_time, start_time, span_kind, purpose,"
          + " feature, feature_provenance, team, team_provenance, workspace, environment,"
          + " prompt_name, prompt_version, model_canonical, usage_quality, price_status, cost,"
          + " unpriced_tokens, input_uncached_tokens, output_text_tokens, calls, error, latency_us";

  private final List<String> rows = new ArrayList<>();

  /**
   * One entry.
   *
   * @param minute after noon
   * @param cost null: it has no price, and none of its tokens has
   */
  LedgerRows entry(
      String trace,
      String item,
      int sign,
      int revision,
      int minute,
      String feature,
      String team,
      String model,
      String prompt,
      @Nullable String cost,
      int input,
      int output,
      boolean error) {
    String at =
        "fromUnixTimestamp64Micro(toInt64(%d000000), 'UTC')".formatted(NOON_S + minute * 60L);
    rows.add(
        ("('default', 'USAGE', '%s', '%s', %d, %d, %s, %s, 'LLM', 'PRODUCT', '%s', 'OWN', '%s', 'RULE', 'acme',"
                + " 'production', '%s', '%s', '%s', '%s', '%s', %s, %d, %d, %d, 1, %s, %d)")
            .formatted(
                trace,
                item,
                sign,
                revision,
                at,
                at,
                feature,
                team,
                prompt.isEmpty() ? "unattributed" : "answer",
                prompt.isEmpty() ? "unattributed" : prompt,
                model,
                "REPORTED",
                cost == null ? "UNKNOWN_MODEL" : "PRICED",
                cost == null ? "NULL" : "toDecimal128('" + cost + "', 18)",
                cost == null ? input + output : 0,
                input,
                output,
                error,
                1_000_000 + minute * 1_000));
    return this;
  }

  /**
   * Loads each of them by itself and keeps them apart: entries that cancel out within a block or in
   * a merge would be gone before a question could forget their sign.
   */
  void into(ConsoleEngine engine) throws Exception {
    engine.sql("SYSTEM STOP MERGES calls");
    for (String table : List.of("ledger", "calls")) {
      for (String row : rows) {
        engine.sql("INSERT INTO " + table + " (" + COLUMNS + ") VALUES " + row);
      }
    }
  }

  /**
   * A day: two features, an untagged line, a line whose team and cost were corrected, one without a
   * price, one with nothing but markup for a name, and one of the day after.
   */
  static LedgerRows aDay() {
    LedgerRows rows = new LedgerRows();
    rows.entry(
        "t1",
        "a",
        1,
        1,
        0,
        "answer",
        "support",
        "m1",
        "v1",
        "0.100000000000000001",
        100,
        10,
        false);
    rows.entry(
        "t1", "b", 1, 1, 1, "answer", "support", "m1", "v2", "0.200000000000000002", 200, 20, true);
    rows.entry("t2", "c", 1, 1, 2, "search", "search", "m2", "", "3.3", 300, 30, false);
    rows.entry("t2", "d", 1, 1, 3, "unattributed", "unattributed", "m2", "", "0.05", 50, 5, false);
    rows.entry("t3", "e", 1, 1, 4, "search", "search", "own", "", null, 1000, 100, false);
    // Booked for search, corrected to answer at another price.
    rows.entry("t4", "f", 1, 1, 5, "search", "search", "m1", "v1", "7", 70, 7, false);
    rows.entry("t4", "f", -1, 1, 5, "search", "search", "m1", "v1", "7", 70, 7, false);
    rows.entry(
        "t4", "f", 1, 2, 5, "answer", "support", "m1", "v1", "5.000000000000000007", 70, 7, false);
    rows.entry(
        "t5",
        "g",
        1,
        1,
        6,
        "<img src=x onerror=alert(1)>",
        "support",
        "m1",
        "",
        "0.01",
        10,
        1,
        false);
    rows.entry("t6", "h", 1, 1, 24 * 60, "answer", "support", "m1", "v1", "1000", 10, 1, false);
    return rows;
  }
}
