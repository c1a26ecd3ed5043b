package dev.tributary.standalone.correct;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.pricing.allocation.Consumer;
import dev.tributary.pricing.allocation.DeclaredPool;
import dev.tributary.pricing.allocation.PoolFile;
import dev.tributary.schemas.LedgerEntry;
import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.LineKind;
import dev.tributary.schemas.PriceStatus;
import dev.tributary.schemas.Provenance;
import dev.tributary.standalone.correct.Spread.PoolHour;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AllocationPlanTest {
  private static final Instant TEN = Instant.parse("2026-03-01T10:00:00Z");
  private static final Consumer SEARCH = new Consumer("prod", "search", "discovery", "acme");
  private static final Consumer CHAT = new Consumer("prod", "chat", "support", null);

  @Test
  void lines_ofAnHour_addUpToItsCost_inItsLastMoment() {
    List<LedgerLine> lines = List.copyOf(lines("7.00", TEN, use(2, 1)).values());

    assertThat(lines)
        .extracting(LedgerLine::getCost)
        .map(BigDecimal::toPlainString)
        .containsExactly("2.333333333333333333", "4.666666666666666667");
    LedgerLine search = lines.get(1);
    assertThat(search.getKind()).isEqualTo(LineKind.ALLOCATION);
    assertThat(search.getSource()).isEqualTo("ptu");
    assertThat(search.getItem()).isEqualTo("2026-03-01T10:00:00Z|prod|search|discovery|acme");
    assertThat(search.getEventTimeUs())
        .isEqualTo(SpreadLines.micros(Instant.parse("2026-03-01T10:59:59.999999Z")));
    assertThat(search.getPriceStatus()).isEqualTo(PriceStatus.ALLOCATED);
    assertThat(search.getCalls()).isZero();
    assertThat(search.getUsage()).isNull();
    assertThat(search.getRateCardId()).isEqualTo("ptu");
    assertThat(search.getAttribution().getFeature().getProvenance())
        .isEqualTo(Provenance.TRACE_ROOT);
    assertThat(search.getAttribution().getCostCenter().getValue()).isEqualTo("cc-1");
    assertThat(lines.get(0).getAttribution().getWorkspace().getValue()).isNull();
  }

  @Test
  void unusedHour_isBookedForNobody() {
    Map<String, LedgerLine> lines = lines("7.00", TEN, new PoolUse());

    assertThat(lines).containsOnlyKeys("2026-03-01T10:00:00Z|unused");
    assertThat(lines.values())
        .allSatisfy(line -> assertThat(line.getCost()).isEqualByComparingTo("7"));
  }

  @Test
  void items_keepConsumersApart() {
    List<String> tags = new ArrayList<>(List.of("", "%", "|", "a|b", "a", "b", "%7C", "+", " "));
    tags.add(null);
    List<String> items = new ArrayList<>();
    for (String feature : tags) {
      for (String team : tags) {
        items.add(AllocationLines.item(TEN, new Consumer(null, feature, team, null)));
      }
    }
    items.add(AllocationLines.item(TEN, null));

    assertThat(items).doesNotHaveDuplicates();
  }

  /** What is not read of an hour looks as if it were not booked, and would be booked again. */
  @Test
  void ledger_isReadFromTheFirstHour_whateverTheirOrder() {
    List<PoolHour> hours =
        List.of(
            new PoolHour("ptu", TEN.plusSeconds(7_200)),
            new PoolHour("ptu", TEN),
            new PoolHour("gpu", TEN.plusSeconds(3_600)));

    assertThat(PoolHour.firstMs(hours)).isEqualTo(TEN.toEpochMilli());
  }

  @Test
  void plan_emptyLedger_addsEveryLine_andTheSecondTimeNothing() {
    Map<String, LedgerLine> wanted = lines("7.00", TEN, use(2, 1));

    assertThat(changes(wanted, List.of())).hasSize(2).allMatch(change -> change.before() == null);
    assertThat(changes(wanted, book(1, wanted))).isEmpty();
  }

  @Test
  void plan_anotherCost_changesEveryLine_atTheBookedRevision() {
    List<LineChange> changes =
        changes(lines("9.00", TEN, use(2, 1)), book(4, lines("7.00", TEN, use(2, 1))));

    assertThat(changes).hasSize(2).allMatch(change -> change.revision() == 4);
    assertThat(difference(changes)).isEqualByComparingTo("2");
  }

  @Test
  void plan_lateCallOfAnotherFeature_addsItsLine_andLowersTheOthers() {
    List<LineChange> changes =
        changes(lines("9.00", TEN, use(2, 1)), book(1, lines("9.00", TEN, use(2, 0))));

    assertThat(changes).hasSize(2);
    assertThat(changes).filteredOn(change -> change.before() == null).hasSize(1);
    assertThat(difference(changes)).isEqualByComparingTo("0");
  }

  @Test
  void plan_consumerThatIsGone_isRemoved() {
    List<LineChange> changes =
        changes(lines("9.00", TEN, use(2, 0)), book(1, lines("9.00", TEN, use(2, 1))));

    assertThat(changes).filteredOn(change -> change.after() == null).hasSize(1);
    assertThat(difference(changes)).isEqualByComparingTo("0");
  }

  @Test
  void plan_hourThatIsNotPaidAnyMore_isEmptied_andOthersAreLeftAlone() {
    Map<String, LedgerLine> booked = lines("9.00", TEN, use(2, 1));
    Map<String, LedgerLine> nextHour = lines("9.00", TEN.plusSeconds(3_600), use(2, 1));
    List<LedgerEntry> entries = new ArrayList<>(book(1, booked));
    entries.addAll(book(1, nextHour));

    List<LineChange> changes = changes(Map.of(), entries);

    assertThat(changes).hasSize(2).allMatch(change -> change.after() == null);
    assertThat(changes).allMatch(change -> booked.containsKey(change.any().getItem()));
  }

  private static List<LineChange> changes(
      Map<String, LedgerLine> wanted, List<LedgerEntry> ledger) {
    SpreadPlan plan =
        new SpreadPlan("default", Map.of(new PoolHour("ptu", TEN), wanted), TEN.toEpochMilli());
    NetFold<LineChange> fold = plan.fold();
    ledger.forEach(fold::add);
    plan.take(fold);
    return plan.changes().getOrDefault(new PoolHour("ptu", TEN), List.of());
  }

  private static List<LedgerEntry> book(long revision, Map<String, LedgerLine> lines) {
    return lines.values().stream().map(line -> TestLines.entry(1, revision, line)).toList();
  }

  private static BigDecimal difference(List<LineChange> changes) {
    BigDecimal sum = BigDecimal.ZERO;
    for (LineChange change : changes) {
      sum = sum.add(cost(change.after())).subtract(cost(change.before()));
    }
    return sum;
  }

  private static BigDecimal cost(LedgerLine line) {
    return line == null ? BigDecimal.ZERO : line.getCost();
  }

  private static Map<String, LedgerLine> lines(String perHour, Instant hour, PoolUse use) {
    DeclaredPool pool =
        PoolFile.parse(
                "pools.yaml",
                """
                pools:
                  - id: ptu
                    kind: provisioned
                    uses: {tier: [provisioned]}
                    terms: [{per_unit_hour: %s}]
                """
                    .formatted(perHour))
            .get(0);
    return AllocationLines.of("default", pool, hour, use);
  }

  private static PoolUse use(long search, long chat) {
    PoolUse use = new PoolUse();
    use.add(
        SEARCH, search, "cc-1", Map.of(OwnerPart.Tag.FEATURE, Provenance.OWN), BigDecimal.ZERO, 0);
    use.add(
        SEARCH,
        0,
        "cc-1",
        Map.of(OwnerPart.Tag.FEATURE, Provenance.TRACE_ROOT),
        BigDecimal.ZERO,
        0);
    use.add(CHAT, chat, null, Map.of(), BigDecimal.ZERO, 0);
    return use;
  }
}
