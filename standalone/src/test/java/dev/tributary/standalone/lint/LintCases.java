package dev.tributary.standalone.lint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tributary.runtime.testing.TestData;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;

/** What tests of lint have in common: drafts, files and what is found in them. */
abstract class LintCases {
  @TempDir Path folder;

  static SpanDraft draft(Map<String, Object> call) {
    return new SpanDraft()
        .resource("service.name", "checkout-api")
        .resource("deployment.environment.name", "test")
        .resource("tributary.team", "payments")
        .span(1, 1, 0, 0, call);
  }

  final LintReport lint(SpanDraft draft) throws IOException {
    return lint("request.json", draft.json());
  }

  final LintReport lint(String name, String body) throws IOException {
    return FileSource.read(List.of(write(name, body)));
  }

  final Path write(String name, String body) throws IOException {
    return Files.write(folder.resolve(name), body.getBytes(StandardCharsets.UTF_8));
  }

  static List<LintFinding> findings(LintReport report) {
    return report.parts().stream().flatMap(part -> part.findings().stream()).toList();
  }

  static List<Path> recorded(String run, String ending) throws IOException {
    try (Stream<Path> files = Files.list(TestData.path("otlp/" + run))) {
      return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
    }
  }

  static JsonNode tree(LintReport report) throws IOException {
    StringWriter out = new StringWriter();
    LintJson.print(report, new PrintWriter(out));
    return new ObjectMapper().readTree(out.toString());
  }
}
