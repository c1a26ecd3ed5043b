package dev.tributary.standalone.humanreview;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.tributary.schemas.EvalResult;
import dev.tributary.schemas.Score;
import dev.tributary.schemas.ScoreSource;
import dev.tributary.schemas.SubjectKind;
import dev.tributary.standalone.platform.PlatformException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LangfuseScoresTest {
  private static final String TRACE = "1bf7651916cd43dd8448eb211c803191";

  private static List<EvalResult> read(String... lines) {
    return LangfuseScores.read("scores.jsonl", "default", List.of(lines), 5);
  }

  @Test
  void scores_ofEachKind_areResults() {
    List<EvalResult> results =
        read(
            """
            {"id":"s1","traceId":"%s","name":"helpful","value":0.75,"dataType":"NUMERIC","source":"ANNOTATION",
             "timestamp":"2026-03-01T10:00:00Z","comment":"text"}"""
                .formatted(TRACE)
                .replace("\n", ""),
            """
            {"traceId":"%s","observationId":"c7ad6b7169203331","name":"thumb","value":1,"dataType":"BOOLEAN"}"""
                .formatted(TRACE),
            "",
            """
            {"sessionId":"s-9","name":"tone","value":"rude","dataType":"CATEGORICAL","source":"EVAL"}""");

    assertThat(results)
        .extracting(EvalResult::getScore)
        .extracting(
            Score::getSubjectKind,
            Score::getSubjectId,
            Score::getName,
            Score::getValue,
            Score::getLabel,
            Score::getSource,
            Score::getScoredAtUs)
        .containsExactly(
            tuple(
                SubjectKind.TRACE,
                TRACE,
                "helpful",
                0.75,
                null,
                ScoreSource.HUMAN,
                1_772_359_200_000_000L),
            tuple(SubjectKind.SPAN, "c7ad6b7169203331", "thumb", 1.0, "true", ScoreSource.USER, 5L),
            tuple(SubjectKind.SESSION, "s-9", "tone", null, "rude", ScoreSource.EVALUATOR, 5L));
    assertThat(results.get(0).getScore().getScoreId()).isEqualTo("langfuse|s1");
    assertThat(results.get(0).toString()).doesNotContain("text");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "{'traceId':'T','name':'n','value':4}; value: a number from 0 to 1",
        "{'traceId':'T','name':'n'}; value: a category",
        "{'traceId':'T','name':'n','value':2,'dataType':'BOOLEAN'}; value",
        "{'traceId':'T','name':'n','value':0.5,'dataType':'BOOLEAN'}; value: true, false",
        "{'traceId':'abc','name':'n','value':1}; traceId: 32",
        "{'name':'n','value':1}; traceId: neither",
        "{'traceId':'T','value':1}; name",
        "{'traceId':'T','name':'n','value':1,'source':'X'}; source",
        "{'traceId':'T','name':'n','value':1,'dataType':'X'}; dataType",
        "{'traceId':'T','name':'n','value':1,'timestamp':'today'}; timestamp",
        "{'traceId':'T','name':'n','value':1} {'traceId':'T','name':'m','value':0}; a JSON object",
        "[1]; a JSON object"
      })
  void score_wrong_refusedWithLineAndField(String line, String message) {
    String json = line.replace("'T'", "'" + TRACE + "'").replace('\'', '"');

    assertThatThrownBy(() -> read("", json))
        .isInstanceOf(PlatformException.class)
        .hasMessageContaining("scores.jsonl:2: " + message);
  }
}
