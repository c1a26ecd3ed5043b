package dev.tributary.standalone.humanreview;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.tributary.schemas.EvalResult;
import dev.tributary.schemas.Score;
import dev.tributary.schemas.ScoreSource;
import dev.tributary.schemas.ScoreStatus;
import dev.tributary.standalone.platform.PlatformException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabelFileTest {
  private static final String TRACE = "1bf7651916cd43dd8448eb211c803191";

  private static List<EvalResult> read(String... lines) {
    return LabelFile.read("queue.jsonl", "default", List.of(lines), 5);
  }

  private static String line(String more) {
    return "{\"trace_id\":\"" + TRACE + "\",\"evaluator\":\"faith\"," + more + "}";
  }

  @Test
  void filledLines_areResults_openOnesAreLeft() {
    List<EvalResult> results =
        read(
            line("\"job_id\":\"j1\",\"attempt\":2,\"score\":1,\"label\":null"),
            line("\"job_id\":\"j2\",\"score\":null,\"label\":null,\"note\":\"later\""),
            "  ",
            line("\"score\":null,\"label\":\"rude\""));

    assertThat(results)
        .extracting(EvalResult::getJobId, EvalResult::getAttempt)
        .containsExactly(tuple("j1", 2), tuple(TRACE + "|faith|label", 1));
    assertThat(results)
        .extracting(EvalResult::getScore)
        .extracting(
            Score::getScoreId,
            Score::getTraceId,
            Score::getName,
            Score::getValue,
            Score::getLabel,
            Score::getSource,
            Score::getStatus,
            Score::getScoredAtUs)
        .containsExactly(
            tuple("j1", TRACE, "faith", 1.0, null, ScoreSource.HUMAN, ScoreStatus.SCORED, 5L),
            tuple(
                TRACE + "|faith|label",
                TRACE,
                "faith",
                null,
                "rude",
                ScoreSource.HUMAN,
                ScoreStatus.SCORED,
                5L));
  }

  /** A label that is left out without a word would be taken for one that was sent. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "[{'trace_id':'T','evaluator':'e','score':1}]; a JSON object is expected",
        "'score'; a JSON object is expected",
        "{'score':null} {'trace_id':'T','evaluator':'e','score':1}; a JSON object is expected",
        "{'score':1; a JSON object is expected",
        "{'trace_id':'T','evaluator':'e','score':1.5}; score: a number from 0 to 1",
        "{'trace_id':'T','evaluator':'e','score':'1'}; score: a number from 0 to 1",
        "{'trace_id':'T','evaluator':'e','label':'  '}; label is missing",
        "{'trace_id':'T','score':1}; evaluator is missing",
        "{'evaluator':'e','score':1}; trace_id is missing",
        "{'trace_id':'ABC','evaluator':'e','score':1}; trace_id: 32 lower-case hex",
      })
  void line_wrong_refusesTheFile(String wrong, String message) {
    String json = wrong.replace("'T'", "'" + TRACE + "'").replace('\'', '"');

    assertThatThrownBy(() -> read(line("\"score\":1"), json))
        .isInstanceOf(PlatformException.class)
        .hasMessageContaining("queue.jsonl:2: " + message);
  }

  @Test
  void label_atMost64Characters() {
    assertThat(read(line("\"label\":\"" + "x".repeat(64) + "\""))).hasSize(1);
    assertThatThrownBy(() -> read(line("\"label\":\"" + "x".repeat(65) + "\"")))
        .hasMessageContaining("queue.jsonl:1: label: at most 64");
  }
}
