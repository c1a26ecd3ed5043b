package dev.tributary.evalworker.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.evalworker.core.Verdict.Reason;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a judge may write, and what becomes of it. */
class JudgeAnswerTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '~',
      value = {
        "{\"reasoning\":\"r\",\"judgeable\":true,\"score\":1.5};stop;VALUE_OUT_OF_RANGE",
        "{\"reasoning\":\"r\",\"judgeable\":true,\"score\":-0.1};stop;VALUE_OUT_OF_RANGE",
        "{\"reasoning\":\"r\",\"judgeable\":true,\"score\":\"1\"};stop;MALFORMED_ANSWER",
        "{\"judgeable\":true,\"score\":1};stop;MALFORMED_ANSWER",
        "I think it is fine.;stop;MALFORMED_ANSWER",
        "{\"reasoning\":\"r\",\"judgea;length;ANSWER_TRUNCATED",
        "{\"reasoning\":\"r\",\"judgeable\":false,\"score\":0};stop;JUDGE_REFUSED",
        "{\"reasoning\":\"r\",\"judgeable\":true,\"score\":1};content_filter;JUDGE_REFUSED"
      })
  void answer_withoutAScore_hasAReasonAndNoZero(String text, String finish, Reason reason) {
    assertThat(JudgeAnswer.read(text, null, finish))
        .isInstanceOfSatisfying(
            Verdict.NoScore.class, none -> assertThat(none.reason()).isEqualTo(reason));
  }

  @Test
  void answer_inAFence_read() {
    Verdict verdict =
        JudgeAnswer.read(
            "```json\n{\"reasoning\":\"r\",\"judgeable\":true,\"score\":0}\n```", null, "stop");

    assertThat(verdict).isEqualTo(new Verdict.Scored(0, null, "r"));
  }

  @Test
  void votes_meanOfMoreThanHalf() {
    Verdict none = Verdict.failed(Reason.MALFORMED_ANSWER);
    Verdict low = new Verdict.Scored(0.5, null, "low");
    Verdict high = new Verdict.Scored(1, null, "high");

    assertThat(Votes.count(List.of(low, high, none)))
        .isInstanceOfSatisfying(
            Verdict.Scored.class, scored -> assertThat(scored.value()).isEqualTo(0.75));
    assertThat(Votes.count(List.of(low, none))).isEqualTo(none);
    assertThat(Votes.spread(List.of(low, high, none))).isEqualTo(0.5);
  }

  @Test
  void cascade_unsureOrDrawn() {
    Cascade cascade = new Cascade(0.2, 0.1);
    Verdict sure = new Verdict.Scored(0.9, null, "");
    long drawn = IntStream.range(0, 5_000).filter(i -> cascade.isDrawn("job" + i)).count();

    assertThat(cascade.isUnsure(sure, List.of(sure))).isFalse();
    assertThat(cascade.isUnsure(new Verdict.Scored(0.6, null, ""), List.of())).isTrue();
    assertThat(cascade.isUnsure(Verdict.failed(Reason.MALFORMED_ANSWER), List.of())).isTrue();
    // Four standard deviations of a binomial.
    assertThat(drawn).isBetween(415L, 585L);
  }
}
