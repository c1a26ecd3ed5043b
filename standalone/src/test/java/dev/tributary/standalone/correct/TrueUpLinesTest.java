package dev.tributary.standalone.correct;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.pricing.allocation.Consumer;
import dev.tributary.pricing.reconcile.Cause;
import dev.tributary.pricing.reconcile.Finding;
import dev.tributary.schemas.LedgerEntry;
import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.LineKind;
import dev.tributary.schemas.LinePrice;
import dev.tributary.schemas.PriceStatus;
import dev.tributary.schemas.Provenance;
import dev.tributary.standalone.platform.PlatformException;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TrueUpLinesTest {
  private static final Spread.Invoice INVOICE = new Spread.Invoice("inv-1");
  private static final LocalDate FIRST = LocalDate.parse("2026-03-01");
  private static final LocalDate SECOND = LocalDate.parse("2026-03-02");
  private static final String IN = "in.text.uncached";
  private static final String OUT = "out.text";
  private static final String MINI = "gpt-4o-mini";
  private static final Consumer SEARCH = new Consumer("prod", "search", "discovery", "acme");
  private static final Consumer CHAT = new Consumer("prod", "chat", "support", null);
  private static final Consumer BATCH = new Consumer("prod", "batch", "support", null);

  static LongStream seeds() {
    Long chosen = Long.getLong("tributary.seed");
    return chosen == null ? LongStream.rangeClosed(1, 100) : LongStream.of(chosen);
  }

  @Test
  void line_saysWhatItIsOf_andIsNoCall() {
    List<LedgerLine> lines = lines(finding(FIRST, MINI, IN, Cause.PRICE_DIFFERENCE, "0.9"));

    assertThat(lines).hasSize(1);
    LedgerLine line = lines.get(0);
    assertThat(line.getKind()).isEqualTo(LineKind.TRUE_UP);
    assertThat(line.getSource()).isEqualTo("inv-1");
    assertThat(line.getItem())
        .isEqualTo(
            "2026-03-01|openai|gpt-4o-mini|in.text.uncached|price_difference|prod|search|discovery|acme");
    assertThat(line.getStartTimeUs())
        .isEqualTo(SpreadLines.micros(java.time.Instant.parse("2026-03-01T00:00:00Z")));
    assertThat(line.getEventTimeUs())
        .isEqualTo(SpreadLines.micros(java.time.Instant.parse("2026-03-01T23:59:59.999999Z")));
    assertThat(line.getSurface()).isEqualTo("openai");
    assertThat(line.getModelCanonical()).isEqualTo(MINI);
    assertThat(line.getCost()).isEqualTo(new BigDecimal("0.900000000000000000"));
    assertThat(line.getPriceStatus()).isEqualTo(PriceStatus.ALLOCATED);
    assertThat(line.getPriceReason()).isEqualTo("price_difference");
    assertThat(line.getAttribution().getFeature().getProvenance()).isEqualTo(Provenance.RULE);
    assertThat(line.getAttribution().getCostCenter().getValue()).isEqualTo("cc-1");
    assertThat(line.getCalls()).isZero();
    assertThat(line.getUsage()).isNull();
    assertThat(LinePrice.isPriced(line)).isTrue();
    assertThat(LinePrice.isLowerBound(line)).isFalse();
  }

  @Test
  void bearers_areWhoBoughtTheBucket() {
    assertThat(bearers(finding(FIRST, MINI, IN, Cause.PRICE_DIFFERENCE, "1")))
        .containsExactly(Map.entry("search", "1"));
  }

  @Test
  void bearers_ofABucketThatNobodyBought_areWhoBoughtTheModel() {
    assertThat(bearers(finding(FIRST, MINI, "in.audio", Cause.UNTRACKED_USAGE, "4")))
        .containsExactly(Map.entry("chat", "3"), Map.entry("search", "1"));
    assertThat(bearers(finding(FIRST, MINI, null, Cause.UNTRACKED_USAGE, "4")))
        .containsExactly(Map.entry("chat", "3"), Map.entry("search", "1"));
  }

  @Test
  void bearers_ofAModelThatNobodyBought_areOfTheDay_elseOfTheInvoice_elseNobody() {
    assertThat(bearers(finding(FIRST, "o9", IN, Cause.UNTRACKED_USAGE, "8")))
        .containsExactly(Map.entry("batch", "4"), Map.entry("chat", "3"), Map.entry("search", "1"));
    assertThat(
            bearers(finding(LocalDate.parse("2026-03-09"), MINI, IN, Cause.UNTRACKED_USAGE, "16")))
        .containsExactly(
            Map.entry("batch", "12"), Map.entry("chat", "3"), Map.entry("search", "1"));
    Finding other =
        new Finding("aws.bedrock", FIRST, MINI, IN, Cause.UNTRACKED_USAGE, new BigDecimal("5"));
    assertThat(bearers(other)).containsExactly(Map.entry("nobody", "5"));
    assertThat(lines(other).get(0).getItem())
        .isEqualTo(
            "2026-03-01|aws.bedrock|gpt-4o-mini|in.text.uncached|untracked_usage|unattributed");
  }

  /** Who works on the day of the invoice does not pay a month's tax. */
  @Test
  void bearers_ofTax_areOfTheWholeInvoice_whateverItsDay() {
    assertThat(bearers(finding(FIRST, null, null, Cause.TAX, "-16")))
        .containsExactly(
            Map.entry("batch", "-12"), Map.entry("chat", "-3"), Map.entry("search", "-1"));
  }

  @Test
  void findings_ofTheSame_areOneLine_andOppositeOnesNone() {
    List<LedgerLine> lines =
        lines(
            finding(FIRST, MINI, IN, Cause.PRICE_DIFFERENCE, "0.4"),
            finding(FIRST, MINI, IN, Cause.PRICE_DIFFERENCE, "0.5"),
            finding(FIRST, MINI, OUT, Cause.PRICE_DIFFERENCE, "1"),
            finding(FIRST, MINI, OUT, Cause.PRICE_DIFFERENCE, "-1.0"));

    assertThat(lines).extracting(LedgerLine::getCost).map(Sum::text).containsExactly("0.9");
  }

  @Test
  void amount_thatTheLedgerCannotHold_isRefused() {
    Finding fine = finding(FIRST, MINI, IN, Cause.PRICE_DIFFERENCE, "0.1234567890123456780");
    assertThat(lines(fine)).hasSize(1);
    Finding finer = finding(FIRST, MINI, IN, Cause.PRICE_DIFFERENCE, "0.1234567890123456789");
    assertThatThrownBy(() -> lines(finer))
        .isInstanceOf(PlatformException.class)
        .hasMessageContaining("at most 18 places")
        .hasMessageContaining("day=2026-03-01")
        .hasMessageContaining("0.1234567890123456789");
  }

  @Test
  void items_keepEverySubjectAndOwnerApart() {
    List<String> texts = new ArrayList<>(List.of("", "%", "|", "a|b", "a", "unattributed"));
    texts.add(null);
    List<String> items = new ArrayList<>();
    for (String model : texts) {
      for (String bucket : texts) {
        Finding finding = finding(FIRST, model, bucket, Cause.TAX, "1");
        items.add(TrueUpLines.item(finding, null));
        for (String feature : texts) {
          items.add(TrueUpLines.item(finding, new Consumer(null, feature, null, null)));
        }
      }
    }

    assertThat(items).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void lines_ofAnyFindings_addUpByFinding_inAnyOrder(long seed) {
    Random random = new Random(seed);
    List<Finding> findings = new ArrayList<>();
    int count = 1 + random.nextInt(20);
    for (int i = 0; i < count; i++) {
      findings.add(any(random));
    }
    Map<String, LedgerLine> lines = TrueUpLines.of("default", INVOICE, findings, costs(findings));

    assertThat(sum(lines.values().stream().map(LedgerLine::getCost).toList()))
        .as("seed %d", seed)
        .isEqualByComparingTo(sum(findings.stream().map(Finding::amount).toList()));
    Map<String, BigDecimal> byCause = new HashMap<>();
    findings.forEach(
        each -> byCause.merge(each.cause().wireName(), each.amount(), BigDecimal::add));
    lines
        .values()
        .forEach(
            line -> byCause.merge(line.getPriceReason(), line.getCost().negate(), BigDecimal::add));
    assertThat(byCause.values()).as("seed %d", seed).allMatch(left -> left.signum() == 0);

    Collections.shuffle(findings, random);
    assertThat(new TreeMap<>(TrueUpLines.of("default", INVOICE, findings, costs(findings))))
        .as("seed %d", seed)
        .isEqualTo(new TreeMap<>(lines));
  }

  /** Booked twice is booked once; a corrected finding moves its own lines and no others. */
  @Test
  void plan_ofTheSameFindings_isEmpty_ofCorrectedOnes_theDifference_ofNone_takesAllBack() {
    Finding tax = finding(FIRST, null, null, Cause.TAX, "16");
    Map<String, LedgerLine> booked = wanted(tax, finding(FIRST, MINI, IN, Cause.DISCOUNT, "-1"));

    assertThat(changes(Map.of(), booked)).hasSize(4).allMatch(each -> each.before() == null);
    assertThat(changes(booked, booked)).isEmpty();
    List<LineChange> corrected =
        changes(booked, wanted(tax, finding(FIRST, MINI, IN, Cause.DISCOUNT, "-3")));
    assertThat(corrected).hasSize(1);
    assertThat(corrected.get(0).before().getPriceReason()).isEqualTo("discount");
    assertThat(corrected.get(0).after().getCost()).isEqualByComparingTo("-3");
    assertThat(changes(booked, Map.of())).hasSize(4).allMatch(each -> each.after() == null);
  }

  /** Lines of pools and of other invoices are none of this invoice's. */
  @Test
  void plan_leavesOthersAlone() {
    Map<String, LedgerLine> other =
        TrueUpLines.of(
            "default",
            new Spread.Invoice("inv-2"),
            List.of(finding(FIRST, null, null, Cause.TAX, "16")),
            costs(List.of(finding(FIRST, null, null, Cause.TAX, "16"))));
    Map<String, LedgerLine> pool = wanted(finding(FIRST, null, null, Cause.TAX, "16"));
    pool.values().forEach(line -> line.setKind(LineKind.ALLOCATION));

    assertThat(changes(other, Map.of())).isEmpty();
    assertThat(changes(pool, Map.of())).isEmpty();
  }

  private static Finding any(Random random) {
    List<@Nullable String> models = new ArrayList<>(List.of(MINI, "o1", "o9"));
    models.add(null);
    String model = models.get(random.nextInt(4));
    return new Finding(
        random.nextInt(5) == 0 ? "aws.bedrock" : "openai",
        FIRST.plusDays(random.nextInt(3)),
        model,
        model == null || random.nextBoolean() ? null : List.of(IN, OUT).get(random.nextInt(2)),
        List.of(Cause.TAX, Cause.UNTRACKED_USAGE, Cause.PRICE_DIFFERENCE).get(random.nextInt(3)),
        BigDecimal.valueOf(random.nextLong(), 18));
  }

  private static List<LineChange> changes(
      Map<String, LedgerLine> booked, Map<String, LedgerLine> wanted) {
    SpreadPlan plan = new SpreadPlan("default", Map.of(INVOICE, wanted), 0);
    NetFold<LineChange> fold = plan.fold();
    List<LedgerEntry> ledger =
        booked.values().stream().map(line -> TestLines.entry(1, 3, line)).toList();
    ledger.forEach(fold::add);
    plan.take(fold);
    return plan.changes().getOrDefault(INVOICE, List.of());
  }

  private static Map<String, LedgerLine> wanted(Finding... findings) {
    return TrueUpLines.of("default", INVOICE, List.of(findings), costs(List.of(findings)));
  }

  private static List<LedgerLine> lines(Finding... findings) {
    return List.copyOf(wanted(findings).values());
  }

  /** What each feature bears. */
  private static Map<String, String> bearers(Finding finding) {
    Map<String, String> bearers = new TreeMap<>();
    for (LedgerLine line : lines(finding)) {
      String feature = line.getAttribution().getFeature().getValue();
      bearers.put(feature == null ? "nobody" : feature, Sum.text(line.getCost()));
    }
    return bearers;
  }

  private static Finding finding(
      LocalDate day, @Nullable String model, @Nullable String bucket, Cause cause, String amount) {
    return new Finding("openai", day, model, bucket, cause, new BigDecimal(amount));
  }

  /** Of the first day chat has 3, search 1 and batch 4, of the second batch 8. */
  private static EstimatedCosts costs(List<Finding> findings) {
    EstimatedCosts costs = new EstimatedCosts(findings);
    cost(costs, FIRST, MINI, IN, SEARCH, "0.5");
    cost(costs, FIRST, MINI, IN, SEARCH, "0.5");
    cost(costs, FIRST, MINI, OUT, CHAT, "3");
    cost(costs, FIRST, "o1", OUT, BATCH, "3.9");
    costs.add(FIRST, "openai", null, "", BATCH, new BigDecimal("0.1"), null, Map.of());
    cost(costs, SECOND, "o1", OUT, BATCH, "8");
    return costs;
  }

  private static void cost(
      EstimatedCosts costs,
      LocalDate day,
      String model,
      String bucket,
      Consumer owner,
      String cost) {
    costs.add(
        day,
        "openai",
        model,
        bucket,
        owner,
        new BigDecimal(cost),
        "cc-1",
        Map.of(OwnerPart.Tag.FEATURE, Provenance.RULE));
  }

  private static BigDecimal sum(List<BigDecimal> amounts) {
    return amounts.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
  }
}
