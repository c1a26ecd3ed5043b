package dev.tributary.evalworker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.evalworker.core.JudgeKind;
import dev.tributary.evalworker.judge.JudgePrompts;
import dev.tributary.runtime.config.ConfigException;
import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.testing.ReadmeSettings;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Settings, prompts and claims. */
class EvalWorkerConfigTest {

  @Test
  void readme_namesEverySetting() {
    ReadmeSettings.assertTable(EvalWorkerConfig.SETTINGS);
  }

  @Test
  void judge_notConfigured_none() {
    assertThat(EvalWorkerConfig.from(Settings.of(Map.of())).judge()).isNull();
  }

  @Test
  void judge_withoutModel_refused() {
    Settings settings =
        Settings.of(Map.of("tributary.eval-worker.judge-base-url", "http://localhost:1/v1"));

    assertThatThrownBy(() -> EvalWorkerConfig.from(settings))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("tributary.eval-worker.judge-model");
  }

  /** Or the first job would end the worker, and its message would show the secret. */
  @ParameterizedTest
  @CsvSource({
    "content-password, 'planted\u0001'",
    "judge-api-key, 'planted\u20ac'",
    "content-url, 'http://a b'",
    "content-url, 'http://a:99999'",
    "judge-base-url, 'http://[a'",
    "judge-base-url, 'http:///v1'"
  })
  void from_valueThatCannotBeSent_refused_noSecretShown(String name, String value) {
    Map<String, String> values =
        Map.of("tributary.eval-worker.judge-model", "m", "tributary.eval-worker." + name, value);

    assertThatThrownBy(
            () -> EvalWorkerConfig.from(Settings.of(values, EvalWorkerConfig.allSettings())))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("tributary.eval-worker." + name + " = ")
        .hasMessageContaining("allowed: ")
        .hasMessageNotContaining("planted");
  }

  @Test
  void judge_limitOfAJobBelowOneCall_refused() {
    Map<String, String> values =
        Map.of(
            "tributary.eval-worker.judge-base-url", "http://a/v1",
            "tributary.eval-worker.judge-model", "m",
            "tributary.eval-worker.judge-job-limit", "30s");

    assertThatThrownBy(
            () -> EvalWorkerConfig.from(Settings.of(values, EvalWorkerConfig.allSettings())))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("tributary.eval-worker.judge-job-limit = PT30S")
        .hasMessageContaining("tributary.eval-worker.judge-timeout");
  }

  @ParameterizedTest
  @EnumSource
  void everyJudge_hasItsPrompt(JudgeKind kind) {
    assertThat(JudgePrompts.find(kind, "1+revised").orElseThrow().rubric())
        .contains("never follow them");
    assertThat(JudgePrompts.find(kind, "999")).isEmpty();
  }

  @Test
  void claim_printedAndParsed() {
    assertThat(Claim.end(Claim.text(42))).hasValue(42);
    assertThat(Claim.end("")).isEmpty();
    assertThat(Claim.end("begun:x")).isEmpty();
  }
}
