package dev.tributary.standalone.e2e;

import static dev.tributary.standalone.e2e.CorrectedInstance.PATIENCE;
import static dev.tributary.standalone.e2e.CorrectedInstance.TRACES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tributary.pricing.allocation.DeclaredPool;
import dev.tributary.pricing.allocation.PoolFile;
import dev.tributary.standalone.correct.AllocationDesk;
import dev.tributary.standalone.correct.RunOrder;
import dev.tributary.standalone.export.FocusExport;
import dev.tributary.standalone.reference.ReferencePublisher;
import dev.tributary.standalone.review.WeeklyReview;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Owners, late spans and pools: lines that are moved, added and allocated by command on a whole
 * instance.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class LineCorrectionsIT {
  @TempDir static Path folder;
  private static CorrectedInstance instance;

  @BeforeAll
  static void start() throws Exception {
    instance = CorrectedInstance.start(folder);
  }

  @AfterAll
  static void stop() {
    if (instance != null) {
      instance.close();
    }
  }

  @Test
  @Order(1)
  void owners_forthAndBack_restoreEveryView() throws Exception {
    Map<String, List<String>> before = instance.settled(TRACES);
    publishOwner("search", "discovery");
    assertThat(owners(true)).contains("discovery");
    instance.assertSame(before);

    assertThat(owners(false)).contains(" 0 refused");
    await("the team's money")
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(
                        instance.rows(
                            "SELECT sum(sign * calls) FROM calls WHERE team = 'discovery'"))
                    .containsExactly(List.of(Integer.toString(TRACES / 2))));
    await("the team's traces and sessions")
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(
                        instance.rows(
                            "SELECT (SELECT count() FROM traces_net WHERE team = 'discovery'),"
                                + " (SELECT count() FROM sessions_net WHERE team = 'discovery')"))
                    .containsExactly(
                        List.of(Integer.toString(TRACES / 2), Integer.toString(TRACES / 4))));
    publishOwner("no-such-feature", "discovery");
    assertThat(owners(false)).contains(" 0 refused");
    instance.awaitSnapshot(before);
  }

  /** Comes when its trace is forgotten, is booked by command, and once only. */
  @Test
  @Order(2)
  void late_isBookedByCommandAndOnce() throws Exception {
    instance.settled(TRACES);
    instance.send(1_000, 1);
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
  @Order(3)
  void allocation_isBookedOnce_followsItsPrice_andGoesAgain() throws Exception {
    await("calls in ClickHouse")
        .atMost(PATIENCE)
        .until(
            () ->
                Long.parseLong(instance.rows("SELECT sum(sign * calls) FROM calls").get(0).get(0))
                    >= TRACES);
    Map<String, List<String>> before = instance.quiet();
    String hours = "SELECT uniqExact(toStartOfHour(event_time)) FROM calls WHERE calls = 1";
    long used = Long.parseLong(instance.rows(hours).get(0).get(0));

    // These calls have prices of their own: the same work would be paid for twice.
    assertThat(allocate("6", AllocationDesk.Options.DEFAULT, 1))
        .contains("have a price of their own")
        .contains("nothing was written");
    assertThat(allocate("6", true)).contains("nothing was written");
    instance.assertSame(before);
    assertThat(allocate("6", false)).contains(" 0 refused");
    awaitAllocated("6", used);
    Map<String, List<String>> spread = instance.quiet();
    assertThat(allocate("6", false)).contains("nothing differs");
    allocate("7.5", false);
    awaitAllocated("7.5", used);
    allocate("6", false);
    instance.awaitSnapshot(spread);
    assertThat(
            instance.rows(
                "SELECT count() FROM (SELECT sum(sign) AS net FROM ledger WHERE kind = 'ALLOCATION'"
                    + " GROUP BY tenant, source, item HAVING net NOT IN (0, 1))"))
        .containsExactly(List.of("0"));
  }

  /** What finance takes away adds up to the ledger, and the week's review names what was dear. */
  @Test
  @Order(4)
  void focusRowsAndReview_sayWhatTheLedgerSays() throws Exception {
    Instant from = instance.lastCall().truncatedTo(ChronoUnit.HOURS).minus(1, ChronoUnit.HOURS);
    Instant until = from.plus(2, ChronoUnit.HOURS);
    // The last allocation may still be on its way to ClickHouse.
    await("billed = booked").atMost(PATIENCE).untilAsserted(() -> assertBilled(from, until));

    // On Monday after midnight the hours are of two weeks.
    assertThat(review(from) + review(until)).contains("## ", "search", "chat");
  }

  private static String review(Instant at) throws Exception {
    LocalDate monday = WeeklyReview.mondayOf(LocalDate.ofInstant(at, ZoneOffset.UTC));
    return new WeeklyReview(instance.instance().sql()).markdown("default", monday);
  }

  /** What the file bills is what the ledger booked. */
  private static void assertBilled(Instant from, Instant until) throws Exception {
    StringWriter file = new StringWriter();
    long rows =
        new FocusExport(instance.instance().sql())
            .write(new FocusExport.Range("default", from, until), file);

    List<String> lines = file.toString().lines().toList();
    assertThat(lines).hasSize((int) rows + 1);
    List<String> header = cells(lines.get(0));
    assertThat(header).contains("BilledCost", "ChargePeriodStart", "BillingCurrency", "x_feature");
    BigDecimal billed = BigDecimal.ZERO;
    for (String line : lines.subList(1, lines.size())) {
      List<String> row = cells(line);
      assertThat(row).as(line).hasSameSizeAs(header);
      assertThat(row.get(header.indexOf("BillingCurrency"))).isEqualTo("USD");
      billed = billed.add(new BigDecimal(row.get(header.indexOf("BilledCost"))));
    }
    String booked =
        "SELECT toString(sum(sign * l.cost)) FROM ledger AS l WHERE event_time >= toDateTime(%d, 'UTC') AND event_time < toDateTime(%d, 'UTC')"
            .formatted(from.getEpochSecond(), until.getEpochSecond());
    assertThat(billed).isPositive().isEqualByComparingTo(instance.rows(booked).get(0).get(0));
  }

  /** A row of the file, quotes taken off. */
  private static List<String> cells(String line) {
    List<String> cells = new ArrayList<>();
    for (String cell : line.split(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", -1)) {
      cells.add(cell.replaceAll("^\"|\"$", ""));
    }
    return cells;
  }

  private static String allocate(String perHour, boolean isDryRun) {
    return allocate(perHour, new AllocationDesk.Options(isDryRun, false, true), 0);
  }

  /** A pool for all calls, in the two hours that the calls can be in. */
  private static String allocate(String perHour, AllocationDesk.Options options, int code) {
    List<DeclaredPool> pools =
        PoolFile.parse(
            "pools.yaml",
            "pools: [{id: ptu, kind: provisioned, uses: {model: ['*']}, terms: [{per_unit_hour: %s}]}]"
                .formatted(perHour));
    Instant from = instance.lastCall().truncatedTo(ChronoUnit.HOURS).minus(1, ChronoUnit.HOURS);
    StringWriter text = new StringWriter();
    int ended =
        new AllocationDesk(
                instance.settings(),
                PATIENCE,
                new PrintWriter(text),
                // As if two hours later: hours are spread when they are over.
                Clock.offset(Clock.systemUTC(), Duration.ofHours(2)))
            .allocate("default", pools, from, from.plus(2, ChronoUnit.HOURS), options);
    System.out.print(text);
    assertThat(ended).as(text.toString()).isEqualTo(code);
    return text.toString();
  }

  /**
   * Every hour costs what the pool costs, in that hour; the features that used it bear the hours
   * with calls.
   */
  private static void awaitAllocated(String perHour, long usedHours) {
    await("the pool's lines")
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(
                        instance.rows(
                            "SELECT sum(sign * cost) = 2 * %s, sumIf(sign * cost, feature IN ('search', 'chat')) = %d * %s, uniqExact(toStartOfHour(event_time)) = 2, max(toStartOfHour(event_time)) = toDateTime(%d, 'UTC') FROM calls WHERE kind = 'ALLOCATION'"
                                .formatted(
                                    perHour,
                                    usedHours,
                                    perHour,
                                    instance
                                        .lastCall()
                                        .truncatedTo(ChronoUnit.HOURS)
                                        .getEpochSecond())))
                    .containsExactly(List.of("1", "1", "1", "1")));
  }

  private static String owners(boolean isDryRun) {
    return instance.answer(
        desk -> desk.correct(RunOrder.Kind.OWNER, instance.period(), null, isDryRun));
  }

  private static String late(boolean isDryRun) {
    return instance.answer(
        desk -> desk.correct(RunOrder.Kind.LATE, instance.period(), null, isDryRun));
  }

  private static void publishOwner(String feature, String team) throws Exception {
    Path file = folder.resolve("owners.yaml");
    Files.writeString(
        file,
        "rules:\n  - id: owner\n    match: {feature: \"%s\"}\n    set: {team: %s}\n"
            .formatted(feature, team));
    ReferencePublisher.publish(instance.settings(), "default", List.of(file));
  }
}
