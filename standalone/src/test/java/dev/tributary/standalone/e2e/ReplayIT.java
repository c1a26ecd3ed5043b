package dev.tributary.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.runtime.testing.TestData;
import dev.tributary.standalone.replay.Replay;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Public request traces, read in place, arrive in ClickHouse to the unit. */
final class ReplayIT {
  /** Sums of a file, counted here and not by the product. */
  private record FileSums(long requests, long input, long cacheRead, long output) {
    List<String> row() {
      return List.of(
          Long.toString(requests),
          Long.toString(input),
          Long.toString(cacheRead),
          Long.toString(output));
    }
  }

  @TempDir static Path folder;
  private static PlatformFixture platform;

  @BeforeAll
  static void start() {
    TestData.path("traces");
    platform = PlatformFixture.start(folder, Map.of(), List.of());
  }

  @AfterAll
  static void stop() {
    if (platform != null) {
      platform.close();
    }
  }

  @Test
  void azure_codeTrace_everyRequestAndToken() throws Exception {
    Path file = TestData.path("traces", "azure", "AzureLLMInferenceTrace_code.csv");
    FileSums sums = azure(file);
    assertThat(sums.requests()).isEqualTo(8_819);

    replay(file, Replay.Format.AZURE, "azure-code");

    awaitSums("azure-code", sums);
  }

  @Test
  void azure_conversationTrace_everyRequestAndToken() throws Exception {
    Path file = TestData.path("traces", "azure", "AzureLLMInferenceTrace_conv.csv");
    FileSums sums = azure(file);
    assertThat(sums.requests()).isEqualTo(19_366);

    replay(file, Replay.Format.AZURE, "azure-conv");

    awaitSums("azure-conv", sums);
  }

  @Test
  void mooncake_conversationTrace_cacheReadsAsDerived() throws Exception {
    Path file = TestData.path("traces", "mooncake", "conversation_trace.jsonl");
    // The derived table is the recorded data's own, made without any of our code.
    FileSums sums = table(TestData.path("traces", "mooncake", "conversation_trace.cache.csv"));
    assertThat(sums.requests()).isEqualTo(12_031);
    assertThat(sums.cacheRead()).isPositive();

    replay(file, Replay.Format.MOONCAKE, "mooncake");
    awaitSums("mooncake", sums);

    // The same run once more is known by its ids and adds nothing.
    long spans = spansReceived();
    replay(file, Replay.Format.MOONCAKE, "mooncake");
    platform.awaitRow(
        "the second run on its topic",
        "SELECT count() >= %d FROM spans".formatted(spans + sums.requests()),
        List.of("1"));
    awaitSums("mooncake", sums);
  }

  private static long spansReceived() {
    return Long.parseLong(platform.rows("SELECT count() FROM spans").get(0).get(0));
  }

  private static void replay(Path file, Replay.Format format, String feature) throws Exception {
    StringWriter progress = new StringWriter();
    Replay.requests(
        platform.otlp(),
        file,
        format,
        new Replay.Calls(feature, "openai", "gpt-4o", feature),
        Replay.Pace.unlimited(),
        Instant.now(),
        new PrintWriter(progress));
  }

  private static void awaitSums(String feature, FileSums sums) {
    platform.awaitRow(
        "all of " + feature,
        """
        SELECT sum(sign * calls),
          sum(sign * (ifNull(input_uncached_tokens, 0) + ifNull(cache_read_tokens, 0)
            + ifNull(cache_write_5m_tokens, 0) + ifNull(cache_write_1h_tokens, 0))),
          sum(sign * ifNull(cache_read_tokens, 0)),
          sum(sign * (ifNull(output_text_tokens, 0) + ifNull(reasoning_tokens, 0)))
        FROM calls WHERE feature = '%s' AND item != 'trace'
        """
            .formatted(feature),
        sums.row());
    platform.awaitRow(
        "as many lines as requests of " + feature,
        "SELECT sum(sign), uniqExact(source) FROM calls WHERE feature = '%s' AND item != 'trace'"
            .formatted(feature),
        List.of(Long.toString(sums.requests()), Long.toString(sums.requests())));
  }

  private static FileSums azure(Path file) throws IOException {
    return sums(file, 1, 2, -1);
  }

  private static FileSums table(Path file) throws IOException {
    return sums(file, 1, 2, 3);
  }

  private static FileSums sums(Path file, int input, int output, int cacheRead) throws IOException {
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .skip(1)
          .filter(line -> !line.isBlank())
          .map(line -> line.strip().split(",", -1))
          .map(
              fields ->
                  new FileSums(
                      1,
                      Long.parseLong(fields[input]),
                      cacheRead < 0 ? 0 : Long.parseLong(fields[cacheRead]),
                      Long.parseLong(fields[output])))
          .reduce(
              new FileSums(0, 0, 0, 0),
              (a, b) ->
                  new FileSums(
                      a.requests + b.requests,
                      a.input + b.input,
                      a.cacheRead + b.cacheRead,
                      a.output + b.output));
    }
  }
}
