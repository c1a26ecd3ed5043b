package dev.tributary.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The gate as a pipeline calls it: files in, exit code and Markdown out, no cluster. */
class GateCommandTest {
  private static final String POLICY =
      """
      least: 50
      rules:
        - dimension: score.faithfulness
          may_fall: 0.03
          at_least: 0.7
        - dimension: cost_per_call
          may_rise: 10%
        - dimension: length_share
          at_most: 0.10
      """;

  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void candidateThatKeepsEveryLimit_exits0() throws IOException {
    int code = gate(POLICY, cases(300, 0.88, i -> 0.0030), cases(300, 0.885, i -> 0.0031));

    assertThat(code).as(out.toString() + err).isZero();
    assertThat(out.toString())
        .startsWith("# Release gate: pass\n")
        .contains("300 cases against 300, 300 in common and compared case by case")
        .contains("| `score.faithfulness` | may fall by 0.03 | kept |")
        .contains("| `cost_per_call` | may rise by 10 % | kept |")
        .contains("the exit code is 0");
    assertThat(Files.readString(folder.resolve("report.md"))).isEqualTo(out.toString());
  }

  @Test
  void candidateThatBreaksALimit_exits1() throws IOException {
    int code = gate(POLICY, cases(300, 0.88, i -> 0.0030), cases(300, 0.78, i -> 0.0030));

    assertThat(code).as(out.toString() + err).isEqualTo(1);
    assertThat(out.toString())
        .startsWith("# Release gate: fail\n")
        .contains("| `score.faithfulness` | may fall by 0.03 | **broken** | falls by 0.1,");
  }

  @Test
  void fewCases_exit2() throws IOException {
    int code = gate(POLICY, cases(30, 0.88, i -> 0.0030), cases(30, 0.88, i -> 0.0030));

    assertThat(code).as(out.toString() + err).isEqualTo(2);
    assertThat(out.toString())
        .startsWith("# Release gate: not enough data\n")
        .contains("30 values against 30; each arm needs 50")
        .contains("undecided");
  }

  /** The same scores of other cases say less than of the same ones. */
  @Test
  void casesOfOtherSets_areTwoSamples() throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 60; i++) {
      lines.append(
          String.format(
              Locale.ROOT,
              "{\"case\":\"q%d\",\"name\":\"faithfulness\",\"value\":%.4f}%n",
              i,
              0.5 + 0.45 * Math.sin(i)));
    }
    String cases = lines.toString();
    String policy = "least: 50\nrules: [{dimension: score.faithfulness, may_fall: 0.05}]";

    assertThat(gate(policy, cases, cases)).isZero();
    assertThat(gate(policy, cases, cases.replace("\"case\":\"q", "\"case\":\"r"))).isEqualTo(2);
    assertThat(out.toString()).contains("none in common: compared as two samples");
  }

  /** Ten cases that ran thirty times each are ten cases, in one set or in two. */
  @Test
  void casesThatRanOften_countOnce() throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 300; i++) {
      lines.append("{\"case\":\"q%d\",\"name\":\"x\",\"value\":0.9}%n".formatted(i % 10));
    }
    String cases = lines.toString();
    String policy = "least: 50\nrules: [{dimension: score.x, at_least: 0.5}]";

    assertThat(gate(policy, cases, cases)).isEqualTo(2);
    assertThat(gate(policy, cases, cases.replace("\"case\":\"q", "\"case\":\"r"))).isEqualTo(2);
    assertThat(out.toString().split("10 values; the candidate needs 50", -1)).hasSize(3);
  }

  /** Half the cases stand for nine others each: what they did decides. */
  @Test
  void casesThatWereDrawn_weighAsManyAsTheyStandFor() throws IOException {
    StringBuilder before = new StringBuilder();
    StringBuilder after = new StringBuilder();
    for (int i = 0; i < 400; i++) {
      String head =
          "{\"case\":%d,\"inclusion_probability\":%s,\"cost_usd\":"
              .formatted(i, i % 2 == 0 ? "0.1" : "1");
      before.append(head).append("1}\n");
      after.append(head).append(i % 2 == 0 ? "1.2}\n" : "0.8}\n");
    }
    String policy = "rules: [{dimension: cost_per_call, may_rise: 5%}]";

    assertThat(gate(policy, before.toString(), after.toString())).isEqualTo(1);
    // (200 x 10 x 0.2 - 200 x 0.2) / 2 200
    assertThat(out.toString()).contains("rises by 0.1636,");
    assertThat(
            gate(policy, before.toString().replace("\"case\":", "\"case\":1000"), after.toString()))
        .isEqualTo(1);
    assertThat(out.toString()).contains("none in common");
  }

  /** Evaluation tools write what the provider wrote: a cut-off answer is one in any words. */
  @ParameterizedTest
  @ValueSource(strings = {"length", "max_tokens", "MAX_TOKENS", "FinishReason.MAX_TOKENS"})
  void finishReason_inTheWordsOfAProvider_counts(String word) throws IOException {
    String cases = cases(120, 0.88, i -> 0.0030);

    int code =
        gate(
            "rules: [{dimension: length_share, at_most: 0.1}]",
            cases,
            cases.replace("\"stop\"", '"' + word + '"'));

    assertThat(code).as(out.toString() + err).isEqualTo(1);
  }

  /** What the report claims is what the policy's word on the undecided leaves true. */
  @Test
  void undecidedThatPasses_isNotSaidToHoldBackWhatBreaksALimit() throws IOException {
    String cases = cases(120, 0.88, i -> 0.0030 + 0.001 * Math.sin(i));

    gate(POLICY.replace("least: 50", "least: 50\nundecided: fail"), cases, cases);
    assertThat(out.toString()).contains("A candidate that breaks a limit passes with probability");
    out.getBuffer().setLength(0);
    gate(POLICY.replace("least: 50", "least: 50\nundecided: pass"), cases, cases);
    assertThat(out.toString())
        .contains("A candidate that keeps every limit fails with probability 5 %")
        .doesNotContain("breaks a limit passes");
  }

  /** Nothing was measured of what is limited: no policy releases that. */
  @Test
  void candidateWithoutValues_isSaidToHaveNone() throws IOException {
    String cases = cases(120, 0.88, i -> 0.0030);
    String policy =
        "undecided: pass\nrules: [{dimension: score.style, may_fall: 0.1, at_least: 0.5}]";

    assertThat(gate(policy, cases.replace("faithfulness", "style"), cases)).isEqualTo(2);
    assertThat(out.toString())
        .contains("| may fall by 0.1 | undecided | no values of the candidate |")
        .contains("| at least 0.5 | undecided | no values of the candidate |")
        .contains("The candidate has no value of what is limited")
        .contains("the exit code is 2.")
        .doesNotContain("taken as `pass`");
    out.getBuffer().setLength(0);
    assertThat(gate(policy.replace("pass", "fail"), cases.replace("faithfulness", "style"), cases))
        .isEqualTo(1);
    assertThat(out.toString())
        .contains("What the data do not decide is taken as `fail`; the exit code is 1.")
        .doesNotContain("The candidate has no value of what is limited");
  }

  @Test
  void nameOfAScore_doesNotBreakTheTable() throws IOException {
    String cases = cases(60, 0.8, i -> 1).replace("faithfulness", "a|b");

    gate("rules: [{dimension: 'score.a|b', at_least: 0.1}]", cases, cases);

    assertThat(out.toString()).contains("| `score.a\\|b` | at least 0.1 |");
  }

  @Test
  void scoresOneByOne_andThoseWithoutValue_areRead() throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 200; i++) {
      lines.append(
          "{\"case\":%d,\"name\":\"faithfulness\",\"value\":%s}%n"
              .formatted(i, i % 10 == 0 ? "null" : "0.9"));
    }
    String policy = "rules: [{dimension: score.faithfulness, may_fall: 0.05}]";

    int code = gate(policy, lines.toString(), lines.toString());

    assertThat(code).as(out.toString() + err).isZero();
    assertThat(out.toString())
        .contains("Scores without a value, which count as none and not as 0: 20 of the candidate")
        .contains("| 180 / 180 |");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "may_fall: 0.03~may_fall: x~policy.yaml:4: rules[0].may_fall: must be a number",
        "score.faithfulness~faithfulness~policy.yaml:3: rules[0].dimension: unknown dimension",
        "may_rise: 10%~may_rise: -10%~policy.yaml:7: rules[1].may_rise: a limit must not be"
            + " negative",
        "at_least: 0.7~at_least: 70~policy.yaml:3: rules[0]: score.faithfulness lies between 0 and 1",
        "may_fall: 0.03~may_fall: 3~policy.yaml:3: rules[0]: score.faithfulness lies between 0 and 1",
        "may_fall: 0.03~may_fall: NaN~policy.yaml:4: rules[0].may_fall: must be a number",
        "at_most: 0.10~at_most: -0.10~policy.yaml:8: rules[2]: length_share is never below 0",
        "at_most: 0.10~atmost: 0.10~policy.yaml:9: rules[2].atmost: unknown field",
        "least: 50~least: 1~policy.yaml:1: an arm needs 2 values at least",
        "least: 50~alpha: 2~alpha must be in (0, 1): 2",
      })
  void policyThatIsWrong_exits3_withItsPlace(String right, String wrong, String complaint)
      throws IOException {
    String cases = cases(60, 0.8, i -> 1);

    assertThat(gate(POLICY.replace(right, wrong), cases, cases)).isEqualTo(3);
    assertThat(err.toString()).contains(complaint);
    assertThat(out.toString()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "{\"case\":\"a\",\"scores\":{\"x\":1.5}}~:2: scores.x: must be between 0 and 1, but is 1.5",
        "{\"scores\":{\"x\":1}}~:2: case: must be a text",
        "{\"case\":\"a\",\"score\":1}~:2: score: unknown field",
        "{\"case\":\"a\",\"cost_usd\":-1}~:2: cost_usd: must be not negative",
        "{\"case\":\"a\",\"name\":\"x\"}~:2: name: name and value stand together",
        "{\"case\":\"a\"~:2: not JSON",
        "[]~:2: must be an object",
        "{\"case\":\"a\",\"finish_reason\":1}~:2: finish_reason: must be a text",
        "{\"case\":\"a\",\"inclusion_probability\":0}~:2: inclusion_probability: must be above 0",
      })
  void lineThatIsWrong_exits3_withItsNumber(String line, String complaint) throws IOException {
    String cases = cases(60, 0.8, i -> 1);

    assertThat(gate(POLICY, cases, "{\"case\":\"ok\"}\n" + line)).isEqualTo(3);
    assertThat(err.toString()).contains("candidate.jsonl" + complaint);
  }

  @Test
  void missingFileAndMissingOption_exit3() throws IOException {
    Files.writeString(folder.resolve("policy.yaml"), POLICY);
    assertThat(
            run(
                "--policy", folder.resolve("policy.yaml").toString(),
                "--cases-baseline", folder.resolve("none").toString(),
                "--cases-candidate", folder.resolve("none").toString()))
        .isEqualTo(3);
    assertThat(err.toString()).contains("no such file");
    Files.write(folder.resolve("latin"), new byte[] {'{', (byte) 0xe9, '}'});
    assertThat(
            run(
                "--policy", folder.resolve("policy.yaml").toString(),
                "--cases-baseline", folder.resolve("latin").toString(),
                "--cases-candidate", folder.resolve("latin").toString()))
        .isEqualTo(3);
    assertThat(err.toString()).contains("latin: not UTF-8");
    assertThat(run("--prompt", "answer")).isEqualTo(3);
    assertThat(new CommandLine(new GateCommand()).getCommandSpec().exitCodeOnExecutionException())
        .as("a bug is no answer either")
        .isEqualTo(3);
    assertThat(run("--policy", folder.resolve("policy.yaml").toString())).isEqualTo(3);
  }

  private int gate(String policy, String baseline, String candidate) throws IOException {
    Files.writeString(folder.resolve("policy.yaml"), policy);
    Files.writeString(folder.resolve("baseline.jsonl"), baseline);
    Files.writeString(folder.resolve("candidate.jsonl"), candidate);
    return run(
        "--policy", folder.resolve("policy.yaml").toString(),
        "--cases-baseline", folder.resolve("baseline.jsonl").toString(),
        "--cases-candidate", folder.resolve("candidate.jsonl").toString(),
        "--out", folder.resolve("report.md").toString());
  }

  private int run(String... arguments) {
    return new CommandLine(new GateCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  /** Cases whose scores go around the mean in the same way in every file. */
  private static String cases(int n, double mean, IntToDoubleFunction cost) {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < n; i++) {
      double score = mean + 0.1 * Math.sin(i);
      lines.append(
          String.format(
              Locale.ROOT,
              "{\"case\":\"q%d\",\"scores\":{\"faithfulness\":%.4f},\"cost_usd\":\"%.6f\","
                  + "\"finish_reason\":\"%s\"}%n",
              i,
              score,
              cost.applyAsDouble(i),
              i % 50 == 0 ? "length" : "stop"));
    }
    return lines.toString();
  }
}
