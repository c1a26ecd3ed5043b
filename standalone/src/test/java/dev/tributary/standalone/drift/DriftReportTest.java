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
  private static final DriftQuery QUERY = new DriftQuery("default", "it's", 100, 200, 0, 100);

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
    return String.join(
        "\t",
        prompt,
        requested,
        returned,
        Integer.toString(isNow),
        measure,
        bucket,
        Long.toString(count));
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
          .contains("alias gpt-x: [gpt-x-1] -> [gpt-x-2]")
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
          .contains("prompt answer v1, m")
          .containsPattern("score x .*median 1.000 +median 0.525 .*DRIFT");
    }
  }

  @Test
  void query_overlappingReference_isRefused() {
    assertThatThrownBy(() -> new DriftQuery("t", "f", 100, 200, 50, 150))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("overlaps");
  }
}
