package dev.tributary.standalone.replay;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.tributary.runtime.testing.LocalServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a receiver gets of a request trace. */
class ReplayTest {
  /** More than two requests of two hundred spans. */
  private static final int LINES = 450;

  private static final Instant FIRST = Instant.parse("2023-11-16T18:17:03Z");
  private static final Instant MOVED = Instant.parse("2026-03-01T00:00:00.5Z");

  private final Queue<byte[]> received = new ConcurrentLinkedQueue<>();
  private LocalServer server;

  @TempDir private Path folder;

  @BeforeEach
  void start() throws IOException {
    server =
        LocalServer.start(
            "/v1/traces",
            exchange -> {
              received.add(exchange.getRequestBody().readAllBytes());
              LocalServer.answer(exchange, 200, new byte[0]);
            });
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /** Each request is a call of its own with its own counts; none has the id of another. */
  @Test
  void everyRequest_isSentOnceWithItsCounts() throws Exception {
    Replay.Sent sent = replay("run", null);

    List<Span> spans = spans();
    Set<ByteString> traces = new HashSet<>();
    spans.forEach(span -> traces.add(span.getTraceId()));
    assertThat(spans).hasSize(LINES);
    assertThat(traces).hasSize(LINES);
    assertThat(sum(spans, "gen_ai.usage.input_tokens")).isEqualTo(sent.input());
    assertThat(sum(spans, "gen_ai.usage.output_tokens")).isEqualTo(sent.output());
    assertThat(sent.input()).isEqualTo(1_000L * LINES + LINES * (LINES - 1L) / 2);
    assertThat(sent.output()).isEqualTo(7L * LINES);
    assertThat(ends(spans)).contains(nanos(FIRST), nanos(FIRST.plusSeconds(LINES - 1)));
  }

  @Test
  void lastRequest_isMovedToItsTime_andTheOthersWithIt() throws Exception {
    replay("run", MOVED);

    List<Long> ends = ends(spans());
    assertThat(ends.get(LINES - 1)).isEqualTo(nanos(MOVED));
    assertThat(ends.get(0)).isEqualTo(nanos(MOVED.minusSeconds(LINES - 1)));
  }

  /** A run that is sent again is the same; another run is another. */
  @Test
  void ids_followFromTheRun() throws Exception {
    replay("run", null);
    Set<ByteString> first = ids();
    received.clear();
    replay("run", null);
    assertThat(ids()).isEqualTo(first);
    received.clear();
    replay("other", null);
    assertThat(ids()).doesNotContainAnyElementsOf(first);
  }

  @Test
  void bodies_areMovedTogether() throws Exception {
    Path file = folder.resolve("a.json");
    Files.writeString(
        file,
        "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"endTimeUnixNano\":\"100\"},{\"endTimeUnixNano\":\"300\"}]}]}]}");

    assertThat(Replay.bodies(endpoint(), List.of(file), MOVED)).isEqualTo(1);

    assertThat(new String(requireNonNull(received.poll()), java.nio.charset.StandardCharsets.UTF_8))
        .contains("\"" + nanos(MOVED) + "\"", "\"" + (nanos(MOVED) - 200) + "\"");
  }

  @Test
  void pace_isTheRecordedOne_orARate_orNone() {
    Duration second = Duration.ofSeconds(1);

    assertThat(Replay.Pace.recorded(2).dueNanos(9, second)).isEqualTo(500_000_000);
    assertThat(Replay.Pace.rate(4).dueNanos(9, second)).isEqualTo(2_250_000_000L);
    assertThat(Replay.Pace.unlimited().dueNanos(9, second)).isZero();
  }

  @Test
  void traceWithoutRequests_isRefused() throws Exception {
    Path file = Files.writeString(folder.resolve("none.csv"), header());

    assertThatThrownBy(() -> replay(file, "run", null))
        .isInstanceOf(TraceFileException.class)
        .hasMessageContaining("none.csv");
  }

  private Replay.Sent replay(String run, @Nullable Instant last) throws Exception {
    StringBuilder text = new StringBuilder(header());
    for (int i = 0; i < LINES; i++) {
      String at = FIRST.plusSeconds(i).toString().replace('T', ' ').replace("Z", ".000");
      text.append(at).append(',').append(1_000 + i).append(",7\r\n");
    }
    return replay(Files.writeString(folder.resolve("trace.csv"), text), run, last);
  }

  private Replay.Sent replay(Path file, String run, @Nullable Instant last) throws Exception {
    return Replay.requests(
        endpoint(),
        file,
        Replay.Format.AZURE,
        new Replay.Calls(run, "openai", "gpt-4o", "replay"),
        Replay.Pace.unlimited(),
        last,
        new PrintWriter(new StringWriter()));
  }

  private static String header() {
    return "TIMESTAMP,ContextTokens,GeneratedTokens\r\n";
  }

  private URI endpoint() {
    return server.base();
  }

  private List<Span> spans() throws IOException {
    List<Span> spans = new java.util.ArrayList<>();
    for (byte[] body : received) {
      ExportTraceServiceRequest.parseFrom(body)
          .getResourceSpansList()
          .forEach(
              resource ->
                  resource
                      .getScopeSpansList()
                      .forEach(scope -> spans.addAll(scope.getSpansList())));
    }
    return spans;
  }

  private Set<ByteString> ids() throws IOException {
    Set<ByteString> ids = new HashSet<>();
    spans().forEach(span -> ids.add(span.getTraceId()));
    return ids;
  }

  private static List<Long> ends(List<Span> spans) {
    return spans.stream().map(Span::getEndTimeUnixNano).sorted().toList();
  }

  private static long sum(List<Span> spans, String attribute) {
    return spans.stream()
        .flatMap(span -> span.getAttributesList().stream())
        .filter(pair -> pair.getKey().equals(attribute))
        .mapToLong(pair -> pair.getValue().getIntValue())
        .sum();
  }

  private static long nanos(Instant at) {
    return TimeUnit.SECONDS.toNanos(at.getEpochSecond()) + at.getNano();
  }
}
