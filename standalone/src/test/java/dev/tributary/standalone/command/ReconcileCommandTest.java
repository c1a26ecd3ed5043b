package dev.tributary.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Bills against a log of calls, as a person calls it: files in, exit code and table out. */
class ReconcileCommandTest {
  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void billThatAgrees_exits0() throws IOException {
    int code = reconcile("--openai", bill("0.0025"), "--ledger", calls());

    assertThat(code).as(out.toString() + err).isZero();
    assertThat(out.toString())
        .startsWith("openai, 2026-11-10 to 2026-11-10\n")
        .contains("  difference       0\n")
        .contains("usage difference        ok");
  }

  @Test
  void billThatDiffers_exits1AndSaysWhy() throws IOException {
    Path json = folder.resolve("parts.json");

    int code =
        reconcile(
            "--openai", bill("\"0.00275000\""), "--ledger", calls(), "--json", json.toString());

    assertThat(code).as(out.toString() + err).isEqualTo(1);
    assertThat(out.toString())
        .containsPattern("\n  difference +\\+0\\.00025\n")
        .containsPattern("\n    price difference +\\+0\\.00025\n")
        .containsPattern("\n  price difference +FAILED ");
    assertThat(Files.readString(json))
        .contains("\"cause\" : \"price_difference\"", "\"amount_usd\" : \"0.00025\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--dry-run | --dry-run and --take-over belong to --book",
        "--book inv | --book needs the ledger of an instance, not --ledger",
      })
  void optionsThatDoNotGoTogetherAreRefused(String options, String problem) throws IOException {
    String[] more = options.split(" ");
    String[] args = new String[more.length + 4];
    System.arraycopy(more, 0, args, 0, more.length);
    System.arraycopy(
        new String[] {"--ledger", calls(), "--openai", bill("0.0025")}, 0, args, more.length, 4);

    assertThat(reconcile(args)).isEqualTo(2);
    assertThat(err.toString()).contains(problem);
  }

  @Test
  void invoiceIsOfOneProvider() throws IOException {
    int code = reconcile("--book", "inv", "--openai", bill("1"), "--focus", "aws.bedrock=rows.csv");

    assertThat(code).isEqualTo(2);
    assertThat(err.toString()).contains("--book: an invoice is of one provider; give one bill");
  }

  /** The second would stand for both, and half of a bill be compared and booked. */
  @Test
  void twoFilesOfASurface_areRefused() {
    int code = reconcile("--focus", "aws.bedrock=week1.csv", "--focus", "aws.bedrock=week2.csv");

    assertThat(code).isEqualTo(2);
    assertThat(err.toString())
        .contains("--focus: two files of aws.bedrock: week1.csv and week2.csv; give one");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rows.csv", "=rows.csv", "aws.bedrock="})
  void fileWithoutItsSurface_isRefused(String given) {
    assertThat(reconcile("--focus", given)).isEqualTo(2);
    assertThat(err.toString()).contains("--focus: SURFACE=FILE is expected", given);
  }

  private int reconcile(String... args) {
    return new CommandLine(new ReconcileCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(args);
  }

  private String bill(String amount) throws IOException {
    return Files.writeString(
            folder.resolve("costs.json"),
            """
            {"object": "page", "has_more": false, "data": [
              {"object": "bucket", "start_time": 1794268800, "end_time": 1794355200, "results": [
                {"object": "organization.costs.result", "amount": {"value": %s, "currency": "usd"},
                 "line_item": "gpt-4o, input", "project_id": "p"}]}]}
            """
                .formatted(amount))
        .toString();
  }

  private String calls() throws IOException {
    return Files.writeString(
            folder.resolve("calls.jsonl"),
            """
            {"response_id": "r1", "ts": "2026-11-10T10:00:00Z", "provider": "openai", "model": "gpt-4o",\
             "project": "p", "tokens": {"input": 1000}, "estimated_cost_usd": "0.0025"}
            """)
        .toString();
  }
}
