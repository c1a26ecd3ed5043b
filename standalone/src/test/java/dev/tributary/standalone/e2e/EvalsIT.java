package dev.tributary.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.tributary.standalone.command.LabelCommand;
import dev.tributary.standalone.command.ReferenceCommand;
import dev.tributary.standalone.command.ReviewQueueCommand;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * A trace is answered for by a deterministic evaluator, a judge and a person; each score is in
 * ClickHouse with team and probability, and the judge's own call is in the ledger.
 */
final class EvalsIT {
  private static final String POLICY =
      """
      policies:
        - id: answers
          evaluators:
            - {name: refusal}
            - {name: answer_relevance, route: judge, cost: 0.01}
            - {name: review, route: human}
          base_rate: 1
          ceiling: {per_hour: 10000}
      """;
  private static final String JUDGE_ANSWER =
      """
      {"id":"r","model":"gpt-4o-mini-2024-07-18","choices":[{"finish_reason":"stop","message":
      {"role":"assistant","content":"{\\"reasoning\\":\\"It answers.\\",\\"judgeable\\":true,\\"score\\":0.75}"}}],
      "usage":{"prompt_tokens":2000,"completion_tokens":100,"total_tokens":2100}}""";

  @TempDir Path folder;

  @Test
  void trace_scoredByRuleJudgeAndPerson() throws Exception {
    HttpServer judge = judge();
    try (PlatformFixture instance = PlatformFixture.start(folder, settings(judge), List.of())) {
      Path policy = Files.writeString(folder.resolve("policy.yaml"), POLICY);
      run(new ReferenceCommand(), "publish", "--eval-policies", policy.toString());
      send(instance, 1);
      instance.awaitRow(
          "rates for the team",
          "SELECT count() > 0 FROM events WHERE kind = 'eval_sampling'",
          List.of("1"));

      send(instance, 2);

      instance.awaitRow(
          "scores",
          """
          SELECT groupArray((name, value, team, inclusion_probability)) FROM (
            SELECT * FROM scores_net WHERE trace_id = '%s' AND status = 'SCORED' ORDER BY name)"""
              .formatted(traceId(2)),
          List.of("[('answer_relevance',0.75,'blue',1),('refusal',1,'blue',1)]"));
      instance.awaitRow(
          "the judge's own call, priced and with the team of what it judged",
          """
          SELECT sum(sign), toString(sum(sign * cost)), any(attribution_team) FROM (
            SELECT sign, cost, team AS attribution_team FROM ledger
            WHERE purpose = 'EVAL' AND cost IS NOT NULL)""",
          List.of("1", "0.00036", "blue"));
      label();
      instance.awaitRow(
          "the person's score",
          "SELECT value, label, team FROM scores_net WHERE source = 'HUMAN' AND trace_id = '"
              + traceId(2)
              + "'",
          List.of("0.5", "half", "blue"));
      assertThat(
              instance.rows(
                  "SELECT count() FROM scores_net WHERE trace_id NOT IN ('%s', '%s')"
                      .formatted(traceId(1), traceId(2))))
          .as("the judge's own trace is not judged")
          .containsExactly(List.of("0"));
    } finally {
      judge.stop(0);
    }
  }

  /** The queue holds the case; a person fills it in; the file goes back. */
  private void label() throws IOException {
    Path queue = folder.resolve("queue.jsonl");
    await("the case in the queue")
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofSeconds(1))
        .untilAsserted(
            () -> {
              run(new ReviewQueueCommand(), "--out", queue.toString());
              assertThat(Files.readString(queue)).contains(traceId(2));
            });
    List<String> filled = new ArrayList<>();
    for (String line : Files.readAllLines(queue)) {
      assertThat(line).contains("\"question\":\"Is it open?\"", "\"answer\":\"Yes, until six.\"");
      filled.add(line.replace("\"score\":null,\"label\":null", "\"score\":0.5,\"label\":\"half\""));
    }
    Files.write(queue, filled);
    assertThat(run(new LabelCommand(), queue.toString())).contains("labels sent");
  }

  private String run(Object command, String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--data", folder.resolve("data").toString()));
    StringWriter out = new StringWriter();
    int code =
        new CommandLine(command)
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(out, true))
            .execute(all.toArray(String[]::new));
    assertThat(code).as(out.toString()).isZero();
    return out.toString();
  }

  private static Map<String, String> settings(HttpServer judge) {
    return Map.of(
        "tributary.eval-dispatch.rate-interval", "1s",
        "tributary.eval-dispatch.rate-lead", "0s",
        "tributary.eval-dispatch.tick", "500ms",
        "tributary.eval-worker.judge-base-url",
            "http://127.0.0.1:" + judge.getAddress().getPort() + "/v1",
        "tributary.eval-worker.judge-model", "gpt-4o-mini");
  }

  private static HttpServer judge() throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.createContext(
        "/v1/chat/completions",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          byte[] body = JUDGE_ANSWER.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    return server;
  }

  private static String traceId(int number) {
    return "1bf7651916cd43dd8448eb211c80319" + number;
  }

  private static void send(PlatformFixture instance, int number) throws Exception {
    long end = Instant.now().toEpochMilli() * 1_000_000L;
    List<Span> spans =
        List.of(
            OtlpDraft.call(traceId(number), "c7ad6b716920333" + number, end, 1_000, 100)
                .addAttributes(OtlpDraft.text("tributary.team", "blue"))
                .addAttributes(
                    OtlpDraft.text(
                        "gen_ai.input.messages",
                        "[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"Is it open?\"}]}]"))
                .addAttributes(
                    OtlpDraft.text(
                        "gen_ai.output.messages",
                        "[{\"role\":\"assistant\",\"parts\":[{\"type\":\"text\",\"content\":"
                            + "\"Yes, until six.\"}]}]"))
                .build());
    HttpRequest request =
        HttpRequest.newBuilder(instance.otlp().resolve("/v1/traces"))
            .header("Content-Type", "application/x-protobuf")
            .POST(BodyPublishers.ofByteArray(OtlpDraft.request(spans)))
            .build();
    assertThat(HttpClient.newHttpClient().send(request, BodyHandlers.discarding()).statusCode())
        .isEqualTo(200);
  }
}
