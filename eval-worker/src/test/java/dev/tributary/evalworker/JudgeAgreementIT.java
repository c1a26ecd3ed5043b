package dev.tributary.evalworker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.evalworker.judge.Judge;
import dev.tributary.evalworker.judge.JudgeAgreement;
import dev.tributary.evalworker.judge.JudgeOptions;
import dev.tributary.runtime.config.Settings;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The hand-made cases against a fake that calls everything good. */
class JudgeAgreementIT {

  @Test
  void judge_thatLikesEverything_agreesWithTheGoodCasesOfEveryEvaluator() throws Exception {
    try (FakeJudge fake = new FakeJudge()) {
      List<JudgeAgreement.Line> lines = JudgeAgreement.measure(judge(fake));

      assertThat(lines)
          .extracting(JudgeAgreement.Line::evaluator)
          .containsExactly(
              "answer_relevance",
              "bias",
              "completeness",
              "context_precision",
              "context_recall",
              "faithfulness",
              "safety",
              "task_success",
              "tool_choice");
      assertThat(lines)
          .allMatch(line -> line.failed() == 0)
          .allMatch(line -> line.agreed() > 0 && line.agreed() < line.cases());
      assertThat(lines.stream().mapToInt(JudgeAgreement.Line::cases).sum()).isEqualTo(fake.calls());
    }
  }

  @Test
  void judge_thatIsAway_agreesWithNothingAndSaysSo() throws Exception {
    Judge gone;
    try (FakeJudge fake = new FakeJudge()) {
      gone = judge(fake);
    }

    assertThat(JudgeAgreement.measure(gone))
        .isNotEmpty()
        .allMatch(line -> line.agreed() == 0 && line.failed() == line.cases());
  }

  private static Judge judge(FakeJudge fake) {
    JudgeOptions options =
        EvalWorkerConfig.from(
                Settings.of(
                    Map.of(
                        "tributary.eval-worker.judge-base-url", fake.url(),
                        "tributary.eval-worker.judge-model", "judge-1",
                        "tributary.eval-worker.judge-attempts", "1",
                        "tributary.eval-worker.judge-retry-first", "1ms"),
                    EvalWorkerConfig.allSettings()))
            .judge();
    return new Judge(Objects.requireNonNull(options, "judge"), Clock.systemUTC());
  }
}
