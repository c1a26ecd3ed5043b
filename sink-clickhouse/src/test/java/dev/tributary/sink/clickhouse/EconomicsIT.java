package dev.tributary.sink.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What units cost, scores' means and FOCUS rows, over rows written by hand. */
final class EconomicsIT {
  private static EngineFixture engine;

  @BeforeAll
  static void start() throws SQLException {
    engine = EngineFixture.start();
    Migrations.apply(engine.options("economy"), Duration.ofDays(14));
    ledger("s1", 1, 1, "INITIAL", "0.003", "0.001", "0.002");
    ledger("s1", -1, 1, "REPRICE", "0.003", "0.001", "0.002");
    ledger("s1", 1, 2, "REPRICE", "0.005", "0.001", "0.004");
    engine.execute(
        "INSERT INTO economy.ledger (tenant, kind, source, item, sign, revision, event_time, team,"
            + " price_status, cost) VALUES ('default', 'ALLOCATION', 'pool', 'h', 1, 1,"
            + " '2026-03-01 10:05:00', 'blue', 'ALLOCATED', 7)");
    String line = "('default', 'USAGE', %s, 1, 1, '2026-03-01 10:%s:00', 'prod', 'chat', 'blue',";
    engine.execute(
        "INSERT INTO economy.calls (tenant, kind, source, item, sign, revision, event_time,"
            + " environment, feature, team, workspace, cost_center, price_status, cost, calls)"
            + " VALUES "
            + line.formatted("'t1', 's1'", "05")
            + " 'w1', 'cc1', 'PRICED', 0.5, 1), "
            + line.formatted("'t1', 'trace'", "05")
            + " 'w1', 'cc1', 'NOT_BILLABLE', NULL, 0), "
            + line.formatted("'t2', 's1'", "14")
            + " 'w1', 'cc1', 'UNKNOWN_MODEL', NULL, 1), "
            + line.formatted("'t3', 's1'", "15")
            + " 'w1', 'cc1', 'PRICED', 0.25, 1)");
    engine.execute(
        "INSERT INTO economy.traces (tenant, trace_id, revision, cost) VALUES"
            + " ('default', 't1', 1, 0.4), ('default', 't1', 2, 0.5)");
    engine.execute(
        "INSERT INTO economy.sessions (tenant, session_id, revision, end_time, turns, calls, feature,"
            + " cost) VALUES ('default', 'se1', 1, '2026-03-01 10:05:00', 2, 3, 'chat', 0.8)");
    engine.execute(
        "INSERT INTO economy.scores (tenant, score_id, subject_kind, subject_id, trace_id, session_id,"
            + " name, source, status, amount, scored_at, environment, feature, workspace) VALUES"
            + outcome("a", "'TRACE', 't1', 't1', NULL, 'sale'", "20")
            + ','
            + outcome("b", "'SESSION', 'se1', NULL, 'se1', 'resolved'", "NULL")
            + ','
            + outcome("c", "'SPAN', 's1', 't1', NULL, 'sale'", "10"));
    engine.execute(
        "INSERT INTO economy.windows (tenant, environment, grouping_set, series, start_time, length_us,"
            + " revision, calls, errors, cost, priced_calls, input_uncached_tokens, cache_read_tokens,"
            + " output_text_tokens, finished_calls, length_stops, distribution_zeros, distributions,"
            + " scores.name, scores.source, scores.n, scores.weight, scores.weight_squared,"
            + " scores.weighted_value, scores.weighted_value_squared, scores.weight_squared_value,"
            + " scores.weight_squared_value_squared, scores.failed, scores.unvalued, scores.not_sampled)"
            + " VALUES ('default', 'prod', 'feature', 'x', '2026-03-01 10:00:00', 60000000, 1, 4, 1, 2.5,"
            + " 4, 300, 100, 50, 4, 1, map('latency_us', 1), map('latency_us', map(100, 1, 200, 2)),"
            + " ['f'], ['evaluator'], [2], [5], [17], [3], [2], [9], [5], [1], [0], [0])");
  }

  private static void ledger(
      String item, int sign, int revision, String cause, String cost, String in, String out) {
    engine.execute(
        ("INSERT INTO economy.ledger (tenant, kind, source, item, sign, revision, cause, event_time,"
                + " team, surface, model_canonical, price_status, cost, rate_card_id, cost_lines.bucket,"
                + " cost_lines.quantity, cost_lines.rate_amount, cost_lines.rate_per, cost_lines.cost, calls)"
                + " VALUES ('default', 'USAGE', 't1', '%s', %d, %d, '%s', '2026-03-01 10:05:00', 'blue',"
                + " 'openai', 'gpt-5', 'PRICED', %s, 'card', ['in.text.uncached', 'out.text'], [1000, 200],"
                + " [1, 10], [1000000, 1000000], [%s, %s], 1)")
            .formatted(item, sign, revision, cause, cost, in, out));
  }

  private static String outcome(String id, String subject, String amount) {
    return "('default', '%s', %s, 'BUSINESS', 'SCORED', %s, '2026-03-01 11:00:00', 'prod', 'chat', 'w1')"
        .formatted(id, subject, amount);
  }

  @AfterAll
  static void stop() {
    if (engine != null) {
      engine.close();
    }
  }

  @Test
  void focus_correction_isARowOfItsDifference() {
    assertThat(
            engine.texts(
                "SELECT toString((SkuMeter, ChargeClass, BilledCost, ConsumedQuantity, PricingQuantity,"
                    + " PricingUnit, x_cost_state)) FROM economy.focus ORDER BY SkuMeter, ChargeClass"))
        .containsExactly(
            "('in.text.uncached',NULL,0.001,1000,0.001,'1000000 Tokens','estimated')",
            "('out.text','Correction',0.002,0,0,'1000000 Tokens','estimated')",
            "('out.text',NULL,0.002,200,0.0002,'1000000 Tokens','estimated')",
            "(NULL,NULL,7,NULL,NULL,NULL,'allocated')");
  }

  @Test
  void focus_columns_thoseOfTheSpecificationThenCustomOnes() {
    assertThat(
            engine.texts(
                "SELECT toString((countIf(NOT startsWith(name, 'x_')), maxIf(position, NOT startsWith(name, 'x_'))"
                    + " < minIf(position, startsWith(name, 'x_')))) FROM system.columns"
                    + " WHERE database = 'economy' AND table = 'focus'"))
        .containsExactly("(57,1)");
  }

  @Test
  void unitCosts_byQuarter_knownCostsAndWhatIsNot() {
    assertThat(
            engine.texts(
                "SELECT toString((formatDateTime(quarter, '%H:%i'), cost_center, calls, traces, known_cost,"
                    + " unpriced_calls, cost_per_1000_calls)) FROM economy.unit_costs"
                    + " WHERE quarter < '2026-03-02' ORDER BY quarter"))
        .containsExactly("('10:00','cc1',2,1,0.5,1,250)", "('10:15','cc1',1,0,0.25,0,250)");
    assertThat(
            engine.texts(
                "SELECT toString(sum(known_cost)) FROM economy.chargeback WHERE quarter < '2026-03-02'"))
        .containsExactly("0.75");
  }

  /**
   * An agent that reported what its two calls had only estimated owns their usage: the calls count,
   * without a cost of their own, and nothing of the sum is missing.
   */
  @Test
  void unpriced_callsWhoseUsageAnAgentOwns_areNone() {
    String call = "('default', 'USAGE', 'o1', '%s', 1, 1, '2026-04-01 10:00:00', 'owned',";
    engine.execute(
        "INSERT INTO economy.calls (tenant, kind, source, item, sign, revision, event_time, feature,"
            + " span_kind, service_name, price_status, price_reason, cost, calls) VALUES "
            + call.formatted("agent")
            + " 'AGENT', 'owning', 'PRICED', NULL, 0.5, 0), "
            + call.formatted("a")
            + " 'LLM', 'owning', 'NOT_BILLABLE', 'an ancestor owns the usage', NULL, 1), "
            + call.formatted("b")
            + " 'LLM', 'owning', 'NOT_BILLABLE', 'an ancestor owns the usage', NULL, 1)");

    assertThat(
            engine.texts(
                "SELECT toString((sum(calls), sum(cost), sum(priced_calls), sum(unpriced_calls)))"
                    + " FROM economy.spend WHERE feature = 'owned'"))
        .containsExactly("(2,0.5,0,0)");
    assertThat(
            engine.texts(
                "SELECT toString((calls, cost, unpriced_calls, priced_calls_share)) FROM economy.coverage"
                    + " WHERE service = 'owning'"))
        .containsExactly("(2,0.5,0,NULL)");
    assertThat(
            engine.texts(
                "SELECT toString((sum(calls), sum(unpriced_calls))) FROM economy.spend_by_model_minute"
                    + " WHERE minute = '2026-04-01 10:00:00'"))
        .containsExactly("(2,0)");
    assertThat(
            engine.texts(
                "SELECT toString(count()) FROM economy.unpriced WHERE first_seen > '2026-03-31'"))
        .containsExactly("0");
  }

  @Test
  void outcomes_ofOneTrace_shareItsCost() {
    assertThat(
            engine.texts(
                "SELECT toString((name, outcome_count, amount_total, cost_of_outcomes, margin_total,"
                    + " full_cost_per_outcome)) FROM economy.outcome_costs ORDER BY name"))
        .containsExactly("('resolved',1,NULL,0.8,NULL,0.75)", "('sale',2,30,0.5,29.5,0.375)");
    assertThat(
            engine.texts(
                "SELECT toString((session_outcome, session_count, cost_per_session, cost_per_turn))"
                    + " FROM economy.session_costs"))
        .containsExactly("('resolved',1,0.8,0.4)");
  }

  @Test
  void windowMeasures_sharesAndPercentiles_nullWhereThereIsNothing() {
    assertThat(
            engine.texts(
                "SELECT toString((cache_hit_ratio, input_output_ratio, cost_per_call, error_share,"
                    + " length_share, tool_failure_share, round(latency_us_p50, 6), round(latency_us_p95, 6),"
                    + " ttft_us_p50)) FROM economy.window_measures WHERE series = 'x'"))
        .containsExactly("(0.25,8,0.625,0.25,0.25,NULL,7.463444,55.151485,NULL)");
  }

  /**
   * Five equal inputs at 0.1: four of them from a cache; eleven prompts share 2 000 tokens at 1.8.
   */
  @Test
  void savings_repeatedAndUncachedPrompts_withTheMoneyAndTheEvidence() {
    String columns =
        "INSERT INTO economy.ledger (tenant, kind, source, item, sign, revision, event_time, feature,"
            + " model_canonical, input_hash, purpose, cost, calls) SELECT 'default', 'USAGE',";
    engine.execute(
        columns
            + " concat('again', toString(number)), 's', 1, 1, '2026-03-10 10:00:00', 'faq', 'm1', 'h',"
            + " 'PRODUCT', 0.1, 1 FROM numbers(5)");
    engine.execute(
        "INSERT INTO economy.ledger (tenant, kind, source, item, sign, revision, event_time,"
            + " model_canonical, calls, cost_lines.bucket, cost_lines.quantity, cost_lines.rate_amount,"
            + " cost_lines.rate_per, cost_lines.cost) VALUES ('default', 'USAGE', 'r', 's', 1, 1,"
            + " '2026-03-10 10:00:00', 'm1', 1, ['in.text.uncached', 'in.cache_read'], [1, 1], [2, 0.2],"
            + " [1000000, 1000000], [0, 0])");
    engine.execute(
        "INSERT INTO economy.calls (tenant, kind, source, item, sign, revision, event_time, feature,"
            + " model_canonical, prompt_name, prompt_version, purpose, input_uncached_tokens, cost, calls)"
            + " SELECT 'default', 'USAGE', concat('p', toString(number)), 's', 1, 1,"
            + " '2026-03-10 10:00:00', 'docs', 'm1', 'pr', 'v2', 'PRODUCT', 2000 + number * 100, 0.01, 1"
            + " FROM numbers(11)");

    assertThat(
            engine.texts(
                "SELECT toString((kind, feature, round(saving, 6), calls, evidence)) FROM economy.savings"
                    + " WHERE week = '2026-03-09' ORDER BY kind"))
        .containsExactly(
            "('repeated_prompt','faq',0.4,4,'1 inputs came again, the commonest 5 times')",
            "('uncached_prefix','docs',0.036,11,'prompt pr v2: every call sends at least 2000 uncached"
                + " tokens, 0 % of input comes from the cache')");
  }

  /**
   * A failure that was paid for, and a loop of four, whose cost is without that of the first, which
   * was meant; the second attempt is no waste.
   */
  @Test
  void savings_failuresAndLoops_onlyWhatWasPaidInVain() {
    engine.execute(
        "INSERT INTO economy.calls (tenant, kind, source, item, sign, revision, event_time, feature,"
            + " model_canonical, purpose, cost, calls, error, attempt) VALUES"
            + " ('default', 'USAGE', 'f1', 'a', 1, 1, '2026-03-17 10:00:00', 'ask', 'm1', 'PRODUCT', 0.3, 1, true, 1),"
            + " ('default', 'USAGE', 'f1', 'b', 1, 1, '2026-03-17 10:00:01', 'ask', 'm1', 'PRODUCT', 0.5, 1, false, 2)");
    engine.execute(
        "INSERT INTO economy.traces (tenant, trace_id, revision, feature, end_time,"
            + " tool_loop_list.tool_name, tool_loop_list.tool_args_hash, tool_loop_list.calls,"
            + " tool_loop_list.start_time, tool_loop_list.end_time, tool_loop_list.cost) VALUES"
            + " ('default', 'l1', 1, 'ask', '2026-03-17 10:00:00', ['search'], ['h'], [4],"
            + " ['2026-03-17 10:00:00'], ['2026-03-17 10:00:09'], [0.8])");

    assertThat(
            engine.texts(
                "SELECT toString((kind, feature, round(saving, 6), calls, evidence, example_trace_id))"
                    + " FROM economy.savings WHERE week = '2026-03-16' ORDER BY kind"))
        .containsExactly(
            "('failures','ask',0.3,1,'1 calls failed and were paid for; 1 were further attempts','f1')",
            "('tool_loops','ask',0.8,3,'the tool search was called again with the same arguments in"
                + " 1 traces, up to 4 times in a row','l1')");
  }

  /** Fifty scores of each model exclude a loss; the same means of twenty scattered ones do not. */
  @Test
  void savings_cheaperModel_onlyWhereALossIsExcluded() {
    for (String[] model :
        new String[][] {
          {"sure", "dear", "0.02"},
          {"sure", "cheap", "0.002"},
          {"vague", "dear", "0.02"},
          {"vague", "cheap", "0.002"}
        }) {
      boolean isSure = model[0].equals("sure");
      engine.execute(
          ("INSERT INTO economy.calls (tenant, kind, source, item, sign, revision, event_time, feature,"
                  + " model_canonical, purpose, cost, calls) SELECT 'default', 'USAGE',"
                  + " concat('%1$s%2$s', toString(number)), 's', 1, 1, '2026-03-24 10:00:00', '%1$s', '%2$s',"
                  + " 'PRODUCT', %3$s, 1 FROM numbers(100)")
              .formatted((Object[]) model));
      engine.execute(
          ("INSERT INTO economy.scores (tenant, score_id, subject_kind, subject_id, name, source, status,"
                  + " direction, value, scored_at, feature, model) SELECT 'default',"
                  + " concat('%1$s%2$s', toString(number)), 'TRACE', toString(number), 'quality', 'EVALUATOR', 'SCORED',"
                  + " 'HIGHER_IS_BETTER', %3$s, '2026-03-24 11:00:00', '%1$s', '%2$s' FROM numbers(%4$d)")
              .formatted(
                  model[0],
                  model[1],
                  isSure ? "0.8 + 0.01 * (number % 2)" : "number % 2",
                  isSure ? 50 : 20));
    }

    assertThat(
            engine.texts(
                "SELECT toString((kind, feature, model, round(saving, 6), calls, evidence)) FROM"
                    + " economy.savings WHERE week = '2026-03-23' ORDER BY feature"))
        .containsExactly(
            "('cheaper_model','sure','dear',1.8,100,'cheap costs 10 % a call; quality 0.805"
                + " (50 scores) against 0.805 (50)')");
  }

  /**
   * Ten scores of 0.5 and weight 4, ten of 1 and weight 1: mean 30/50, variance 10 (16 x 0.01 +
   * 0.16) / 2500 x 20/19. One that could never have been drawn has no weight and is left out.
   */
  @Test
  void scoredModels_weighted_withTheirError() {
    engine.execute(
        "INSERT INTO economy.calls (tenant, kind, source, item, sign, revision, event_time, feature,"
            + " model_canonical, purpose, cost, calls) VALUES ('default', 'USAGE', 'weighed1', 's', 1, 1,"
            + " '2026-03-10 10:00:00', 'weighed', 'dear', 'PRODUCT', 0.02, 1)");
    engine.execute(
        "INSERT INTO economy.scores (tenant, score_id, subject_kind, subject_id, name, source, status,"
            + " direction, value, inclusion_probability, scored_at, feature, model) SELECT 'default',"
            + " concat('weighed', toString(number)), 'TRACE', toString(number), 'quality', 'EVALUATOR', 'SCORED',"
            + " 'HIGHER_IS_BETTER', if(number < 10, 0.5, 1), if(number < 10, 0.25, 1),"
            + " '2026-03-10 11:00:00', 'weighed', 'dear' FROM numbers(20)");
    engine.execute(
        "INSERT INTO economy.scores (tenant, score_id, subject_kind, subject_id, name, source, status,"
            + " direction, value, inclusion_probability, scored_at, feature, model) VALUES ('default',"
            + " 'weightless', 'SPAN', 'x', 'quality', 'EVALUATOR', 'SCORED', 'HIGHER_IS_BETTER', 0, 0,"
            + " '2026-03-10 11:00:00', 'weighed', 'dear')");

    assertThat(
            engine.texts(
                "SELECT toString((scores, round(mean, 6), round(error, 6))) FROM economy.scored_models"
                    + " WHERE feature = 'weighed'"))
        .containsExactly("(20,0.6,0.036707)");
  }

  /** Forty scores, two of each trace that are the same, say as much as twenty of them. */
  @Test
  void scoredModels_scoresOfATrace_areOne() {
    for (int each : new int[] {1, 2}) {
      engine.execute(
          ("INSERT INTO economy.calls (tenant, kind, source, item, sign, revision, event_time, feature,"
                  + " model_canonical, purpose, cost, calls) VALUES ('default', 'USAGE', 'twin%1$d',"
                  + " 's', 1, 1, '2026-03-10 10:00:00', 'twin%1$d', 'dear', 'PRODUCT', 0.02, 1)")
              .formatted(each));
      engine.execute(
          ("INSERT INTO economy.scores (tenant, score_id, subject_kind, subject_id, trace_id, name,"
                  + " source, status, direction, value, scored_at, feature, model) SELECT 'default',"
                  + " concat('twin%1$d-', toString(number)), 'SPAN', toString(number), toString(intDiv(number,"
                  + " %1$d)), 'quality', 'EVALUATOR', 'SCORED', 'HIGHER_IS_BETTER', intDiv(number, %1$d) %% 2,"
                  + " '2026-03-10 11:00:00', 'twin%1$d', 'dear' FROM numbers(20 * %1$d)")
              .formatted(each));
    }

    assertThat(
            engine.texts(
                "SELECT toString((scores, round(mean, 6), round(error, 6))) FROM economy.scored_models"
                    + " WHERE feature LIKE 'twin%' ORDER BY feature"))
        .containsExactly("(20,0.5,0.114708)", "(40,0.5,0.114708)");
  }

  @Test
  void scoreMeans_weighted_withTheirInterval() {
    // Scores 0.5 of weight 4 and 1 of weight 1: mean 3/5, variance (16 x 0.01 + 0.16) / 25 x 2.
    assertThat(
            engine.texts(
                "SELECT toString((name, scores, failures, mean, round(standard_error, 6), round(low, 4),"
                    + " round(high, 4))) FROM economy.score_means WHERE series = 'x'"))
        .containsExactly("('f',2,1,0.6,0.16,0.2864,0.9136)");
  }

  /**
   * One score says nothing of its error; bounds of 0 and 1 would read as an interval that was
   * found.
   */
  @Test
  void scoreMeans_oneScoreOrNone_noInterval() {
    engine.execute(
        "INSERT INTO economy.windows (tenant, environment, grouping_set, series, start_time, length_us,"
            + " revision, scores.name, scores.source, scores.n, scores.weight, scores.weight_squared,"
            + " scores.weighted_value, scores.weighted_value_squared, scores.weight_squared_value,"
            + " scores.weight_squared_value_squared, scores.failed, scores.unvalued, scores.not_sampled)"
            + " VALUES ('default', 'prod', 'feature', 'few', '2026-03-01 10:00:00', 60000000, 1,"
            + " ['failed', 'single'], ['evaluator', 'evaluator'], [0, 1], [0, 1], [0, 1], [0, 0.5],"
            + " [0, 0.25], [0, 0.5], [0, 0.25], [2, 0], [0, 0], [0, 0])");

    assertThat(
            engine.texts(
                "SELECT toString((name, mean, standard_error, low, high)) FROM economy.score_means"
                    + " WHERE series = 'few' ORDER BY name"))
        .containsExactly("('failed',NULL,NULL,NULL,NULL)", "('single',0.5,NULL,NULL,NULL)");
  }

  @Test
  void judgedMeans_fewLabels_noIntervalOfTheCorrectedMean() {
    engine.execute(
        "INSERT INTO economy.scores (tenant, score_id, subject_kind, subject_id, name, source, status,"
            + " value, scored_at, feature) VALUES"
            + " ('default', 'j1', 'TRACE', 'j1', 'tone', 'EVALUATOR', 'SCORED', 0.5, '2026-03-01 11:00:00', 'judged'),"
            + " ('default', 'j2', 'TRACE', 'j2', 'tone', 'EVALUATOR', 'SCORED', 0.7, '2026-03-01 11:00:00', 'judged'),"
            + " ('default', 'h1', 'TRACE', 'j1', 'tone', 'HUMAN', 'SCORED', 0.4, '2026-03-01 11:00:00', 'judged')");

    assertThat(
            engine.texts(
                "SELECT toString((judged, judge_mean, labelled, corrected_mean, low, high)) FROM"
                    + " economy.judged_means WHERE feature = 'judged'"))
        .containsExactly("(2,0.6,1,NULL,NULL,NULL)");
  }
}
