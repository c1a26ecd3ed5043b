package dev.tributary.standalone.offline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tributary.runtime.testing.TestData;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The five recorded runs against what the servers really sent, by the rules of their README. */
class OfflineNormalizerTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Map<String, List<JsonNode>> SPANS = new HashMap<>();

  @TempDir Path folder;

  record Scenario(JsonNode row, String encoding) {
    @Override
    public String toString() {
      return row.path("instrumentation").asText()
          + " "
          + row.path("scenario").asText()
          + " "
          + encoding;
    }
  }

  @BeforeAll
  static void normalize() throws Exception {
    Path otlp = TestData.path("otlp");
    List<Path> files;
    try (Stream<Path> all = Files.walk(otlp)) {
      files = all.filter(file -> file.toString().contains(".otlp.")).sorted().toList();
    }
    StringWriter out = new StringWriter();
    int unreadable =
        OfflineNormalizer.run(files, new PrintWriter(out), new PrintWriter(System.err));
    assertThat(unreadable).isZero();
    for (String line : out.toString().lines().toList()) {
      JsonNode span = MAPPER.readTree(line);
      String file = otlp.relativize(Path.of(span.path("file").asText())).toString();
      SPANS.computeIfAbsent(file, f -> new ArrayList<>()).add(span);
    }
  }

  static Stream<Scenario> scenarios() throws Exception {
    List<Scenario> scenarios = new ArrayList<>();
    for (String line : Files.readAllLines(TestData.path("otlp/expected.jsonl"))) {
      JsonNode row = MAPPER.readTree(line);
      scenarios.add(new Scenario(row, ".otlp.pb"));
      scenarios.add(new Scenario(row, ".otlp.json"));
    }
    return scenarios.stream();
  }

  @Test
  void fileThatIsNotThere_isCountedAndTheOthersAreRead() throws Exception {
    Path empty = Files.writeString(folder.resolve("empty.json"), "{\"resourceSpans\":[]}");
    StringWriter errors = new StringWriter();

    int unreadable =
        OfflineNormalizer.run(
            List.of(folder.resolve("nowhere.pb"), empty, folder),
            new PrintWriter(new StringWriter()),
            new PrintWriter(errors));

    assertThat(unreadable).isEqualTo(2);
    assertThat(errors.toString().lines())
        .anyMatch(line -> line.endsWith("nowhere.pb: no such file"))
        .anyMatch(line -> line.startsWith(folder + ": "));
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void recordedScenario_isReadAsTheServerSentIt(Scenario scenario) {
    List<JsonNode> spans = new ArrayList<>();
    for (JsonNode file : scenario.row().path("files")) {
      if (file.asText().endsWith(scenario.encoding())) {
        spans.addAll(SPANS.getOrDefault(file.asText(), List.of()));
      }
    }

    assertThat(new ExpectedRow(scenario.row()).problems(spans)).isEmpty();
  }

  @Test
  void encodings_giveTheSameLines() {
    assertThat(SPANS.keySet().stream().filter(file -> file.endsWith(".pb")))
        .isNotEmpty()
        .allSatisfy(
            file ->
                assertThat(withoutFile(SPANS.get(file.replace(".pb", ".json"))))
                    .isEqualTo(withoutFile(SPANS.get(file))));
  }

  @Test
  void foreignBytes_areNamedAndCounted_theOtherFilesAreRead() throws Exception {
    Path foreign = Files.write(folder.resolve("foreign.otlp.pb"), new byte[] {1, 2, 3, 4});
    StringWriter out = new StringWriter();
    StringWriter errors = new StringWriter();

    int unreadable =
        OfflineNormalizer.run(
            List.of(foreign, TestData.path("otlp/traceloop/chat_basic.otlp.pb")),
            new PrintWriter(out),
            new PrintWriter(errors));

    assertThat(unreadable).isEqualTo(1);
    assertThat(errors.toString()).contains("foreign.otlp.pb: not an OTLP trace request");
    assertThat(out.toString().lines()).hasSize(1);
  }

  private static List<String> withoutFile(List<JsonNode> spans) {
    return spans.stream()
        .map(
            span ->
                ((com.fasterxml.jackson.databind.node.ObjectNode) span.deepCopy())
                    .without("file")
                    .toString())
        .sorted()
        .toList();
  }
}
