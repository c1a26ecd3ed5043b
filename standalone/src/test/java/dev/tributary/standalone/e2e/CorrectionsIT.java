package dev.tributary.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tributary.runtime.testing.ChildProcess;
import dev.tributary.standalone.correct.CorrectionDesk;
import dev.tributary.standalone.correct.HaltingCorrection;
import dev.tributary.standalone.correct.RunOrder;
import dev.tributary.standalone.correct.Selection;
import dev.tributary.standalone.platform.ToolSettings;
import dev.tributary.standalone.reference.DearerPrices;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Corrections on a whole instance, typed as a person types them, over lines that the owner has
 * forgotten and lines it still keeps; both the tool and the instance die in the middle.
 */
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

  @BeforeAll
  static void start() throws Exception {
    instance = KillableInstance.start(folder, SETTINGS);
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
  void prices_forthAndBack_restoreEveryView_evenWhenAllDieInTheMiddle() throws Exception {
    Map<String, List<String>> before = settled(TRACES);
    long dearer = DearerPrices.publish(ToolSettings.load(instance.data(), null), MODEL, 2);

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
                "SELECT count() FROM (SELECT item FROM ledger GROUP BY tenant, kind, source, item HAVING sum(sign) != 1)"))
        .containsExactly(List.of("0"));
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
    StringWriter text = new StringWriter();
    int ended = desk(new PrintWriter(text)).resume("default", run);
    System.out.print(text);
    assertThat(ended).as(text.toString()).isZero();
    return text.toString();
  }

  private static CorrectionDesk desk(PrintWriter out) {
    return new CorrectionDesk(ToolSettings.load(instance.data(), null), PATIENCE, out);
  }

  /** Calls below an agent, some of a model nobody has a price for. */
  private static void send(int first, int traces) throws Exception {
    List<Span> spans = new ArrayList<>();
    long end = TimeUnit.SECONDS.toNanos(Instant.now().getEpochSecond() - 300);
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
                            "SELECT sum(sign * calls), uniqExactIf(source, item = 'trace') FROM calls"))
                    .containsExactly(
                        List.of(Integer.toString(calls), Integer.toString(calls + END_TRACES))));
    return quiet();
  }

  private static Map<String, List<String>> settledAfter(Map<String, List<String>> other) {
    await("views move")
        .atMost(PATIENCE)
        .until(() -> !ViewSnapshot.of(instance.sql()).equals(other));
    return quiet();
  }

  /** Equal three times in a row, two seconds apart. */
  private static Map<String, List<String>> quiet() {
    List<Map<String, List<String>>> seen = new ArrayList<>();
    await("views stand still")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofSeconds(2))
        .until(
            () -> {
              seen.add(ViewSnapshot.of(instance.sql()));
              int n = seen.size();
              return n >= 3
                  && seen.get(n - 1).equals(seen.get(n - 2))
                  && seen.get(n - 1).equals(seen.get(n - 3));
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

  private static void assertSame(Map<String, List<String>> expected) {
    assertThat(ViewSnapshot.differences(expected, ViewSnapshot.of(instance.sql()))).isEmpty();
  }
}
