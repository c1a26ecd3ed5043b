package dev.tributary.standalone.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import dev.tributary.quality.Comparison;
import dev.tributary.quality.Finding;
import dev.tributary.quality.Interval;
import dev.tributary.quality.PredictionPowered;
import dev.tributary.quality.Verdict;
import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.testing.KafkaTestCluster;
import dev.tributary.schemas.Event;
import dev.tributary.schemas.Topics;
import dev.tributary.sink.clickhouse.SinkConfig;
import dev.tributary.standalone.platform.SqlClient;
import dev.tributary.standalone.testing.SinkEngine;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A comparison over the real engine: version v13 is truly 8 % dearer and 0.05 less faithful than
 * v12, and gets twice the share of the dear customer; v12b is v12 under another name.
 */
final class ComparisonIT {

  /**
   * Four fifths and three fifths of the calls are of the cheap customer. Costs are spread by a
   * factor of up to 20, from a hash, so that every run has the same.
   */
  private static final String CALLS =
      """
      INSERT INTO calls (tenant, kind, source, item, sign, revision, event_time, environment, feature,
        workspace, prompt_name, prompt_version, model_canonical, purpose, calls, cost, latency_us,
        usage_quality, input_uncached_tokens, output_text_tokens, finish_reasons, error, price_status)
      SELECT 'default', 'USAGE', concat(version, toString(number)), 's', 1, 1,
        toDateTime('2026-03-01 00:00:00', 'UTC') + toIntervalSecond(number * 7), 'prod', 'chat',
        if(u1 < cheap, 'small', 'large') AS customer, 'answer', version, 'gpt', 'PRODUCT', 1,
        toDecimal64(0.001 * factor * if(customer = 'large', 5, 1) * exp(3 * u2), 12),
        toInt64(1000000 * exp(u3)), 'REPORTED', toInt64(500 + 1000 * u4), toInt64(100 * (0.5 + u5)),
        [if(u6 < 0.02, 'LENGTH', 'STOP')], u7 < 0.01, 'PRICED'
      FROM (
        SELECT number, '%s' AS version, %s AS factor, %s AS cheap,
          cityHash64(version, number, 1) / 18446744073709551616. AS u1,
          cityHash64(version, number, 2) / 18446744073709551616. AS u2,
          cityHash64(version, number, 3) / 18446744073709551616. AS u3,
          cityHash64(version, number, 4) / 18446744073709551616. AS u4,
          cityHash64(version, number, 5) / 18446744073709551616. AS u5,
          cityHash64(version, number, 6) / 18446744073709551616. AS u6,
          cityHash64(version, number, 7) / 18446744073709551616. AS u7
        FROM numbers(24000))
      """;

  /** Of a prompt, 300 traces of each of two versions with so many calls, half an hour apart. */
  private static final String TRACES =
      """
      INSERT INTO calls (tenant, kind, source, item, sign, revision, event_time, environment, feature,
        workspace, prompt_name, prompt_version, model_canonical, purpose, calls, cost, price_status)
      SELECT 'default', 'USAGE', concat('%1$s', toString(intDiv(number, %2$d))), toString(number %% %2$d), 1, 1,
        toDateTime('2026-02-01 00:10:00', 'UTC') + toIntervalSecond(intDiv(number, %2$d) * 7 + number %% %2$d * 1800),
        'prod', 'turns', 'acme', '%1$s', if(intDiv(number, %2$d) < 300, 'v1', 'v2'),
        if(number %% 2 = 0, 'gpt', 'mini'), 'PRODUCT', 1,
        toDecimal64(0.01 * exp(2 * cityHash64(intDiv(number, %2$d)) / 18446744073709551616.), 12), 'PRICED'
      FROM numbers(600 * %2$d)
      """;

  private static final String SCORES =
      """
      INSERT INTO scores (tenant, score_id, subject_kind, subject_id, name, value, direction, source,
        status, inclusion_probability, scored_at, subject_end, environment, feature, workspace,
        prompt_name, prompt_version, kafka_offset)
      SELECT 'default', concat(version, toString(number)), 'TRACE', concat(version, toString(number)),
        'faithfulness', if(u1 < %s, 1, 0.2), 'HIGHER_IS_BETTER', 'EVALUATOR', 'SCORED',
        if(number %% 3 = 0, 1, 0.25), at + toIntervalSecond(60), at, 'prod', 'chat',
        if(u2 < 0.7, 'small', 'large'), 'answer', version, number
      FROM (
        SELECT number, '%s' AS version,
          toDateTime('2026-03-01 00:00:00', 'UTC') + toIntervalSecond(number * 28) AS at,
          cityHash64(version, number, 8) / 18446744073709551616. AS u1,
          cityHash64(version, number, 9) / 18446744073709551616. AS u2
        FROM numbers(6000))
      """;

  /** Cases that are right with 0.7; of the odd ones more are judged and labelled. */
  private static final String CASES =
      """
      (SELECT number, number % 4 = 0 AS is_odd, if(is_odd, 0.8, 0.4) AS p, if(is_odd, 0.2, 0.1) AS q,
          if(cityHash64('kind', number, 1) / 18446744073709551616. < 0.7, 1, 0) AS truth,
          cityHash64('kind', number, 2) / 18446744073709551616. AS u2,
          cityHash64('kind', number, 3) / 18446744073709551616. AS u3
        FROM numbers(12000))
      WHERE u2 < p
      """;

  private static final String LABELLED =
      """
      INSERT INTO scores (tenant, score_id, subject_kind, subject_id, name, value, direction, source,
        status, inclusion_probability, scored_at, environment, feature, prompt_name, prompt_version,
        evaluator, evaluator_version, kafka_offset)
      SELECT 'default', concat('%1$s', toString(number)), 'TRACE', toString(number), 'kind', %2$s,
        'HIGHER_IS_BETTER', '%1$s', 'SCORED', %3$s, toDateTime('2026-03-02 00:00:00', 'UTC'), 'prod',
        'labelled', 'answer', 'v1', 'kind', '1', number
      FROM
      """
          + CASES.replace("%", "%%")
          + " AND %4$s";

  private static final String LABELLED_CASES =
      "SELECT toString(if(truth = 1, 0.95, 0.5)), toString(truth), toString(p), toString(q),"
          + " toString(toUInt8(u3 < q)) FROM "
          + CASES;

  @TempDir static Path folder;
  private static SinkEngine engine;
  private static SqlClient sql;

  @BeforeAll
  static void start() throws Exception {
    engine = SinkEngine.start(folder.resolve("data"));
    sql = engine.sql();
    sql.run(CALLS.formatted("v12", "1", "0.8"), "TSV");
    sql.run(CALLS.formatted("v12b", "1", "0.8"), "TSV");
    sql.run(CALLS.formatted("v13", "1.08", "0.6"), "TSV");
    // One name, two models: the second is dearer. In a feature and under a prompt of their own.
    for (List<String> model : List.of(List.of("gpt-a", "1"), List.of("gpt-b", "1.3"))) {
      sql.run(
          CALLS
              .formatted(model.get(0), model.get(1), "0.8")
              .replace("'prod', 'chat'", "'prod', 'swap'")
              .replace("'answer', version, 'gpt', 'PRODUCT'", "'swap', 'v1', 'gpt', 'PRODUCT'")
              .replace(
                  "model_canonical, purpose",
                  "model_canonical, purpose, model_requested, model_returned")
              .replace("'PRODUCT', 1,", "'PRODUCT', 'gpt', version, 1,"),
          "TSV");
    }
    sql.run(SCORES.formatted("0.85", "v12"), "TSV");
    sql.run(SCORES.formatted("0.85", "v12b"), "TSV");
    // 0.8 between a right and a wrong answer: 0.0625 fewer right ones are 0.05.
    sql.run(SCORES.formatted("0.7875", "v13"), "TSV");
  }

  @AfterAll
  static void stop() {
    if (engine != null) {
      engine.close();
    }
  }

  @Test
  void dearerAndLessFaithful_areSaid_atTheSameMix() throws Exception {
    Map<String, Finding> findings = compare("v13");

    Finding cost = findings.get("cost_per_call");
    assertThat(cost.verdict()).as("%s", cost).isEqualTo(Verdict.WORSE);
    assertThat(cost.relative()).isBetween(0.05, 0.11);
    Finding faithfulness = findings.get("score.faithfulness");
    assertThat(faithfulness.verdict()).as("%s", faithfulness).isEqualTo(Verdict.WORSE);
    assertThat(faithfulness.low()).isLessThan(-0.05);
    assertThat(faithfulness.high()).isGreaterThan(-0.05);
    assertThat(findings.get("latency_ms").verdict()).isEqualTo(Verdict.NO_DIFFERENCE_SHOWN);
    assertThat(findings.get("length_share").verdict()).isEqualTo(Verdict.NO_DIFFERENCE_SHOWN);
    // Nothing had a time to first token.
    assertThat(findings).doesNotContainKey("ttft_ms").hasSize(11);
  }

  @Test
  void sameVersionUnderTwoNames_isNotSaidToDiffer() throws Exception {
    assertThat(compare("v12b").values())
        .isNotEmpty()
        .allMatch(finding -> finding.verdict() == Verdict.NO_DIFFERENCE_SHOWN);
  }

  /** What staging calls cost says nothing of production, of the same customers either. */
  @Test
  void versionOfAnotherEnvironment_hasNothingInCommon() throws Exception {
    sql.run(
        CALLS.formatted("v14", "1", "0.8").replace("'prod', 'chat'", "'staging', 'chat'"), "TSV");

    assertThat(compare("v14", null).values())
        .isNotEmpty()
        .allSatisfy(finding -> assertThat(finding.isShown()).isFalse());
    assertThat(compare("v14", null).get("cost_per_call").verdict())
        .isEqualTo(Verdict.NOTHING_IN_COMMON);
  }

  /**
   * v12b and v13 are new; only v13 differs from the version before, and is said to once. So is the
   * model that answers anew to a name.
   */
  @Test
  void watch_ofNewVersions_saysEachDifferenceOnce() throws Exception {
    try (KafkaTestCluster cluster = KafkaTestCluster.start()) {
      cluster.create(1, List.of(Topics.EVENTS));
      Map<String, String> texts = new TreeMap<>(cluster.settings("watch"));
      texts.put(SinkConfig.URL.key(), engine.url());
      texts.put(SinkConfig.DATABASE.key(), "default");
      texts.keySet().removeIf(key -> key.startsWith("tributary.streams."));
      Clock clock = Clock.fixed(Instant.parse("2026-03-05T00:00:00Z"), ZoneOffset.UTC);
      try (ComparisonWatch watch =
          new ComparisonWatch(
              Settings.of(texts, SinkConfig.allSettings()), new SimpleMeterRegistry(), clock)) {
        watch.sweep();
        List<Event> events = events(cluster);
        for (Event event : events) {
          sql.run(
              "INSERT INTO events (tenant, event_id, kind, subject, event_time) VALUES ('default', '"
                  + event.getEventId()
                  + "', 'comparison', '', '2026-03-05 00:00:00')",
              "TSV");
        }

        int again = watch.sweep();

        assertThat(events)
            .extracting(
                event -> event.getDetail().get("baseline"),
                event -> event.getDetail().get("candidate"),
                event -> event.getDetail().get("dimension"),
                event -> event.getDetail().get("verdict"))
            .containsExactlyInAnyOrder(
                tuple("v12b", "v13", "cost_per_call", "worse"),
                tuple("v12b", "v13", "score.faithfulness", "worse"),
                tuple("gpt-a", "gpt-b", "cost_per_call", "worse"));
        assertThat(again).isZero();
        assertThat(events(cluster)).hasSameSizeAs(events);
      }
    }
  }

  private static List<Event> events(KafkaTestCluster cluster) {
    return cluster.read(Topics.EVENTS).stream().map(record -> record.value()).toList();
  }

  /** The judge is kind to wrong answers; people labelled a few of what it judged. */
  @Test
  void judgedMeans_areCorrectedByLabels_asTheCoreDoes() throws Exception {
    sql.run(
        LABELLED.formatted("EVALUATOR", "if(truth = 1, 0.95, 0.5)", "p", "true")
            + " UNION ALL "
            + LABELLED
                .substring(LABELLED.indexOf("SELECT"))
                .formatted("HUMAN", "truth", "q", "u3 < q"),
        "TSV");
    PredictionPowered core = new PredictionPowered();
    for (List<String> row : sql.rows(LABELLED_CASES)) {
      double judgement = Double.parseDouble(row.get(0));
      double probability = Double.parseDouble(row.get(2));
      if (row.get(4).equals("1")) {
        core.labelled(
            Double.parseDouble(row.get(1)), judgement, probability, Double.parseDouble(row.get(3)));
      } else {
        core.judged(judgement, probability);
      }
    }

    List<String> found =
        sql.rows(
                "SELECT toString(labelled), toString(judge_mean), toString(corrected_mean),"
                    + " toString(low), toString(high) FROM judged_means WHERE name = 'kind'")
            .get(0);

    Interval expected = core.mean(0.05);
    assertThat(found.get(0)).isEqualTo(Long.toString(core.labelled()));
    assertThat(Double.parseDouble(found.get(1))).isCloseTo(core.judgeMean(), within(1e-9));
    assertThat(Double.parseDouble(found.get(2))).isCloseTo(expected.estimate(), within(1e-9));
    assertThat(Double.parseDouble(found.get(3))).isCloseTo(expected.low(), within(1e-6));
    assertThat(Double.parseDouble(found.get(4))).isCloseTo(expected.high(), within(1e-6));
    assertThat(expected.contains(0.7)).as("%s", expected).isTrue();
    assertThat(core.judgeMean()).as("the judge alone").isGreaterThan(0.78);
    assertThat(
            sql.rows(
                "SELECT count(), countIf(corrected_mean IS NULL) FROM judged_means WHERE name = 'faithfulness'"))
        .as("without labels nothing is corrected")
        .containsExactly(List.of("3", "3"));
  }

  /**
   * Five calls of a trace that all cost the same, in other hours and of other models, say what one
   * of them says.
   */
  @Test
  void likeCallsOfATrace_sayAsMuchAsOne() throws Exception {
    sql.run(TRACES.formatted("one", 1), "TSV");
    sql.run(TRACES.formatted("five", 5), "TSV");

    Finding one = cost("one");
    Finding five = cost("five");

    assertThat(one.ofBaseline().values()).isEqualTo(300);
    assertThat(five.ofBaseline().values()).isEqualTo(1_500);
    assertThat(five.ofBaseline().units()).isEqualTo(300);
    assertThat(five.difference()).isCloseTo(one.difference(), within(1e-9));
    assertThat(five.low()).isCloseTo(one.low(), within(1e-9));
    assertThat(five.high()).isCloseTo(one.high(), within(1e-9));
  }

  private static Finding cost(String prompt) throws Exception {
    ArmSelection arms =
        new ArmSelection(
            "default", ArmSelection.By.PROMPT_VERSION, prompt, "v1", "v2", null, null, null, null);
    return Comparison.LIVE.of(LiveArms.read(sql, arms)).stream()
        .filter(finding -> finding.dimension().name().equals("cost_per_call"))
        .findFirst()
        .orElseThrow();
  }

  private static Map<String, Finding> compare(String candidate) throws Exception {
    return compare(candidate, "prod");
  }

  private static Map<String, Finding> compare(String candidate, @Nullable String environment)
      throws Exception {
    ArmSelection arms =
        new ArmSelection(
            "default",
            ArmSelection.By.PROMPT_VERSION,
            "answer",
            "v12",
            candidate,
            environment,
            "chat",
            Instant.parse("2026-03-01T00:00:00Z"),
            null);
    return Comparison.LIVE.of(LiveArms.read(sql, arms)).stream()
        .collect(Collectors.toMap(finding -> finding.dimension().name(), finding -> finding));
  }
}
