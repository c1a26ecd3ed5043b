package dev.tributary.sink.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Views over lines, traces and sessions: each answer counted by hand from a few rows. */
final class LineViewsIT {
  private static final String CALLS =
      "INSERT INTO lines.calls (tenant, kind, source, item, sign, revision, event_time, environment,"
          + " feature, team, workspace, span_kind, purpose, model_canonical, price_status, cost,"
          + " calls, error, error_type, http_status, attempt, fallback_from, finish_reasons,"
          + " retrieval_hits, latency_us, ttft_us, usage_quality, input_uncached_tokens,"
          + " cache_read_tokens, output_text_tokens, reasoning_tokens) VALUES ";

  private static EngineFixture engine;

  @BeforeAll
  static void start() throws SQLException {
    engine = EngineFixture.start();
    Migrations.apply(engine.options("lines"), Duration.ofDays(14));
    String good = "false, NULL, NULL";
    String bad = "true, 'timeout', 504";
    String usage = "'REPORTED', 10, 5, 7, 2";
    String none = "'MISSING', NULL, NULL, NULL, NULL";
    engine.execute(
        CALLS
            + String.join(
                ", ",
                line("a", 1, 1, "LLM", "0.5", 1, good, "NULL, NULL, ['STOP'], NULL", usage),
                line("a", -1, 1, "LLM", "0.5", 1, good, "NULL, NULL, ['STOP'], NULL", usage),
                line("a", 1, 2, "LLM", "0.25", 1, good, "1, NULL, ['LENGTH'], NULL", usage),
                line(
                    "b",
                    1,
                    1,
                    "LLM",
                    "0.125",
                    1,
                    bad,
                    "2, 'gpt-4', ['LENGTH', 'REFUSAL'], NULL",
                    usage),
                line(
                    "c",
                    1,
                    1,
                    "EMBEDDING",
                    "NULL",
                    1,
                    good,
                    "NULL, NULL, ['CONTENT_FILTER'], NULL",
                    none),
                line(
                    "d",
                    1,
                    1,
                    "LLM",
                    "0.0625",
                    1,
                    good,
                    "NULL, NULL, [], NULL",
                    "'ESTIMATED', 3, NULL, 1, NULL"),
                line("e", 1, 1, "TOOL", "NULL", 0, bad, "NULL, NULL, [], NULL", none),
                line("f", 1, 1, "MCP", "NULL", 0, good, "NULL, NULL, [], NULL", none),
                line("g", 1, 1, "RETRIEVAL", "NULL", 0, good, "NULL, NULL, [], 0", none),
                line("h", 1, 1, "RETRIEVAL", "NULL", 0, good, "NULL, NULL, [], 3", none),
                line("i", 1, 1, "RETRIEVAL", "NULL", 0, good, "NULL, NULL, [], NULL", none)));
  }

  private static String line(
      String item,
      int sign,
      int revision,
      String kind,
      String cost,
      int calls,
      String error,
      String ends,
      String usage) {
    String status = !cost.equals("NULL") ? "PRICED" : calls == 1 ? "UNKNOWN_MODEL" : "NOT_BILLABLE";
    return ("('default', 'USAGE', 't', '%s', %d, %d, '2026-03-01 10:05:00', 'prod', 'chat', 'blue', 'w',"
            + " '%s', 'PRODUCT', 'gpt-5', '%s', %s, %d, %s, %s, 100, NULL, %s)")
        .formatted(item, sign, revision, kind, status, cost, calls, error, ends, usage);
  }

  @AfterAll
  static void stop() {
    if (engine != null) {
      engine.close();
    }
  }

  @Test
  void traffic_countsCallsOnce_andToolsAndRetrievalsBeside() {
    assertThat(
            engine.texts(
                "SELECT toString((calls, failed_calls, retries, fallbacks, refusals, length_stops,"
                    + " content_filters, tool_calls, retrievals, empty_retrievals)) FROM lines.traffic"
                    + " WHERE feature = 'chat'"))
        .containsExactly("(4,1,1,1,1,2,1,2,3,1)");
  }

  @Test
  void spend_estimatedApart_andWhatHasNoPrice() {
    assertThat(
            engine.texts(
                "SELECT toString((calls, cost, cost_estimated, priced_calls, unpriced_calls))"
                    + " FROM lines.spend WHERE feature = 'chat'"))
        .containsExactly("(4,0.375,0.0625,3,1)");
  }

  @Test
  void tokens_reportedAndEstimated_nullWhereNobodyStatesThem() {
    assertThat(
            engine.texts(
                "SELECT toString((is_estimated, calls, input_uncached, cache_read, cache_write_5m,"
                    + " output_text, reasoning, calls_without_usage)) FROM lines.tokens"
                    + " WHERE feature = 'chat' ORDER BY is_estimated"))
        .containsExactly("(0,3,20,10,NULL,14,4,1)", "(1,1,3,NULL,NULL,1,NULL,0)");
  }

  @Test
  void errors_byKind_withWhatTheyCost() {
    assertThat(
            engine.texts(
                "SELECT toString((span_kind, error_type, http_status, failures, failed_calls,"
                    + " cost_of_failures)) FROM lines.errors ORDER BY span_kind"))
        .containsExactly("('LLM','timeout',504,1,1,0.125)", "('TOOL','timeout',504,1,0,NULL)");
  }

  /** What was blocked has no answer to count, and an image no tokens; what was written has. */
  @Test
  void instrumentationChecks_inputAlone_isHalfAUsageOnlyWhereATextWasWritten() {
    String line =
        "('halves', 'USAGE', 't', '%s', 1, 1, '2026-03-01 10:05:00', 'LLM', 1, ['%s'], 'REPORTED', 10)";
    engine.execute(
        "INSERT INTO lines.calls (tenant, kind, source, item, sign, revision, event_time, span_kind,"
            + " calls, finish_reasons, usage_quality, input_uncached_tokens) VALUES "
            + String.join(
                ", ",
                line.formatted("blocked", "CONTENT_FILTER"),
                line.formatted("refused", "REFUSAL"),
                line.formatted("drawn", "STOP"),
                line.formatted("half", "STOP"),
                line.formatted("chat", "STOP")));
    String span = "('%s', 't', '%s', '%s', now64(6), now64(6))";
    engine.execute(
        "INSERT INTO lines.spans (tenant, trace_id, span_id, operation, start_time, end_time) VALUES "
            + String.join(
                ", ",
                span.formatted("halves", "drawn", "image_generation"),
                span.formatted("halves", "chat", "chat"),
                span.formatted("other", "half", "image_generation")));
    String checks =
        "SELECT toString((sum(cases), sum(ok_cases))) FROM lines.instrumentation_checks"
            + " WHERE tenant = 'halves' AND check = 'usage'";

    assertThat(engine.texts(checks)).containsExactly("(5,3)");

    // Spans go, and lines stay.
    engine.execute("TRUNCATE TABLE lines.spans");
    assertThat(engine.texts(checks)).containsExactly("(5,3)");
  }

  @Test
  void nullCosts_byStatus_netLines() {
    assertThat(
            engine.texts(
                "SELECT toString((status, lines, calls)) FROM lines.null_costs WHERE tenant ="
                    + " 'default' AND first_seen < '2026-03-02' ORDER BY status"))
        .containsExactly("('NOT_BILLABLE',5,0)", "('UNKNOWN_MODEL',1,1)");
  }

  /** 100 calls of 1 to 100: the rank of p is 100 p, not one more. Of 20, the 19th is the 95th. */
  @Test
  void percentiles_nearestRank_wherePartsAreWhole() {
    engine.execute(
        "INSERT INTO lines.calls (tenant, kind, source, item, sign, revision, event_time, feature, calls,"
            + " latency_us, ttft_us) SELECT 'default', 'USAGE', 'p', toString(number), 1, 1,"
            + " '2026-03-03 10:00:00', 'paced', 1, number + 1, if(number < 20, number + 1, NULL)"
            + " FROM numbers(100)");
    engine.execute(
        "INSERT INTO lines.sessions (tenant, session_id, revision, end_time, feature, turns, cost) SELECT"
            + " 'default', toString(number), 1, '2026-03-03 10:00:00', 'paced', 1, (number + 1) / 8"
            + " FROM numbers(20)");

    assertThat(
            engine.texts(
                "SELECT toString((measured_calls, latency_us_mean, latency_us_p50, latency_us_p95,"
                    + " latency_us_p99, latency_us_max, ttft_calls, ttft_us_p50, ttft_us_p95))"
                    + " FROM lines.latency WHERE feature = 'paced'"))
        .containsExactly("(100,50.5,50,95,99,100,20,10,19)");
    assertThat(
            engine.texts(
                "SELECT toString((session_count, cost_per_session_p50, cost_per_session_p95))"
                    + " FROM lines.session_costs WHERE feature = 'paced'"))
        .containsExactly("(20,1.25,2.375)");
  }

  @Test
  void correctionsInTheAudit_byBucketAndRun() {
    String entry =
        "('default', 'USAGE', 't', 's', %d, %d, '%s', %s, '2026-03-01 10:05:00', 'audit', '%s', %s,"
            + " ['in.text.uncached', 'out.text'], [%s, 9], [%s, NULL], 1)";
    engine.execute(
        "INSERT INTO lines.ledger (tenant, kind, source, item, sign, revision, cause, run_id, event_time,"
            + " feature, rate_card_id, cost, cost_lines.bucket, cost_lines.quantity, cost_lines.cost, calls)"
            + " VALUES "
            + String.join(
                ", ",
                entry.formatted(1, 1, "INITIAL", "NULL", "card", "0.5", "100", "0.5"),
                entry.formatted(-1, 1, "REPRICE", "'r1'", "card", "0.5", "100", "0.5"),
                entry.formatted(1, 2, "REPRICE", "'r1'", "card", "0.75", "150", "0.75")));

    assertThat(
            engine.texts(
                "SELECT toString((rate_card_id, bucket, quantity, cost, unpriced_quantity))"
                    + " FROM lines.spend_by_bucket WHERE feature = 'audit' ORDER BY bucket"))
        .containsExactly("('card','in.text.uncached',150,0.75,0)", "('card','out.text',9,NULL,9)");
    assertThat(
            engine.texts(
                "SELECT toString((run, cause, entries, lines, cost_change)) FROM lines.correction_runs"))
        .containsExactly("('r1','REPRICE',2,1,0.25)");
  }

  /**
   * Twenty calls of 100 tokens and one of 1 000 with 100 of output: 600 of 1 400 parts too much.
   */
  @Test
  void savings_longContext_whatIsAboveFourMedians() {
    engine.execute(
        "INSERT INTO lines.calls (tenant, kind, source, item, sign, revision, event_time, feature,"
            + " model_canonical, purpose, price_status, cost, calls, input_uncached_tokens,"
            + " cache_read_tokens, output_text_tokens) SELECT 'default', 'USAGE', concat('l',"
            + " toString(number)), 's', 1, 1, '2026-03-31 10:00:00', 'long', 'm1', 'PRODUCT', 'PRICED', 0.7, 1,"
            + " if(number = 0, 900, 90), if(number = 0, 100, 10), 100 FROM numbers(21)");

    assertThat(
            engine.texts(
                "SELECT toString((kind, round(saving, 6), calls, example_trace_id)) FROM lines.savings"
                    + " WHERE feature = 'long'"))
        .containsExactly("('long_context',0.3,1,'l0')");
  }

  /**
   * What a session costs is a mean of those that have a cost; how many there were is another
   * question.
   */
  @Test
  void sessionCosts_sessionWithoutCost_isNoFreeOne() {
    engine.execute(
        "INSERT INTO lines.sessions (tenant, session_id, revision, end_time, feature, turns, cost) VALUES"
            + " ('default', 'known', 1, '2026-03-04 10:00:00', 'halfknown', 1, 0.5),"
            + " ('default', 'unknown', 1, '2026-03-04 10:00:00', 'halfknown', 3, NULL)");

    assertThat(
            engine.texts(
                "SELECT toString((session_count, turn_count, known_cost, cost_per_session,"
                    + " cost_per_turn)) FROM lines.session_costs WHERE feature = 'halfknown'"))
        .containsExactly("(2,4,0.5,0.5,0.5)");
  }

  /** Three outcomes of a trace of 0.5: shares end after 18 places, and still add up. */
  @Test
  void outcomes_sharesOfACost_addUpToTheLastDigit() {
    engine.execute(
        "INSERT INTO lines.traces (tenant, trace_id, revision, cost) VALUES ('default', 'shared', 1, 0.5)");
    engine.execute(
        "INSERT INTO lines.scores (tenant, score_id, subject_kind, subject_id, trace_id, name, source,"
            + " status, amount, scored_at, feature) SELECT 'default', concat('o', toString(number)), 'TRACE',"
            + " 'shared', 'shared', 'sale', 'BUSINESS', if(number < 3, 'SCORED', 'FAILED'), 1,"
            + " '2026-03-04 11:00:00', 'shop' FROM numbers(4)");

    assertThat(
            engine.texts(
                "SELECT toString((count(), sum(subject_cost), sum(margin), min(subject_cost),"
                    + " max(subject_cost))) FROM lines.outcomes WHERE feature = 'shop'"))
        .containsExactly("(3,0.5,2.5,0.166666666666666666,0.166666666666666668)");
    assertThat(
            engine.texts(
                "SELECT toString(count()) FROM lines.comparison_sums WHERE feature = 'shop'"))
        .containsExactly("0");
  }

  @Test
  void windowMeasures_sharesOfEstimatedAndUnpricedUsageAndGuardrails() {
    engine.execute(
        "INSERT INTO lines.windows (tenant, grouping_set, series, start_time, length_us, revision, calls,"
            + " priced_calls, unpriced_calls, unpriced_tokens, cost, cost_estimated, cost_untagged,"
            + " input_uncached_tokens, output_text_tokens, output_text_tokens_estimated, guardrails,"
            + " guardrail_blocks) VALUES ('default', 'feature', 'm', '2026-03-01 10:00:00', 60000000, 1, 8,"
            + " 4, 1, 20, 1.5, 0.5, 0.5, 60, 10, 10, 2, 1)");

    assertThat(
            engine.texts(
                "SELECT toString((known_cost, cost_per_call, all_input_tokens, all_output_tokens,"
                    + " priced_tokens_share, priced_calls_share, untagged_cost_share,"
                    + " guardrail_not_passed_share)) FROM lines.window_measures WHERE series = 'm'"))
        .containsExactly("(2,0.5,60,20,0.75,0.8,0.25,0.5)");
  }

  @Test
  void tracesAndSessions_theirListsOfTheLastRevision() {
    engine.execute(
        "INSERT INTO lines.traces (tenant, trace_id, revision, feature, end_time, fallback_list.from_model, fallback_list.to_model, fallback_list.attempts,"
            + " fallback_list.cost, fallback_list.start_time, handoff_list.via,"
            + " handoff_list.from_agent, handoff_list.to_agent, handoff_list.from_service,"
            + " handoff_list.to_service, handoff_list.from_trace_id, handoff_list.start_time,"
            + " handoff_list.gap_us) VALUES "
            + "('default', 'f', 1, 'lists', '2026-03-01 10:00:00', ['m0'], ['m1'], [1], [0.5],"
            + " ['2026-03-01 10:00:00'], [], [], [], [], [], [], [], []), ('default', 'f', 2, 'lists',"
            + " '2026-03-01 10:00:00', ['m1'], ['m2'], [2], [0.25], ['2026-03-01 10:00:00'], ['call'],"
            + " ['x'], ['y'], [NULL], [NULL], [NULL], ['2026-03-01 10:00:00'], [40])");
    engine.execute(
        "INSERT INTO lines.sessions (tenant, session_id, revision, feature, turn_list.trace_id,"
            + " turn_list.start_time, turn_list.end_time, turn_list.cost, turn_list.input_tokens,"
            + " turn_list.calls, turn_list.errors, turn_list.number, turn_list.wall_time_us, turn_list.gap_us,"
            + " turn_list.context_tokens) VALUES ('default', 's1', 1, 'lists', ['a', 'b'], ['2026-03-01"
            + " 10:00:00', '2026-03-01 10:01:00'], ['2026-03-01 10:00:10', '2026-03-01 10:01:10'], [0.5,"
            + " NULL], [1, 2], [1, 2], [0, 1], [1, 2], [10, 20], [NULL, 50], [100, 200])");

    assertThat(
            engine.texts(
                "SELECT toString((from_model, to_model, attempts, cost)) FROM lines.fallbacks"))
        .containsExactly("('m1','m2',2,0.25)");
    assertThat(
            engine.texts(
                "SELECT toString((via, from_agent, to_agent, gap_us)) FROM lines.handoffs"))
        .containsExactly("('call','x','y',40)");
    assertThat(
            engine.texts(
                "SELECT toString((turn, sessions, cost, context_tokens_mean, wall_time_us_mean,"
                    + " gap_us_mean, calls, errors)) FROM lines.session_turns WHERE feature = 'lists'"
                    + " ORDER BY turn"))
        .containsExactly("(1,1,0.5,100,10,NULL,1,0)", "(2,1,NULL,200,20,50,2,1)");
  }
}
