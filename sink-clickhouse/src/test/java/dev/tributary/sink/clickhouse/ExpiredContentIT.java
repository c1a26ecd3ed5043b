package dev.tributary.sink.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.sink.clickhouse.core.ContentPolicies;
import dev.tributary.sink.clickhouse.core.ContentPolicies.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Text of workspaces that keep it for three days, beside text that stays. Entries of lines do not
 * merge here, so that a view that forgets their signs would show.
 */
final class ExpiredContentIT {
  private static final Instant NOW = Instant.parse("2026-03-10T12:00:00Z");
  private static final ContentPolicies THREE_DAYS =
      ContentPolicies.of(Map.of("default/short", Duration.ofDays(3)));

  private static EngineFixture engine;

  @BeforeAll
  static void start() throws SQLException {
    engine = EngineFixture.start();
    // The table's own retention goes by the engine's clock, and must take none of this.
    Migrations.apply(engine.options("kept"), Duration.ofDays(3650));
    engine.execute("SYSTEM STOP MERGES kept.calls");
  }

  @AfterAll
  static void stop() {
    if (engine != null) {
      engine.close();
    }
  }

  @BeforeEach
  void empty() {
    engine.execute("TRUNCATE TABLE kept.span_content");
    engine.execute("TRUNCATE TABLE kept.calls");
  }

  private static void text(String tenant, String span, String own, String end) {
    engine.execute(
        ("INSERT INTO kept.span_content (tenant, trace_id, span_id, event_time, workspace,"
                + " environment, mode, input) VALUES ('%s', 't', '%s', '%s', %s, 'prod', 'FULL', 'hi')")
            .formatted(tenant, span, end, own));
  }

  private static void entry(
      String tenant, String span, String workspace, int sign, int revision, String end) {
    engine.execute(
        ("INSERT INTO kept.calls (tenant, kind, source, item, sign, revision, event_time,"
                + " environment, feature, team, workspace, calls, cost)"
                + " VALUES ('%s', 'USAGE', 't', '%s', %d, %d, '%s', 'prod', 'chat', 'blue', '%s', 1, 0.25)")
            .formatted(tenant, span, sign, revision, end, workspace));
  }

  /** A span whose workspace is known by its line alone. */
  private static void span(String tenant, String span, String workspace, String end) {
    text(tenant, span, "NULL", end);
    entry(tenant, span, workspace, 1, 1, end);
  }

  private static long delete(ContentPolicies policies, Instant now) {
    try (ExpiredContent content = new ExpiredContent(engine.options("kept"), policies)) {
      AtomicLong deleted = new AtomicLong();
      content.delete(now, deleted::addAndGet);
      return deleted.get();
    }
  }

  private static List<String> left() {
    return engine.texts("SELECT span_id FROM kept.span_content ORDER BY span_id, event_time");
  }

  private static String mutations() {
    return engine.ask(
        "SELECT toString(count()) FROM system.mutations WHERE database = 'kept' AND table ="
            + " 'span_content'");
  }

  private static String ledger() {
    return engine.ask(
        "SELECT toString((count(), sum(sign), sum(sign * cost), uniqExact(tuple(*)))) FROM"
            + " kept.calls");
  }

  @Test
  void delete_takesWhatEndedBefore_ofThatWorkspaceOfThatTenant() {
    span("default", "before", "short", "2026-03-07 11:59:59.999999");
    span("default", "at", "short", "2026-03-07 12:00:00");
    span("default", "days before", "short", "2026-02-20 01:00:00");
    span("default", "other workspace", "long", "2026-03-06 10:00:00");
    span("other", "other tenant", "short", "2026-03-06 10:00:00");
    String lines = ledger();

    assertThat(delete(THREE_DAYS, NOW)).isEqualTo(2);

    assertThat(left()).containsExactly("at", "other tenant", "other workspace");
    assertThat(ledger()).isEqualTo(lines);
  }

  @Test
  void delete_withoutPolicies_changesNothing() {
    span("default", "before", "short", "2026-02-20 11:59:59");
    String before = mutations();

    assertThat(delete(ContentPolicies.of(Map.of()), NOW)).isZero();

    assertThat(left()).containsExactly("before");
    assertThat(mutations()).isEqualTo(before);
  }

  /** The span's own word is not asked where a line says otherwise, nor where none says anything. */
  @Test
  void delete_goesByTheLine_andKeepsWhatHasNone() {
    text("default", "no line", "'short'", "2026-03-01 10:00:00");
    text("default", "own word", "'short'", "2026-03-01 10:00:00");
    entry("default", "own word", "long", 1, 1, "2026-03-01 10:00:00");
    text("default", "inherited", "'long'", "2026-03-01 10:00:00");
    entry("default", "inherited", "short", 1, 1, "2026-03-01 10:00:00");

    assertThat(delete(THREE_DAYS, NOW)).isEqualTo(1);

    assertThat(left()).containsExactly("no line", "own word");
  }

  @Test
  void delete_ofCorrectedLines_goesByWhatTheyAreNow() {
    String end = "2026-03-01 10:00:00";
    span("default", "came", "long", end);
    entry("default", "came", "long", -1, 1, end);
    entry("default", "came", "short", 1, 2, end);
    span("default", "left", "short", end);
    entry("default", "left", "short", -1, 1, end);
    entry("default", "left", "long", 1, 2, end);
    span("default", "retracted", "short", end);
    entry("default", "retracted", "short", -1, 1, end);
    String lines = ledger();

    assertThat(delete(THREE_DAYS, NOW)).isEqualTo(1);

    assertThat(left()).containsExactly("left", "retracted");
    assertThat(ledger()).isEqualTo(lines);
    assertThat(engine.ask("SELECT toString(count()) FROM kept.calls"))
        .as("entries that did not merge")
        .isEqualTo("8");
  }

  @Test
  void delete_again_asksForNothing_untilLateTextOrTheHour() {
    span("default", "first", "short", "2026-03-06 10:00:00");
    span("default", "at", "short", "2026-03-07 12:00:00");
    span("default", "kept", "long", "2026-03-06 10:00:00");
    assertThat(delete(THREE_DAYS, NOW)).isEqualTo(1);
    String before = mutations();

    assertThat(delete(THREE_DAYS, NOW)).isZero();
    assertThat(mutations()).as("a deletion that finds nothing").isEqualTo(before);

    // Not to the microsecond as before: the table would take it for a repeated insert.
    text("default", "first", "NULL", "2026-03-06 10:00:00.000001");
    assertThat(delete(THREE_DAYS, NOW)).isEqualTo(1);
    assertThat(left()).containsExactly("at", "kept");

    assertThat(delete(THREE_DAYS, NOW.plus(ContentRounds.PERIOD))).isEqualTo(1);
    assertThat(left()).containsExactly("kept");
  }

  /** Both texts of a span that came twice, around midnight and with the line of either. */
  @Test
  void delete_ofASpanWithTwoEnds_takesBoth() {
    text("default", "twice", "NULL", "2026-03-05 23:59:50");
    text("default", "twice", "NULL", "2026-03-06 00:00:05");
    entry("default", "twice", "short", 1, 1, "2026-03-06 00:00:05");
    text("default", "twice, the line of the first", "NULL", "2026-03-05 23:59:50");
    text("default", "twice, the line of the first", "NULL", "2026-03-06 00:00:05");
    entry("default", "twice, the line of the first", "short", 1, 1, "2026-03-05 23:59:50");

    assertThat(delete(THREE_DAYS, NOW)).isEqualTo(4);

    assertThat(left()).isEmpty();
  }

  @Test
  void delete_eachWorkspaceByItsOwnPolicy() {
    ContentPolicies policies =
        ContentPolicies.of(
            Map.of(
                "default/short", Duration.ofDays(3),
                "default/longer", Duration.ofDays(5),
                "other/short", Duration.ofDays(5)));
    for (String end : List.of("2026-03-04 10:00:00", "2026-03-06 10:00:00")) {
      String day = end.substring(8, 10);
      span("default", "a" + day, "short", end);
      span("default", "b" + day, "longer", end);
      span("other", "c" + day, "short", end);
      span("other", "d" + day, "longer", end);
    }

    assertThat(delete(policies, NOW)).isEqualTo(4);

    assertThat(left()).containsExactly("b06", "c06", "d04", "d06");
  }

  @Test
  void delete_namesWithOddCharacters_areThoseAlone() {
    List<String> odd = List.of("it's", "back\\slash", "a,b", "tab\there", "line\nend", "ü'],['");
    for (int i = 0; i < odd.size(); i++) {
      String literal = odd.get(i).replace("\\", "\\\\").replace("'", "\\'");
      span("o\\'neill", "odd" + i, literal, "2026-03-01 10:00:00");
    }
    span("o\\'neill", "plain", "a", "2026-03-01 10:00:00");

    for (int i = 0; i < odd.size(); i++) {
      Workspace workspace = new Workspace("o'neill", odd.get(i));
      assertThat(delete(new ContentPolicies(Map.of(workspace, Duration.ofDays(3))), NOW))
          .as(odd.get(i))
          .isEqualTo(1);
      assertThat(left()).doesNotContain("odd" + i).hasSize(odd.size() - i);
    }
  }

  /** A part in which nothing is found gets another name, and its bytes are not written again. */
  @Test
  void delete_writesOnlyDaysAnew_thatHaveSomething() throws IOException {
    span("default", "gone", "short", "2026-03-05 10:00:00");
    span("default", "kept", "long", "2026-03-05 10:00:00.000001");
    span("default", "of another day", "long", "2026-03-06 10:00:00");
    engine.execute("OPTIMIZE TABLE kept.span_content FINAL");
    Object touched = bytesOf("2026-03-05");
    Object untouched = bytesOf("2026-03-06");

    assertThat(delete(THREE_DAYS, NOW)).isEqualTo(1);

    assertThat(left()).containsExactly("kept", "of another day");
    assertThat(bytesOf("2026-03-06")).isEqualTo(untouched);
    assertThat(bytesOf("2026-03-05")).isNotEqualTo(touched);
  }

  /** Which file on disk has the rows of a day. */
  private static Object bytesOf(String day) throws IOException {
    List<String> parts =
        engine.texts(
            "SELECT path FROM system.parts WHERE database = 'kept' AND table = 'span_content'"
                + " AND active AND partition = '%s'".formatted(day));
    assertThat(parts).hasSize(1);
    Path bytes = Path.of(parts.get(0), "data.bin");
    return Objects.requireNonNull(Files.readAttributes(bytes, BasicFileAttributes.class).fileKey());
  }

  @Test
  void delete_whileAMutationFails_doesNotAddToIt() {
    span("default", "gone", "short", "2026-03-05 10:00:00");
    assertThatThrownBy(
            () ->
                engine.execute(
                    "ALTER TABLE kept.span_content DELETE WHERE throwIf(span_id != '') = 1"
                        + " SETTINGS mutations_sync = 2"))
        .isInstanceOf(IllegalStateException.class);
    String before = mutations();

    assertThatThrownBy(() -> delete(THREE_DAYS, NOW))
        .isInstanceOf(WriteFailedException.class)
        .hasMessageContaining("system.mutations");
    assertThat(left()).containsExactly("gone");
    assertThat(mutations()).isEqualTo(before);

    engine.execute("KILL MUTATION WHERE database = 'kept' AND NOT is_done SYNC");
    assertThat(delete(THREE_DAYS, NOW)).isEqualTo(1);
  }

  @Test
  void delete_thatIsInterrupted_endsAndLeavesTheRestToTheNext() {
    span("default", "gone", "short", "2026-03-05 10:00:00");
    engine.execute("SYSTEM STOP MERGES kept.span_content");
    try {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> delete(THREE_DAYS, NOW)).isInstanceOf(WriteFailedException.class);
      assertThat(Thread.interrupted()).isTrue();
    } finally {
      engine.execute("SYSTEM START MERGES kept.span_content");
    }

    delete(THREE_DAYS, NOW);

    assertThat(left()).isEmpty();
  }

  @Test
  void delete_ofTwoSinksAtOnce_takesNothingElse() throws Exception {
    for (int i = 0; i < 20; i++) {
      span("default", "gone" + i, "short", "2026-03-%02d 10:00:00".formatted(1 + i % 5));
    }
    span("default", "kept", "long", "2026-03-05 10:00:00");
    String lines = ledger();
    Callable<Long> sink = () -> delete(THREE_DAYS, NOW);
    ExecutorService sinks = Executors.newFixedThreadPool(2);
    try {
      for (Future<Long> deleted : sinks.invokeAll(List.of(sink, sink))) {
        assertThat(deleted.get()).isBetween(0L, 20L);
      }
    } finally {
      sinks.shutdownNow();
    }

    assertThat(left()).containsExactly("kept");
    assertThat(ledger()).isEqualTo(lines);
  }

  @Test
  void delete_thatClickHouseRefuses_saysWhyWithoutItsWords() {
    try (ExpiredContent content = new ExpiredContent(engine.options("nowhere"), THREE_DAYS)) {
      assertThatThrownBy(() -> content.delete(NOW, rows -> {}))
          .isInstanceOf(WriteFailedException.class)
          .hasMessageContaining("deleting text failed: code 81");
    }
  }
}
