package dev.tributary.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tributary.pricing.allocation.DeclaredPool;
import dev.tributary.pricing.allocation.PoolFile;
import dev.tributary.runtime.testing.ChildProcess;
import dev.tributary.standalone.correct.AllocationDesk;
import dev.tributary.standalone.correct.CorrectionDesk;
import dev.tributary.standalone.correct.HaltingCorrection;
import dev.tributary.standalone.correct.OlderPrices;
import dev.tributary.standalone.correct.RunOrder;
import dev.tributary.standalone.correct.Selection;
import dev.tributary.standalone.platform.ToolSettings;
import dev.tributary.standalone.reference.DearerPrices;
import dev.tributary.standalone.reference.ReferencePublisher;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Corrections on a whole instance, asked for as the commands ask, over lines that the owner has
 * forgotten and lines it still keeps; both the tool and the instance die in the middle.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class CorrectionsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final int TRACES = 40;
  private static final int END_TRACES = 24;
  private static final String MODEL = "gpt-4o-mini";

  /** Short memory, so that most lines are corrected from the command and not from the state. */
  private static final Map<String, String> SETTINGS =
      Map.of(
          "tributary.attribution.settle", "1s",
          "tributary.attribution.clock-idle", "1s",
          "tributary.attribution.revisable", "4s",
          "tributary.attribution.stub", "4s",
          "tributary.cost.window-grace", "2s",
          "tributary.cost.source-silence", "3s");

  @TempDir static Path folder;
  private static KillableInstance instance;
  private static Selection period;
  private static Instant lastCall;

  @BeforeAll
  static void start() throws Exception {
    instance = KillableInstance.start(folder, SETTINGS);
    lastCall = Instant.now().truncatedTo(ChronoUnit.SECONDS).minusSeconds(1_200);
    long nowUs = TimeUnit.SECONDS.toMicros(Instant.now().getEpochSecond());
    period =
        new Selection(
            "default",
            nowUs - TimeUnit.HOURS.toMicros(1),
            nowUs + TimeUnit.HOURS.toMicros(1),
            null,
            null);
    send(0, TRACES);
    sendEnd();
  }

  @AfterAll
  static void stop() {
    if (instance != null) {
      instance.close();
    }
  }

  @Test
  @Order(1)
  void prices_forthAndBack_restoreEveryView_evenWhenAllDieInTheMiddle() throws Exception {
    Map<String, List<String>> before = settled(TRACES);
    long dearer = DearerPrices.publish(ToolSettings.load(instance.data(), null), MODEL, 2);

    StringWriter status = new StringWriter();
    new OlderPrices(ToolSettings.load(instance.data(), null), instance.sql())
        .print(new PrintWriter(status));
    assertThat(status.toString()).contains("40 older than version 2; 40 would be priced otherwise");

    // The same catalogue changes nothing.
    assertThat(price(1, false)).contains("nothing differs");
    assertSame(before);

    // Shown before anything is written.
    assertThat(price(dearer, true)).contains("nothing was written");
    assertSame(before);

    // The tool dies after a third of the commands, and then everything else.
    try (ChildProcess tool =
        ChildProcess.start(
            HaltingCorrection.class,
            instance.data().toString(),
            Long.toString(period.fromUs()),
            Long.toString(period.untilUs()),
            Long.toString(dearer),
            Integer.toString(TRACES / 3))) {
      assertThat(tool.awaitExit(PATIENCE)).as(tool.output()).isEqualTo(HaltingCorrection.KILLED);
    }
    instance.killAndStartAgain();
    String another = price(dearer, false, 1);
    assertThat(another).contains("is open");
    String resumed = resume("1");
    assertThat(resumed).contains("0 refused");
    Map<String, List<String>> killed = settledAfter(before);

    // Back, and forth again without a fault: the same as with it.
    price(1, false);
    awaitSnapshot(before);
    price(dearer, false);
    awaitSnapshot(killed);
    price(1, false);
    awaitSnapshot(before);
    assertThat(
            instance.rows(
                "SELECT count() FROM (SELECT item FROM ledger GROUP BY tenant, kind, source, item"
                    + " HAVING sum(sign) != 1)"))
        .containsExactly(List.of("0"));
  }

  /** A replay under the old prices finds what was corrected since, and posting it restores that. */
  @Test
  @Order(2)
  void replay_findsWhatDiffers_andPostsOnlyThat() throws Exception {
    Map<String, List<String>> before = settled(TRACES);
    assertThat(reprocess(1, "same")).contains("nothing differs");
    long dearer = DearerPrices.publish(ToolSettings.load(instance.data(), null), MODEL, 3);
    price(dearer, false);
    settledAfter(before);

    assertThat(reprocess(1, "old")).contains("total").contains("-");
    assertThat(answer(desk -> desk.replay("default", "old", false))).contains(" 0 refused");

    awaitSnapshot(before);
    assertThat(answer(desk -> desk.replay("default", "old", false))).contains("nothing differs");
    assertThat(answer(desk -> desk.dropReplay("old"))).contains("is deleted");
    assertThat(answer(desk -> desk.list("default"))).contains("replay old").contains("closed");
  }

  @Test
  @Order(3)
  void owners_forthAndBack_restoreEveryView() throws Exception {
    Map<String, List<String>> before = settled(TRACES);
    publishOwner("search", "discovery");
    assertThat(owners(true)).contains("discovery");
    assertSame(before);

    assertThat(owners(false)).contains(" 0 refused");
    await("the team's money")
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(
                        instance.rows(
                            "SELECT sum(sign * calls) FROM calls WHERE team = 'discovery'"))
                    .containsExactly(List.of(Integer.toString(TRACES / 2))));
    publishOwner("no-such-feature", "discovery");
    assertThat(owners(false)).contains(" 0 refused");
    awaitSnapshot(before);
  }

  /** Comes when its trace is forgotten, is booked by command, and once only. */
  @Test
  @Order(4)
  void late_isBookedByCommandAndOnce() throws Exception {
    settled(TRACES);
    send(1_000, 1);
    String rejected = "SELECT count() FROM rejected WHERE reason = 'BEYOND_MEMORY'";
    await("beyond memory")
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(instance.rows(rejected)).containsExactly(List.of("2")));
    assertThat(late(true)).contains("added");
    assertThat(late(false)).contains("2 commands, 2 applied, 0 refused");
    await("the late call")
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(instance.rows("SELECT sum(sign * calls) FROM calls"))
                    .containsExactly(List.of(Integer.toString(TRACES + 1))));
    assertThat(late(false)).contains("2 rejected spans have a line already", "nothing differs");
  }

  /** A pool's hour is spread once, however often it is asked for; another price posts the rest. */
  @Test
  @Order(5)
  void allocation_isBookedOnce_followsItsPrice_andGoesAgain() throws Exception {
    await("calls in ClickHouse")
        .atMost(PATIENCE)
        .until(
            () ->
                Long.parseLong(instance.rows("SELECT sum(sign * calls) FROM calls").get(0).get(0))
                    >= TRACES);
    Map<String, List<String>> before = quiet();
    String hours = "SELECT uniqExact(toStartOfHour(event_time)) FROM calls WHERE calls = 1";
    long used = Long.parseLong(instance.rows(hours).get(0).get(0));

    assertThat(allocate("6", true)).contains("nothing was written");
    assertSame(before);
    assertThat(allocate("6", false)).contains(" 0 refused");
    awaitAllocated("6", used);
    Map<String, List<String>> spread = quiet();
    assertThat(allocate("6", false)).contains("nothing differs");
    allocate("7.5", false);
    awaitAllocated("7.5", used);
    allocate("6", false);
    awaitSnapshot(spread);
    assertThat(
            instance.rows(
                "SELECT count() FROM (SELECT sum(sign) AS net FROM ledger WHERE kind = 'ALLOCATION'"
                    + " GROUP BY tenant, source, item HAVING net NOT IN (0, 1))"))
        .containsExactly(List.of("0"));
  }

  /** A pool for all calls, in the two hours that the calls can be in. */
  private static String allocate(String perHour, boolean isDryRun) {
    List<DeclaredPool> pools =
        PoolFile.parse(
            "pools.yaml",
            "pools: [{id: ptu, kind: provisioned, uses: {model: ['*']}, terms: [{per_unit_hour: %s}]}]"
                .formatted(perHour));
    Instant from = lastCall.truncatedTo(ChronoUnit.HOURS).minus(1, ChronoUnit.HOURS);
    StringWriter text = new StringWriter();
    int code =
        new AllocationDesk(
                ToolSettings.load(instance.data(), null),
                PATIENCE,
                new PrintWriter(text),
                // As if two hours later: hours are spread when they are over.
                Clock.offset(Clock.systemUTC(), Duration.ofHours(2)))
            .allocate("default", pools, from, from.plus(2, ChronoUnit.HOURS), isDryRun, false);
    System.out.print(text);
    assertThat(code).as(text.toString()).isZero();
    return text.toString();
  }

  /** Every hour costs what the pool costs; the features that used it bear the hours with calls. */
  private static void awaitAllocated(String perHour, long usedHours) {
    await("the pool's lines")
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(
                        instance.rows(
                            "SELECT sum(sign * cost) = 2 * %s, sumIf(sign * cost, feature IN ('search', 'chat')) = %d * %s FROM calls WHERE kind = 'ALLOCATION'"
                                .formatted(perHour, usedHours, perHour)))
                    .containsExactly(List.of("1", "1")));
  }

  private static String reprocess(long version, String id) {
    return answer(desk -> desk.reprocess(period, version, id, instance.data().resolve("replays")));
  }

  private static String owners(boolean isDryRun) {
    return answer(desk -> desk.correct(RunOrder.Kind.OWNER, period, null, isDryRun));
  }

  private static String late(boolean isDryRun) {
    return answer(desk -> desk.correct(RunOrder.Kind.LATE, period, null, isDryRun));
  }

  private static void publishOwner(String feature, String team) throws Exception {
    Path file = folder.resolve("owners.yaml");
    Files.writeString(
        file,
        "rules:\n  - id: owner\n    match: {feature: \"%s\"}\n    set: {team: %s}\n"
            .formatted(feature, team));
    ReferencePublisher.publish(ToolSettings.load(instance.data(), null), "default", List.of(file));
  }

  private static String answer(ToIntFunction<CorrectionDesk> question) {
    StringWriter text = new StringWriter();
    int code = question.applyAsInt(desk(new PrintWriter(text)));
    System.out.print(text);
    assertThat(code).as(text.toString()).isZero();
    return text.toString();
  }

  private static String price(long version, boolean isDryRun) {
    return price(version, isDryRun, 0);
  }

  private static String price(long version, boolean isDryRun, int code) {
    StringWriter text = new StringWriter();
    PrintWriter out = new PrintWriter(text);
    try {
      int ended = desk(out).correct(RunOrder.Kind.PRICE, period, version, isDryRun);
      assertThat(ended).as(text.toString()).isEqualTo(code);
    } catch (dev.tributary.standalone.platform.PlatformException e) {
      out.println(e.getMessage());
      assertThat(code).as(text.toString()).isEqualTo(1);
    }
    System.out.print(text);
    return text.toString();
  }

  private static String resume(String run) {
    return answer(desk -> desk.resume("default", run));
  }

  private static CorrectionDesk desk(PrintWriter out) {
    return new CorrectionDesk(ToolSettings.load(instance.data(), null), PATIENCE, out);
  }

  /** Calls below an agent, some of a model nobody has a price for. */
  private static void send(int first, int traces) throws Exception {
    List<Span> spans = new ArrayList<>();
    long end = TimeUnit.SECONDS.toNanos(lastCall.getEpochSecond() - 50);
    for (int i = first; i < first + traces; i++) {
      String trace = "%032x".formatted(0xc0ffee0000L + i);
      long at = end + TimeUnit.SECONDS.toNanos(i % 50);
      spans.add(
          OtlpDraft.span(trace, "%016x".formatted(1), at)
              .addAttributes(OtlpDraft.text("gen_ai.operation.name", "invoke_agent"))
              .addAttributes(OtlpDraft.text("feature", i % 2 == 0 ? "search" : "chat"))
              .build());
      Span.Builder call =
          OtlpDraft.call(trace, "%016x".formatted(2), at, 1_000 + i, 100 + i)
              .setParentSpanId(OtlpDraft.bytes("%016x".formatted(1)));
      spans.add(call.build());
    }
    instance.send(OtlpDraft.request(spans));
  }

  /** Work of no call after everything else, on every partition: the last window can close. */
  private static void sendEnd() throws Exception {
    List<Span> spans = new ArrayList<>();
    long end = TimeUnit.SECONDS.toNanos(Instant.now().getEpochSecond() - 30);
    for (int i = 0; i < END_TRACES; i++) {
      spans.add(
          OtlpDraft.span("%032x".formatted(0xe0dL << 32 | i), "%016x".formatted(1), end).build());
    }
    instance.send(OtlpDraft.request(spans));
  }

  /** Every view, once so many calls are there and nothing moves any more. */
  private static Map<String, List<String>> settled(int calls) {
    await("calls in ClickHouse")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(500))
        .untilAsserted(
            () ->
                assertThat(
                        instance.rows(
                            "SELECT sum(sign * calls), uniqExactIf(source, item = 'trace') FROM"
                                + " calls"))
                    .containsExactly(
                        List.of(Integer.toString(calls), Integer.toString(calls + END_TRACES))));
    await("windows of all calls")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(500))
        .untilAsserted(
            () ->
                assertThat(
                        instance.rows(
                            "SELECT sum(calls) FROM windows_net WHERE grouping_set = 'service'"))
                    .containsExactly(List.of(Integer.toString(calls))));
    return quiet();
  }

  private static Map<String, List<String>> settledAfter(Map<String, List<String>> other) {
    await("views move").atMost(PATIENCE).until(() -> !snapshot().equals(other));
    return quiet();
  }

  /** Equal twice, two seconds apart. */
  private static Map<String, List<String>> quiet() {
    List<Map<String, List<String>>> seen = new ArrayList<>();
    await("views stand still")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofSeconds(2))
        .until(
            () -> {
              seen.add(snapshot());
              int n = seen.size();
              return n >= 2 && seen.get(n - 1).equals(seen.get(n - 2));
            });
    return seen.get(seen.size() - 1);
  }

  private static void awaitSnapshot(Map<String, List<String>> expected) {
    await("every view is restored")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofSeconds(1))
        .untilAsserted(
            () -> {
              assertSame(expected);
            });
  }

  private static Map<String, List<String>> snapshot() {
    return ViewSnapshot.of(instance.sql(), lastCall.plusSeconds(120));
  }

  private static void assertSame(Map<String, List<String>> expected) {
    assertThat(ViewSnapshot.differences(expected, snapshot())).isEmpty();
  }
}
