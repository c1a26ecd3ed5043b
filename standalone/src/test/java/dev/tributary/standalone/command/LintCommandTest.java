package dev.tributary.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What lint is asked for. */
class LintCommandTest {
  private static final String REQUEST =
      """
      {"resourceSpans":[{"resource":{"attributes":[
        {"key":"service.name","value":{"stringValue":"search-api"}}]},
        "scopeSpans":[{"spans":[{"traceId":"0af7651916cd43dd8448eb211c803191",
          "spanId":"b7ad6b7169203331","name":"call","startTimeUnixNano":"1767225600000000000",
          "endTimeUnixNano":"1767225601000000000"}]}]}]}
      """;

  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void fileAndService_areAskedForTogether() throws IOException {
    assertThat(lint(file(), "--service", "search-api")).isZero();
    assertThat(out.toString()).contains("search-api");
  }

  @Test
  void serviceThatIsNotInTheFiles_isSaidWithThoseThatAre() throws IOException {
    assertThat(lint(file(), "--service", "search")).isEqualTo(2);
    assertThat(err.toString())
        .contains("no span of service search is in the files")
        .contains("[search-api]");
  }

  @Test
  void nothingToRead_isAWrongCall() {
    assertThat(lint()).isEqualTo(2);
    assertThat(err.toString()).contains("Usage:");
  }

  @Test
  void unreadableFile_isSaid_alsoWithAService() {
    assertThat(lint(folder.resolve("missing.pb").toString(), "--service", "a")).isEqualTo(2);
    assertThat(out.toString()).contains("missing.pb: no such file");
  }

  private String file() throws IOException {
    return Files.writeString(folder.resolve("request.json"), REQUEST).toString();
  }

  private int lint(String... arguments) {
    return new CommandLine(new LintCommand())
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }
}
