package dev.tributary.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.serde.SerdeOptions;
import dev.tributary.runtime.serde.TopicSerdes;
import dev.tributary.schemas.Keys;
import dev.tributary.schemas.Signal;
import dev.tributary.schemas.Topics;
import dev.tributary.standalone.correct.CorrectionDesk;
import dev.tributary.standalone.correct.Selection;
import dev.tributary.standalone.platform.ToolSettings;
import dev.tributary.standalone.reference.ReferencePublisher;
import dev.tributary.standalone.reference.ReferenceSource;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * An instance with calls that are over and forgotten, what people ask of its ledger, and what every
 * view then says. It forgets within seconds, so that most lines are corrected from the command and
 * not from the state.
 */
final class CorrectedInstance implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(120);
  static final int TRACES = 40;
  static final String MODEL = "gpt-4o-mini";

  private static final int END_TRACES = 24;
  private static final Duration STILL = Duration.ofSeconds(2);
  private static final Duration POLL = Duration.ofMillis(200);

  private static final Map<String, String> SETTINGS =
      Map.ofEntries(
          Map.entry("tributary.attribution.settle", "1s"),
          Map.entry("tributary.attribution.clock-idle", "1s"),
          Map.entry("tributary.attribution.revisable", "4s"),
          Map.entry("tributary.attribution.stub", "4s"),
          Map.entry("tributary.cost.window-grace", "2s"),
          Map.entry("tributary.cost.source-silence", "3s"),
          Map.entry("tributary.cost.tick", "200ms"),
          Map.entry("tributary.sink.block-age", "200ms"),
          // What a killed instance leaves behind holds its successor up for so long.
          Map.entry("tributary.streams.session-timeout", "5s"),
          Map.entry("tributary.streams.transaction-timeout", "5s"));

  private final KillableInstance instance;
  private final Instant lastCall;
  private final Selection period;

  private CorrectedInstance(KillableInstance instance) {
    this.instance = instance;
    this.lastCall = Instant.now().truncatedTo(ChronoUnit.SECONDS).minusSeconds(1_200);
    long nowUs = TimeUnit.SECONDS.toMicros(Instant.now().getEpochSecond());
    this.period =
        new Selection(
            "default",
            nowUs - TimeUnit.HOURS.toMicros(1),
            nowUs + TimeUnit.HOURS.toMicros(1),
            null,
            null);
  }

  /** Starts one, with its calls sent; skips the test where the engine cannot run. */
  static CorrectedInstance start(Path folder) throws Exception {
    CorrectedInstance started = new CorrectedInstance(KillableInstance.start(folder, SETTINGS));
    started.send(0, TRACES);
    started.sendEnd();
    return started;
  }

  /** Puts a budget for all calls of a feature in force; answers the reference version it made. */
  long publishBudget() throws Exception {
    Path file = instance.data().resolveSibling("budgets.yaml");
    Files.writeString(
        file,
        "budgets:\n  - {id: corrected, scope: {feature: chat}, period: rolling-day, amount:"
            + " \"0.001\", thresholds: [50]}\n");
    return ReferencePublisher.publish(
        settings(), Keys.DEFAULT_TENANT, Map.of(ReferenceSource.BUDGETS, List.of(file)));
  }

  /** The budget's last signal says what the ledger's entries add up to. */
  void awaitBudget() {
    await("the budget follows the ledger")
        .atMost(PATIENCE)
        .pollInterval(POLL)
        .untilAsserted(
            () -> {
              String spent =
                  rows("SELECT toString(sum(sign * cost)) FROM ledger WHERE feature = 'chat'")
                      .get(0)
                      .get(0);
              assertThat(new BigDecimal(spent)).isPositive();
              assertThat(lastSignal()).isNotNull().isEqualByComparingTo(spent);
            });
  }

  /** What the budget's last signal says was spent; null: there is none yet. */
  private @Nullable BigDecimal lastSignal() {
    AtomicReference<BigDecimal> last = new AtomicReference<>();
    try (TopicSerdes serdes =
        TopicSerdes.create(SerdeOptions.of(instance.addresses().registry()))) {
      Deserializer<Signal> decode = serdes.value(Topics.SIGNALS).deserializer();
      CommittedRecords.read(
          instance.addresses().kafka(),
          Topics.SIGNALS.name(),
          record -> {
            if (record.value() != null) {
              Signal signal = decode.deserialize(Topics.SIGNALS.name(), record.value());
              if (signal.getScope().equals("budget:corrected")) {
                last.set(signal.getValue());
              }
            }
          });
    }
    return last.get();
  }

  /** What corrections are asked for. */
  Selection period() {
    return period;
  }

  /** End of the last call. */
  Instant lastCall() {
    return lastCall;
  }

  Path data() {
    return instance.data();
  }

  Settings settings() {
    return ToolSettings.load(instance.data(), null);
  }

  KillableInstance instance() {
    return instance;
  }

  List<List<String>> rows(String query) {
    return instance.rows(query);
  }

  /** Asks, expects that all went well, and answers what a person would read. */
  String answer(ToIntFunction<CorrectionDesk> question) {
    StringWriter text = new StringWriter();
    int code = question.applyAsInt(desk(new PrintWriter(text)));
    System.out.print(text);
    assertThat(code).as(text.toString()).isZero();
    return text.toString();
  }

  CorrectionDesk desk(PrintWriter out) {
    return new CorrectionDesk(settings(), PATIENCE, out);
  }

  /** Calls below an agent, all at the same time of the past; four of them are a session. */
  void send(int first, int traces) throws Exception {
    List<Span> spans = new ArrayList<>();
    long end = TimeUnit.SECONDS.toNanos(lastCall.getEpochSecond() - 50);
    for (int i = first; i < first + traces; i++) {
      String trace = "%032x".formatted(0xc0ffee0000L + i);
      long at = end + TimeUnit.SECONDS.toNanos(i % 50);
      spans.add(
          OtlpDraft.span(trace, "%016x".formatted(1), at)
              .addAttributes(OtlpDraft.text("gen_ai.operation.name", "invoke_agent"))
              .addAttributes(OtlpDraft.text("feature", i % 2 == 0 ? "search" : "chat"))
              .addAttributes(OtlpDraft.text("gen_ai.conversation.id", "session-" + i / 4))
              .build());
      Span.Builder call =
          OtlpDraft.call(trace, "%016x".formatted(2), at, 1_000 + i, 100 + i)
              .setParentSpanId(OtlpDraft.bytes("%016x".formatted(1)));
      spans.add(call.build());
    }
    instance.send(OtlpDraft.request(spans));
  }

  /** A call of this moment, in a trace of its own. */
  void sendCallNow() throws Exception {
    long now = TimeUnit.SECONDS.toNanos(Instant.now().getEpochSecond());
    String trace = "%032x".formatted(0xca11L << 32);
    instance.send(
        OtlpDraft.request(
            List.of(OtlpDraft.call(trace, "%016x".formatted(1), now, 100, 10).build())));
  }

  /** Work of no call after everything else, on every partition: the last window can close. */
  private void sendEnd() throws Exception {
    List<Span> spans = new ArrayList<>();
    long end = TimeUnit.SECONDS.toNanos(Instant.now().getEpochSecond() - 30);
    for (int i = 0; i < END_TRACES; i++) {
      spans.add(
          OtlpDraft.span("%032x".formatted(0xe0dL << 32 | i), "%016x".formatted(1), end).build());
    }
    instance.send(OtlpDraft.request(spans));
  }

  /** Every view, once so many calls are there and nothing moves any more. */
  Map<String, List<String>> settled(int calls) {
    await("calls in ClickHouse")
        .atMost(PATIENCE)
        .pollInterval(POLL)
        .untilAsserted(
            () ->
                assertThat(
                        rows(
                            "SELECT sum(sign * calls), uniqExactIf(source, item = 'trace') FROM"
                                + " calls"))
                    .containsExactly(
                        List.of(Integer.toString(calls), Integer.toString(calls + END_TRACES))));
    await("windows of all calls")
        .atMost(PATIENCE)
        .pollInterval(POLL)
        .untilAsserted(
            () ->
                assertThat(
                        rows("SELECT sum(calls) FROM windows_net WHERE grouping_set = 'service'"))
                    .containsExactly(List.of(Integer.toString(calls))));
    return quiet();
  }

  /** Every view, once it says something else than before and nothing moves any more. */
  Map<String, List<String>> settledAfter(Map<String, List<String>> other) {
    AtomicReference<Map<String, List<String>>> seen = new AtomicReference<>(other);
    await("views move")
        .atMost(PATIENCE)
        .pollInterval(POLL)
        .until(
            () -> {
              seen.set(quiet());
              return !seen.get().equals(other);
            });
    return seen.get();
  }

  /** Every view, once nothing was loaded for two seconds. */
  Map<String, List<String>> quiet() {
    String loaded = loaded();
    await("views stand still")
        .atMost(PATIENCE)
        .pollInterval(POLL)
        .during(STILL)
        .until(new Still(rows(loaded), loaded)::isStill);
    return snapshot();
  }

  /** Whether what was loaded is what it was when last looked. */
  private final class Still {
    private final String query;
    private List<List<String>> before;

    Still(List<List<String>> before, String query) {
      this.before = before;
      this.query = query;
    }

    boolean isStill() {
      List<List<String>> now = rows(query);
      boolean isSame = now.equals(before);
      before = now;
      return isSame;
    }
  }

  /** A query for how far each table is loaded: far cheaper than what all views say. */
  private String loaded() {
    return rows(
            "SELECT DISTINCT table FROM system.columns WHERE database = currentDatabase()"
                + " AND name = 'kafka_offset' AND table IN (SELECT name FROM system.tables WHERE"
                + " database = currentDatabase() AND engine LIKE '%MergeTree') ORDER BY table")
        .stream()
        .map(
            row ->
                "SELECT '%1$s' AS loaded, sum(last) FROM (SELECT max(kafka_offset) AS last FROM %1$s GROUP BY kafka_partition)"
                    .formatted(row.get(0)))
        .collect(Collectors.joining(" UNION ALL ", "SELECT * FROM (", ") ORDER BY loaded"));
  }

  /** What the lines add up to: so does every view of money, and every trace as its lines do. */
  String moneyEverywhere() {
    List<List<String>> sums =
        rows(
            "SELECT DISTINCT toString(money) FROM (SELECT sum(cost) AS money FROM lines_net"
                + " UNION ALL SELECT sum(cost) FROM spend"
                + " UNION ALL SELECT sum(known_cost) FROM unit_costs"
                + " UNION ALL SELECT sum(cost) FROM coverage"
                + " UNION ALL SELECT sum(cost) FROM traces_net"
                + " UNION ALL SELECT sum(cost) FROM sessions_net"
                + " UNION ALL SELECT sum(known_cost) FROM session_costs"
                + " UNION ALL SELECT sum(cost) FROM session_turns)");
    assertThat(sums).hasSize(1);
    assertThat(
            rows(
                "SELECT trace_id, toString(t.cost), toString(l.cost) FROM traces_net AS t LEFT JOIN (SELECT"
                    + " source AS trace_id, sum(cost) AS cost FROM lines_net GROUP BY trace_id) AS l"
                    + " USING (trace_id) WHERE t.cost IS DISTINCT FROM l.cost"))
        .isEmpty();
    return sums.get(0).get(0);
  }

  void awaitSnapshot(Map<String, List<String>> expected) {
    await("every view is restored")
        .atMost(PATIENCE)
        .pollInterval(POLL)
        .untilAsserted(() -> assertThat(ViewSnapshot.differences(expected, quiet())).isEmpty());
  }

  void assertSame(Map<String, List<String>> expected) {
    assertThat(ViewSnapshot.differences(expected, snapshot())).isEmpty();
  }

  private Map<String, List<String>> snapshot() {
    return ViewSnapshot.of(instance.sql(), lastCall.plusSeconds(120));
  }

  @Override
  public void close() {
    instance.close();
  }
}
