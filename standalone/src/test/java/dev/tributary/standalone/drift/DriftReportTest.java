package dev.tributary.standalone.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.anomaly.core.drift.DriftRule;
import dev.tributary.standalone.review.SqlStub;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.StringJoiner;
import org.junit.jupiter.api.Test;

/** What the report makes of counts. */
final class DriftReportTest {
  private static final DriftQuery QUERY = new DriftQuery("default", "it's", null, 100, 200, 0, 100);

  /** An alias that answers with another model: longer answers, more refusals. */
  private static String calls() {
    StringJoiner rows = new StringJoiner("\n", "", "\n");
    rows.add(row("v1", "gpt-x", "gpt-x-1", 0, "finish reason", "STOP", 900));
    rows.add(row("v1", "gpt-x", "gpt-x-1", 0, "finish reason", "LENGTH", 100));
    rows.add(row("v1", "gpt-x", "gpt-x-2", 1, "finish reason", "STOP", 600));
    rows.add(row("v1", "gpt-x", "gpt-x-2", 1, "finish reason", "LENGTH", 400));
    rows.add(row("v1", "gpt-x", "gpt-x-1", 0, "refusals", "0", 1000));
    rows.add(row("v1", "gpt-x", "gpt-x-2", 1, "refusals", "0", 1000));
    rows.add(row("v2", "m", "m", 0, "latency", "40", 500));
    rows.add(row("v2", "m", "m", 1, "latency", "40", 480));
    rows.add(row("v2", "m", "m", 1, "latency", "41", 20));
    rows.add(row("v2", "m", "m", 0, "errors", "0", 20));
    rows.add(row("v2", "m", "m", 1, "errors", "1", 20));
    return rows.toString();
  }

  private static String row(
      String prompt,
      String requested,
      String returned,
      int isNow,
      String measure,
      String bucket,
      long count) {
    return weighed("production", prompt, requested, returned, isNow, measure, bucket, count, 1);
  }

  /** So many cases, each of a weight. */
  private static String weighed(
      String environment,
      String prompt,
      String requested,
      String returned,
      int isNow,
      String measure,
      String bucket,
      long count,
      double weight) {
    return String.join(
        "\t",
        environment,
        prompt,
        requested,
        returned,
        Integer.toString(isNow),
        measure,
        bucket,
        Double.toString(count * weight),
        Double.toString(count * weight * weight));
  }

  @Test
  void print_swappedModel_isComparedAndFound() throws Exception {
    try (SqlStub sql = new SqlStub(asked -> asked.contains("FROM calls_net") ? calls() : "")) {
      // When
      StringWriter text = new StringWriter();
      long drifted =
          new DriftReport(sql.client()).print(QUERY, DriftRule.DEFAULT, new PrintWriter(text));

      // Then
      assertThat(drifted).isEqualTo(1);
      assertThat(text.toString())
          .contains("production, prompt v1, alias gpt-x: [gpt-x-1] -> [gpt-x-2]\n")
          .containsPattern("finish reason .*STOP 90.0 % .*STOP 60.0 %.*DRIFT")
          .containsPattern("errors .*too few")
          .contains("1 of 3 measures drifted");
      assertThat(sql.asked().get(0)).contains("feature = 'it\\'s'");
    }
  }

  @Test
  void print_scores_areNeverAbove1() throws Exception {
    String scores =
        row("answer v1", "", "m", 0, "score x", "20", 60)
            + "\n"
            + row("answer v1", "", "m", 1, "score x", "10", 60)
            + "\n";
    try (SqlStub sql = new SqlStub(asked -> asked.contains("FROM scores_net") ? scores : "")) {
      StringWriter text = new StringWriter();
      new DriftReport(sql.client()).print(QUERY, DriftRule.DEFAULT, new PrintWriter(text));

      assertThat(text.toString())
          .contains("production, prompt answer v1, m\n")
          .containsPattern("score x .*median 1.000 +median 0.525 .*DRIFT");
    }
  }

  @Test
  void print_swapAndNewPrompt_areToldApart() throws Exception {
    String calls =
        String.join(
                "\n",
                row("v1", "a", "old", 0, "refusals", "0", 500),
                row("v2", "a", "new", 1, "refusals", "1", 500))
            + "\n";

    assertThat(printed(calls, "", DriftRule.DEFAULT))
        .contains("production, alias a: [old] -> [new], with other prompts\n")
        .contains("1 of 1 measures drifted");
    assertThat(
            printed(
                calls + row("v1", "a", "new", 1, "refusals", "0", 60) + "\n",
                "",
                DriftRule.DEFAULT))
        .contains("production, prompt v1, alias a: [old] -> [new]\n")
        .doesNotContain("other prompts")
        .contains("0 of 1 measures drifted");
  }

  /** Calls that do not say what they asked for are no alias. */
  @Test
  void print_unknownRequestedModel_isNoSwap() throws Exception {
    String calls =
        String.join(
                "\n",
                row("v1", "unknown", "old", 0, "refusals", "0", 500),
                row("v1", "unknown", "new", 1, "refusals", "1", 500))
            + "\n";

    assertThat(printed(calls, "", DriftRule.DEFAULT)).contains("nothing to compare");
  }

  @Test
  void print_environments_areNeverMixed() throws Exception {
    String calls =
        weighed("production", "v1", "m", "m", 0, "refusals", "0", 500, 1)
            + "\n"
            + weighed("staging", "v1", "m", "m", 1, "refusals", "1", 500, 1)
            + "\n";

    assertThat(printed(calls, "", DriftRule.DEFAULT)).contains("nothing to compare");
  }

  /** Every failure is judged, and one of ten others before, but each of them now. */
  @Test
  void print_scoresJudgedAtOtherRates_areNoDrift() throws Exception {
    String scores =
        String.join(
                "\n",
                weighed("production", "v1", "", "m", 0, "score x", "4", 300, 1),
                weighed("production", "v1", "", "m", 0, "score x", "18", 100, 27),
                weighed("production", "v1", "", "m", 1, "score x", "4", 100, 1),
                weighed("production", "v1", "", "m", 1, "score x", "18", 900, 1))
            + "\n";

    String text = printed("", scores, DriftRule.DEFAULT);

    // Weights of 3000 in sum, 73 200 squared: as good as 123 equal ones.
    assertThat(text).containsPattern("score x +123 +1000 ").contains("0 of 1 measures drifted");
  }

  private static String printed(String calls, String scores, DriftRule rule) throws Exception {
    try (SqlStub sql = new SqlStub(asked -> asked.contains("FROM calls_net") ? calls : scores)) {
      StringWriter text = new StringWriter();
      new DriftReport(sql.client()).print(QUERY, rule, new PrintWriter(text));
      return text.toString();
    }
  }

  @Test
  void query_overlappingReference_isRefused() {
    assertThatThrownBy(() -> new DriftQuery("t", "f", null, 100, 200, 50, 150))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("overlaps");
  }
}
