package dev.tributary.standalone.e2e;

import static dev.tributary.standalone.e2e.CorrectedInstance.MODEL;
import static dev.tributary.standalone.e2e.CorrectedInstance.PATIENCE;
import static dev.tributary.standalone.e2e.CorrectedInstance.TRACES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tributary.pricing.reconcile.Cause;
import dev.tributary.pricing.reconcile.Finding;
import dev.tributary.standalone.correct.HeldInvoice;
import dev.tributary.standalone.correct.TrueUpDesk;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** An invoice that differs from what was estimated, booked on a whole instance. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class TrueUpIT {
  private static final String INVOICE = "inv-2026/11";

  /** Days are booked when they have been over for a while. */
  private static final Clock LATER = Clock.offset(Clock.systemUTC(), Duration.ofDays(2));

  @TempDir static Path folder;
  private static CorrectedInstance instance;
  private static Map<String, List<String>> estimated;
  private static LocalDate day;

  @BeforeAll
  static void start() throws Exception {
    instance = CorrectedInstance.start(folder);
    instance.publishBudget();
    estimated = instance.settled(TRACES);
    // Around midnight the calls are of two days; those of the later one are what is billed.
    day = LocalDate.parse(value("SELECT toDate(max(event_time)) FROM calls_net"));
  }

  @AfterAll
  static void stop() {
    if (instance != null) {
      instance.close();
    }
  }

  @Test
  @Order(1)
  void dryRun_andADayThatIsNotOver_writeNothing() {
    assertThat(book(LATER, billed("0.5"), new TrueUpDesk.Options(true, false), 0))
        .contains("price_difference", "search", "unattributed", "nothing was written (--dry-run)")
        .containsPattern("total +\\d+ +0 +2.69 +2.69");
    assertThat(book(Clock.systemUTC(), billed("0.5"), TrueUpDesk.Options.DEFAULT, 1))
        .contains("nothing was written: findings of " + day + " can be booked from");
    instance.assertSame(estimated);
    assertThat(entries()).isZero();
  }

  /** Every view of money has what was billed, and none has a call or a price more. */
  @Test
  @Order(2)
  void invoice_isBooked_andIsInEveryTotal() {
    BigDecimal before = amount("SELECT sum(cost) FROM lines_net");
    String counted =
        "SELECT sum(calls), sum(priced_calls), sum(unpriced_calls), sum(unpriced_tokens), sum(all_tokens)"
            + " FROM coverage";
    List<List<String>> counts = instance.rows(counted);

    assertThat(book(billed("0.5"))).contains("commands, 0 refused");
    BigDecimal total = before.add(new BigDecimal("2.69"));
    awaitTotal(total);
    instance.awaitBudget();

    assertThat(amount("SELECT sum(BilledCost) FROM focus WHERE x_cost_state = 'reconciled'"))
        .isEqualByComparingTo("2.69");
    assertThat(
            instance.rows(
                "SELECT DISTINCT ChargeCategory, InvoiceId, toDate(ChargePeriodStart) FROM focus"
                    + " WHERE x_cost_state = 'reconciled' ORDER BY 1"))
        .containsExactly(
            List.of("Adjustment", INVOICE, day.toString()),
            List.of("Credit", INVOICE, day.toString()),
            List.of("Tax", INVOICE, day.toString()));
    assertThat(amount("SELECT sum(reconciled_cost) FROM chargeback")).isEqualByComparingTo("2.69");
    for (String money :
        List.of(
            "SELECT sum(BilledCost) FROM focus",
            "SELECT sum(known_cost) FROM chargeback",
            "SELECT sum(cost) FROM spend",
            "SELECT sum(cost) FROM coverage")) {
      assertThat(amount(money)).as(money).isEqualByComparingTo(total);
    }
    assertThat(amount("SELECT sum(known_cost) FROM chargeback WHERE feature = 'unattributed'"))
        .isEqualByComparingTo("1");
    assertThat(instance.rows(counted)).isEqualTo(counts);
    assertThat(instance.rows("SELECT count() FROM unpriced")).containsExactly(List.of("0"));
    assertShares();
  }

  /** By what the same day's calls of the same model and bucket were estimated to cost. */
  private static void assertShares() {
    String shares =
        ("SELECT t.feature, abs(toFloat64(t.billed) / 0.5 - toFloat64(e.estimated) / toFloat64(e.all)) < 1e-9 FROM"
                + " (SELECT feature, sum(cost) AS billed FROM lines_net WHERE kind = 'TRUE_UP' AND price_reason ="
                + " 'price_difference' GROUP BY feature) AS t JOIN (SELECT feature, sum(cost) AS estimated, sum(estimated)"
                + " OVER () AS all FROM spend_by_bucket WHERE bucket = 'in.text.uncached' AND toDate(hour) = '%s' GROUP BY"
                + " feature) AS e USING (feature) ORDER BY 1")
            .formatted(day);
    assertThat(instance.rows(shares)).containsExactly(List.of("chat", "1"), List.of("search", "1"));
  }

  @Test
  @Order(3)
  void invoice_again_booksNothing_corrected_theDifference() {
    long entries = entries();
    assertThat(book(billed("0.50"))).contains("nothing differs", "invoice " + INVOICE, "2.69");
    assertThat(entries()).isEqualTo(entries);
    // It is the invoice's own lines that say so: under another name all of it is news.
    assertThat(desk("another", LATER, billed("0.5"), new TrueUpDesk.Options(true, false), 0))
        .containsPattern("total +9 +0 +2.69 +2.69");

    // Of nine lines the two of the corrected finding.
    assertThat(book(billed("0.7"))).contains("2 commands, 0 refused");
    awaitTotal(
        amount("SELECT sum(cost) FROM lines_net WHERE kind = 'USAGE'").add(new BigDecimal("2.89")));
    assertThat(entries()).isEqualTo(entries + 4);
    assertThat(
            instance.rows(
                "SELECT count() FROM (SELECT sum(sign) AS net FROM ledger WHERE kind = 'TRUE_UP'"
                    + " GROUP BY tenant, source, item HAVING net NOT IN (0, 1))"))
        .containsExactly(List.of("0"));
    assertThat(instance.rows("SELECT count() FROM rejected")).containsExactly(List.of("0"));
  }

  @Test
  @Order(4)
  void invoice_withoutFindings_isTakenBack() {
    assertThat(book(List.of())).contains("commands, 0 refused");
    instance.awaitSnapshot(estimated);
    instance.awaitBudget();
    assertThat(book(List.of())).contains("nothing differs");
    // What is known by nothing at all.
    assertThat(desk("no-such-invoice", LATER, List.of(), TrueUpDesk.Options.DEFAULT, 0))
        .contains("nothing differs: 0 lines");
  }

  /** Of two at once one works: the owner of the ledger would book what both think is missing. */
  @Test
  @Order(5)
  void invoice_thatAnotherRunHolds_isLeftAlone_untilItIsTakenOver() {
    long entries = entries();
    HeldInvoice.open(instance.settings(), "default", INVOICE, PATIENCE);

    assertThat(book(LATER, billed("0.9"), TrueUpDesk.Options.DEFAULT, 1))
        .contains("0 commands, 0 refused", "invoice " + INVOICE + ": another run is open");
    assertThat(entries()).isEqualTo(entries);

    assertThat(book(LATER, billed("0.9"), new TrueUpDesk.Options(false, true), 0))
        .contains("9 commands, 0 refused");
    await("what was taken over").atMost(PATIENCE).until(() -> entries() == entries + 9);
  }

  private static void awaitTotal(BigDecimal total) {
    await("the invoice in ClickHouse")
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(amount("SELECT sum(cost) FROM lines_net")).isEqualByComparingTo(total));
  }

  private static long entries() {
    return Long.parseLong(value("SELECT count() FROM ledger WHERE kind = 'TRUE_UP'"));
  }

  private static BigDecimal amount(String query) {
    return new BigDecimal(value(query.replaceFirst("SELECT (\\S+)", "SELECT toString($1)")));
  }

  private static String value(String query) {
    return instance.rows(query).get(0).get(0);
  }

  /** What is billed beside the estimate: 2.19 and a price. */
  private static List<Finding> billed(String price) {
    return List.of(
        finding("openai", MODEL, "in.text.uncached", Cause.PRICE_DIFFERENCE, price),
        finding("openai", MODEL, null, Cause.UNTRACKED_USAGE, "1.25"),
        finding("openai", null, null, Cause.CREDIT, "-0.25"),
        finding("openai", null, null, Cause.TAX, "0.19"),
        finding("aws.bedrock", "nova", null, Cause.UNTRACKED_USAGE, "1"));
  }

  private static Finding finding(
      String provider,
      @Nullable String model,
      @Nullable String bucket,
      Cause cause,
      String amount) {
    return new Finding(provider, day, model, bucket, cause, new BigDecimal(amount));
  }

  private static String book(List<Finding> findings) {
    return book(LATER, findings, TrueUpDesk.Options.DEFAULT, 0);
  }

  private static String book(
      Clock clock, List<Finding> findings, TrueUpDesk.Options options, int code) {
    return desk(INVOICE, clock, findings, options, code);
  }

  private static String desk(
      String invoice, Clock clock, List<Finding> findings, TrueUpDesk.Options options, int code) {
    StringWriter text = new StringWriter();
    int ended =
        new TrueUpDesk(instance.settings(), PATIENCE, new PrintWriter(text), clock)
            .book("default", invoice, findings, options);
    System.out.print(text);
    assertThat(ended).as(text.toString()).isEqualTo(code);
    return text.toString();
  }
}
