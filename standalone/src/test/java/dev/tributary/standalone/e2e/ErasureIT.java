package dev.tributary.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.standalone.command.EraseCommand;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A person asks to be forgotten: no text is left in ClickHouse or comes again, no sum moves. */
final class ErasureIT {
  private static final String SUMS =
      "SELECT count(), sum(sign), sum(cost * sign), sum(cityHash64(*)) FROM ledger";
  private static final String TEXTS =
      "SELECT countIf(mode != 'ERASED' AND input LIKE '%secret of ann%'),"
          + " countIf(mode != 'ERASED' AND input LIKE '%secret of bob%'),"
          + " countIf(mode = 'ERASED') FROM span_content";

  @TempDir Path folder;

  @Test
  void person_isForgotten_inClickHouseAndInWhatComes() throws Exception {
    try (PlatformFixture instance = PlatformFixture.start(folder, Map.of(), List.of())) {
      long end = Instant.now().getEpochSecond() * 1_000_000_000L;
      List<Span> first = new ArrayList<>();
      first.addAll(trace(1, "ann", end));
      first.addAll(trace(2, "ann", end));
      first.addAll(trace(3, "bob", end));
      first.addAll(openTrace(5, end));
      send(instance, first);
      instance.awaitRow("texts", TEXTS, List.of("6", "3", "0"));
      instance.awaitRow("closed traces", "SELECT uniqExact(trace_id) FROM traces", List.of("3"));
      List<List<String>> sums = instance.rows(SUMS);

      assertThat(erase("--user", "ann", "--dry-run")).contains("6 content records would be erased");
      assertThat(instance.rows(TEXTS)).containsExactly(List.of("6", "3", "0"));
      assertThat(erase("--user", "ann")).contains("6 content records erased");
      assertThat(instance.rows(TEXTS)).containsExactly(List.of("0", "3", "6"));
      assertThat(instance.rows(SUMS)).isEqualTo(sums);

      send(instance, trace(4, "ann", end));
      instance.awaitRow(
          "later spans",
          "SELECT count() FROM span_content WHERE trace_id = '" + traceId(4) + "'",
          List.of("2"));
      assertThat(instance.rows(TEXTS).get(0).get(0)).isEqualTo("0");
      instance.awaitRow(
          "and their cost",
          "SELECT sum(sign), sum(cost * sign) > 0 FROM ledger WHERE kind = 'USAGE' AND source = '"
              + traceId(4)
              + "' AND cost IS NOT NULL",
          List.of("1", "1"));
      assertThat(erase("--user", "ann")).contains("0 content records erased");
    }
  }

  /** Records have its pseudonym, those from before such ids were taken out have the id itself. */
  @Test
  void session_calledByAMailAddress_isForgottenUnderBothNames() throws Exception {
    try (PlatformFixture instance = PlatformFixture.start(folder, Map.of(), List.of())) {
      long end = Instant.now().getEpochSecond() * 1_000_000_000L;
      send(instance, session(1, "ann@example.com", "ann", end));
      send(instance, session(2, "bob@example.com", "bob", end));
      instance.awaitRow("texts", TEXTS, List.of("1", "1", "0"));
      instance.rows(
          "INSERT INTO span_content (tenant, trace_id, span_id, event_time, session_id,"
              + " environment, mode, input) VALUES ('default', '"
              + traceId(3)
              + "', 'b7ad6b7169203333', now64(6), 'ann@example.com', 'none', 'FULL',"
              + " 'secret of ann')");
      assertThat(instance.rows(TEXTS)).containsExactly(List.of("2", "1", "0"));

      assertThat(erase("--session", "ann@example.com")).contains("2 content records erased");
      assertThat(instance.rows(TEXTS)).containsExactly(List.of("0", "1", "2"));
      send(instance, session(4, "ann@example.com", "ann", end));
      instance.awaitRow("later spans", TEXTS, List.of("0", "1", "3"));
    }
  }

  private static List<Span> session(int number, String session, String user, long end) {
    return List.of(
        OtlpDraft.span(traceId(number), "b7ad6b716920333" + number, end)
            .addAttributes(OtlpDraft.text("session.id", session))
            .addAttributes(OtlpDraft.text("input.value", "secret of " + user))
            .build());
  }

  /** A trace whose root is still to come; one of its spans says who asks, one that it was bob. */
  private static List<Span> openTrace(int number, long end) {
    return List.of(
        spanBelow(number, "d", "a", end)
            .addAttributes(OtlpDraft.text("user.id", "ann"))
            .addAttributes(OtlpDraft.text("input.value", "secret of ann"))
            .build(),
        spanBelow(number, "e", "d", end)
            .addAttributes(OtlpDraft.text("input.value", "secret of ann"))
            .build(),
        spanBelow(number, "f", "d", end)
            .addAttributes(OtlpDraft.text("user.id", "bob"))
            .addAttributes(OtlpDraft.text("input.value", "secret of bob"))
            .build());
  }

  private static Span.Builder spanBelow(int number, String id, String parent, long end) {
    return OtlpDraft.span(traceId(number), id + "7ad6b716920333" + number, end)
        .setParentSpanId(OtlpDraft.bytes(parent + "7ad6b716920333" + number));
  }

  /** A root with the person, and a call below it; both state who asks, as SDKs with baggage do. */
  private static List<Span> trace(int number, String user, long end) {
    return List.of(
        OtlpDraft.span(traceId(number), "b7ad6b716920333" + number, end)
            .addAttributes(OtlpDraft.text("user.id", user))
            .addAttributes(OtlpDraft.text("input.value", "secret of " + user))
            .build(),
        OtlpDraft.call(traceId(number), "c7ad6b716920333" + number, end, 1_000, 100)
            .setParentSpanId(OtlpDraft.bytes("b7ad6b716920333" + number))
            .addAttributes(OtlpDraft.text("user.id", user))
            .addAttributes(OtlpDraft.text("input.value", "secret of " + user))
            .build());
  }

  private static String traceId(int number) {
    return "0af7651916cd43dd8448eb211c80319" + number;
  }

  private String erase(String... arguments) {
    List<String> all = new ArrayList<>(List.of("--data", folder.resolve("data").toString()));
    all.addAll(List.of(arguments));
    StringWriter out = new StringWriter();
    int code =
        new CommandLine(new EraseCommand())
            .setOut(new PrintWriter(out, true))
            .execute(all.toArray(String[]::new));
    assertThat(code).as(out.toString()).isZero();
    return out.toString();
  }

  private static void send(PlatformFixture instance, List<Span> spans) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(instance.otlp().resolve("/v1/traces"))
            .header("Content-Type", "application/x-protobuf")
            .POST(BodyPublishers.ofByteArray(OtlpDraft.request(spans)))
            .build();
    assertThat(HttpClient.newHttpClient().send(request, BodyHandlers.discarding()).statusCode())
        .isEqualTo(200);
  }
}
