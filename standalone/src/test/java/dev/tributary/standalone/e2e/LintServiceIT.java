package dev.tributary.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tributary.runtime.testing.TestData;
import dev.tributary.standalone.lint.FileSource;
import dev.tributary.standalone.lint.LintJson;
import dev.tributary.standalone.lint.LintReport;
import dev.tributary.standalone.lint.ServiceSource;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same spans judged from their files and from ClickHouse, and the shared view of quality. */
final class LintServiceIT {
  private static final List<String> RUNS =
      List.of("traceloop", "openinference", "otel-contrib-openai", "vercel-ai-v6", "langfuse-sdk");

  @TempDir Path folder;

  @Test
  void service_isJudgedLikeItsFiles_andTheViewAgrees() throws Exception {
    try (PlatformFixture instance = PlatformFixture.start(folder, Map.of(), List.of())) {
      long sent = 0;
      for (String run : RUNS) {
        for (Path file : recorded(run)) {
          send(instance, file);
        }
        sent += FileSource.read(recorded(run)).isEmpty() ? 0 : spans(run);
      }
      instance.awaitRow(
          "every span", "SELECT count() FROM spans_net", List.of(Long.toString(sent)));
      instance.awaitRow(
          "every line",
          "SELECT count() FROM lines_net WHERE item != 'trace'",
          List.of(Long.toString(sent)));
      instance.awaitRow(
          "every trace",
          "SELECT count() = (SELECT uniq(trace_id) FROM spans) FROM traces_net",
          List.of("1"));

      ServiceSource source = new ServiceSource(instance.platform().sql(), "default");
      assertThat(source.read("nobody", 100).isEmpty()).isTrue();
      for (String run : RUNS) {
        LintReport files = FileSource.read(recorded(run));
        String service = tree(files).path("instrumentations").path(0).path("service").asText();
        LintReport stored = source.read(service, 10_000);

        assertThat(comparable(stored)).as(run).isEqualTo(comparable(files));
        assertThat(stored.exitCode()).isEqualTo(files.exitCode());
        viewAgrees(instance, service, files);
      }
    }
  }

  /** Every check of the view counts what lint counts; clocks need the tree and are not in it. */
  private static void viewAgrees(PlatformFixture instance, String service, LintReport files)
      throws Exception {
    Map<String, long[]> expected = new java.util.TreeMap<>();
    for (JsonNode part : tree(files).path("instrumentations")) {
      for (JsonNode check : part.path("checks")) {
        long[] sum = expected.computeIfAbsent(check.path("check").asText(), c -> new long[3]);
        sum[0] = check.path("weight").asLong();
        sum[1] += check.path("of").asLong();
        sum[2] += check.path("ok").asLong();
      }
    }
    expected.remove("clock");
    double weights = expected.values().stream().mapToDouble(sum -> sum[0]).sum();
    double score =
        expected.values().stream().mapToDouble(sum -> 100.0 * sum[0] * sum[2] / sum[1]).sum()
            / weights;

    List<List<String>> rows =
        instance.rows(
            "SELECT check, any(weight), sum(cases), sum(ok_cases) FROM instrumentation_checks"
                + " WHERE service = '%s' GROUP BY check HAVING sum(cases) > 0 ORDER BY check"
                    .formatted(service));

    List<List<String>> wanted = new ArrayList<>();
    expected.forEach(
        (check, sum) ->
            wanted.add(
                List.of(
                    check, Long.toString(sum[0]), Long.toString(sum[1]), Long.toString(sum[2]))));
    assertThat(rows).as(service).isEqualTo(wanted);
    List<List<String>> quality =
        instance.rows(
            "SELECT quality FROM instrumentation WHERE service = '%s'".formatted(service));
    assertThat(Double.parseDouble(quality.get(0).get(0))).isCloseTo(score, within(1e-6));
  }

  private static void send(PlatformFixture instance, Path file) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(instance.otlp().resolve("/v1/traces"))
            .header("Content-Type", "application/x-protobuf")
            .POST(BodyPublishers.ofFile(file))
            .build();
    assertThat(HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).statusCode())
        .as(file.toString())
        .isEqualTo(200);
  }

  /** Without what only reading a payload can notice. */
  private static JsonNode comparable(LintReport report) throws Exception {
    JsonNode parts = tree(report).path("instrumentations");
    for (JsonNode part : parts) {
      ((ObjectNode) part.path("fields")).remove("user");
      ((ObjectNode) part).remove("findings");
    }
    return parts;
  }

  private static long spans(String run) throws Exception {
    return tree(FileSource.read(recorded(run))).path("spans").asLong();
  }

  private static List<Path> recorded(String run) throws Exception {
    try (Stream<Path> files = Files.list(TestData.path("otlp/" + run))) {
      return files.filter(file -> file.toString().endsWith(".pb")).sorted().toList();
    }
  }

  private static JsonNode tree(LintReport report) throws Exception {
    StringWriter out = new StringWriter();
    LintJson.print(report, new PrintWriter(out));
    return new ObjectMapper().readTree(out.toString());
  }
}
