package dev.tributary.cost;

import static dev.tributary.cost.LedgerEntries.call;
import static dev.tributary.cost.LedgerEntries.retracted;
import static dev.tributary.cost.LedgerEntries.spent;
import static dev.tributary.cost.LedgerEntries.us;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.runtime.testing.Seeds;
import dev.tributary.runtime.testing.TopologyFixture;
import dev.tributary.schemas.Event;
import dev.tributary.schemas.LedgerEntry;
import dev.tributary.schemas.PriceStatus;
import dev.tributary.schemas.Provenance;
import dev.tributary.schemas.Signal;
import dev.tributary.schemas.Topics;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Budgets through the topology, one partition. */
class BudgetTest {
  private static final String CHAT_DAY =
      "{id: chat-day, scope: {feature: chat}, period: day, zone: %s, amount: 10}";

  /** On the day before: so spend is known from the first moment of the day on. */
  private static final LedgerEntry KNOWN_BEFORE = spent("2026-06-09T23:00:00Z", "0");

  private final TopologyFixture fixture = BudgetFixture.start();
  private long version;

  static Stream<Long> seeds() {
    return Seeds.many(5);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private void publish(String json) {
    version++;
    BudgetFixture.publish(fixture, json, version);
  }

  private void send(LedgerEntry... entries) {
    LedgerEntries.send(fixture, List.of(entries));
  }

  private static Signal last(TopologyFixture of) {
    List<Signal> signals = of.values(Topics.SIGNALS);
    return signals.get(signals.size() - 1);
  }

  private List<Event> events() {
    return fixture.values(Topics.EVENTS);
  }

  @Test
  void budgets_thatCannotBeRead_areCountedAndLeaveThoseBefore() {
    publish(CHAT_DAY.formatted("UTC"));

    publish(CHAT_DAY.formatted("Nowhere/City").replace("amount: 10", "amount: 20"));
    send(spent("2026-06-10T05:00:00Z", "6.5"));

    assertThat(fixture.count(CostMetrics.REFERENCE_REFUSED)).isEqualTo(1);
    assertThat(last(fixture).getLimit()).isEqualByComparingTo("10");
  }

  @Test
  void signal_spend_saysHowTheBudgetStands() {
    publish(CHAT_DAY.formatted("UTC"));
    LedgerEntry unpriced = call("02", us("2026-06-10T06:00:00Z"));
    unpriced.getLine().setCost(null);
    unpriced.getLine().setPriceStatus(PriceStatus.UNKNOWN_MODEL);

    send(KNOWN_BEFORE, spent("2026-06-10T05:00:00Z", "6.5"), unpriced);

    Signal signal = last(fixture);
    assertThat(signal.getScope()).isEqualTo("budget:chat-day");
    assertThat(signal.getKind()).isEqualTo("budget");
    assertThat(signal.getActive()).isTrue();
    assertThat(signal.getSeverity()).isEqualTo("warning");
    assertThat(signal.getValue()).isEqualByComparingTo("6.5");
    assertThat(signal.getLimit()).isEqualByComparingTo("10");
    assertThat(signal.getDetail())
        .containsEntry("percent", "65.00")
        .containsEntry("reached", "50")
        .containsEntry("calls", "2")
        .containsEntry("unpriced_calls", "1")
        .containsEntry("scope", "feature=chat")
        .containsEntry("period_start", "2026-06-10T00:00:00Z")
        .containsEntry("period_end", "2026-06-11T00:00:00Z")
        .containsEntry("forecast", "26.000000000000000000");
  }

  @Test
  void crossing_toldOnce_correctionsAmendIt() {
    publish(CHAT_DAY.formatted("UTC"));
    LedgerEntry half = spent("2026-06-10T05:00:00Z", "5");
    send(half);
    List<Event> first = events();
    send(retracted(half));
    List<Event> second = events();
    send(half);
    List<Event> third = events();
    send(spent("2026-06-10T05:10:00Z", "1"));

    assertThat(first).extracting(Event::getKind).containsExactly("budget_crossed");
    Event crossed = first.get(0);
    assertThat(crossed.getSubject()).isEqualTo("budget:chat-day");
    assertThat(crossed.getDimensions()).isEqualTo(Map.of("feature", "chat"));
    assertThat(crossed.getAmount()).isEqualByComparingTo("5");
    assertThat(crossed.getDetail()).containsEntry("threshold", "50").containsEntry("late", "false");
    assertThat(second).extracting(Event::getKind).containsExactly("budget_amended");
    assertThat(second.get(0).getDetail()).containsEntry("crossed", "false");
    assertThat(third).extracting(Event::getKind).containsExactly("budget_amended");
    assertThat(third.get(0).getDetail()).containsEntry("crossed", "true");
    assertThat(events()).isEmpty();
  }

  /** A replay that is at another moment when it finds the crossing must not alert anew. */
  @Test
  void crossing_foundAtAnotherMoment_isTheSameEvent() {
    publish(CHAT_DAY.formatted("UTC"));
    send(spent("2026-06-10T05:00:00Z", "5"));

    try (TopologyFixture later = BudgetFixture.start()) {
      BudgetFixture.publish(later, CHAT_DAY.formatted("UTC"), 1);
      LedgerEntries.send(
          later, List.of(spent("2026-06-10T05:00:00Z", "5"), spent("2026-06-10T09:00:00Z", "0")));

      Event there = later.values(Topics.EVENTS).get(0);
      Event here = events().get(0);
      assertThat(there.getKind()).isEqualTo("budget_crossed");
      assertThat(there.getEventTimeUs()).isNotEqualTo(here.getEventTimeUs());
      assertThat(there.getEventId()).isEqualTo(here.getEventId());
    }
  }

  @Test
  void forecast_beyondTheAmount_toldOnce() {
    publish(CHAT_DAY.formatted("UTC"));

    send(KNOWN_BEFORE, spent("2026-06-10T04:00:00Z", "3"), spent("2026-06-10T06:00:00Z", "0"));
    send(spent("2026-06-10T06:20:00Z", "0.1"));

    List<Event> events = events();
    assertThat(events).extracting(Event::getKind).containsExactly("budget_forecast");
    assertThat(events.get(0).getDetail()).containsEntry("forecast", "12.000000000000000000");
  }

  @Test
  void crossing_ofAPeriodThatIsOver_toldAsLate() {
    publish(CHAT_DAY.formatted("UTC"));
    send(spent("2026-06-10T05:00:00Z", "1"), spent("2026-06-12T05:00:00Z", "1"));
    events();

    send(spent("2026-06-10T23:59:59Z", "4"));

    List<Event> events = events();
    assertThat(events).hasSize(1);
    assertThat(events.get(0).getKind()).isEqualTo("budget_crossed");
    assertThat(events.get(0).getEventTimeUs()).isEqualTo(us("2026-06-11T00:00:00Z") - 1);
    assertThat(events.get(0).getDetail()).containsEntry("late", "true");
    send(spent("2026-08-01T00:00:00Z", "1"));
    events();
    send(spent("2026-06-10T12:00:00Z", "100"));
    assertThat(events()).isEmpty();
  }

  @Test
  void budget_addedAndRaised_countsFromThePeriodsStart() {
    send(spent("2026-06-10T05:00:00Z", "3"), spent("2026-06-10T06:00:00Z", "4"));

    publish(CHAT_DAY.formatted("UTC"));
    fixture.advance(Duration.ofSeconds(1));

    assertThat(last(fixture).getValue()).isEqualByComparingTo("7");
    publish(CHAT_DAY.formatted("UTC").replace("amount: 10", "amount: 100"));
    fixture.advance(Duration.ofSeconds(1));
    Signal raised = last(fixture);
    assertThat(raised.getSeverity()).isEqualTo("info");
    assertThat(raised.getDetail()).containsEntry("percent", "7.00");
    assertThat(events()).extracting(Event::getKind).doesNotContain("budget_amended");
  }

  @Test
  void budget_withdrawn_signalCleared() {
    publish(CHAT_DAY.formatted("UTC"));
    send(spent("2026-06-10T05:00:00Z", "9"));

    publish(
        CHAT_DAY.formatted("UTC").replace("amount: 10", "amount: 10, effective_until: 2026-06-01"));
    fixture.advance(Duration.ofSeconds(1));

    Signal cleared = last(fixture);
    assertThat(cleared.getActive()).isFalse();
    assertThat(cleared.getDetail()).containsEntry("withdrawn", "true");
  }

  @Test
  void budget_thatCannotBeRead_theOneBeforeStays() {
    publish(CHAT_DAY.formatted("UTC"));
    publish("{id: chat-day, scope: {feature: chat}, period: never, amount: 10}");

    send(spent("2026-06-10T05:00:00Z", "9"));

    assertThat(last(fixture).getValue()).isEqualByComparingTo("9");
  }

  @Test
  void environment_ofABudget_onlyItsOwnCounts() {
    publish("{id: staging, scope: {team: blue}, environment: staging, period: month, amount: 10}");
    LedgerEntry staging = spent("2026-06-10T05:00:00Z", "2");
    staging.getLine().getAttribution().setEnvironment(LedgerEntries.tag("staging", Provenance.OWN));

    send(spent("2026-06-10T05:00:00Z", "1"), staging);

    assertThat(last(fixture).getValue()).isEqualByComparingTo("2");
  }

  @Test
  void rollingHour_spendLeavesAfterAnHour_toldAnewWhenItComesBack() {
    publish("{id: hour, scope: {feature: chat}, period: rolling-hour, amount: 10}");
    send(spent("2026-06-10T05:00:00Z", "6"));
    assertThat(last(fixture).getValue()).isEqualByComparingTo("6");
    assertThat(events()).hasSize(1);

    send(spent("2026-06-10T05:59:30Z", "1"));
    assertThat(last(fixture).getValue()).isEqualByComparingTo("7");
    send(spent("2026-06-10T06:00:30Z", "1"));
    assertThat(last(fixture).getValue()).isEqualByComparingTo("2");
    assertThat(events()).isEmpty();
    send(spent("2026-06-10T06:10:00Z", "5"));

    assertThat(last(fixture).getValue()).isEqualByComparingTo("7");
    assertThat(events()).extracting(Event::getKind).containsExactly("budget_crossed");
  }

  @ParameterizedTest
  @CsvSource({
    "Asia/Kolkata, 2026-03-06, 2026-03-10",
    "America/New_York, 2026-03-06, 2026-03-10",
    "America/New_York, 2026-10-30, 2026-11-03"
  })
  void days_ofAZone_areTheLedgersOwnSums(String zoneName, String from, String to) {
    ZoneId zone = ZoneId.of(zoneName);
    long seed = Seeds.one();
    Random random = new Random(seed);
    publish(CHAT_DAY.formatted(zoneName));
    publishMonth(zoneName);
    Map<LocalDate, List<LedgerEntry>> days = new TreeMap<>();
    for (LedgerEntry entry : randomSpend(random, us(from + "T00:00:00Z"), us(to + "T00:00:00Z"))) {
      days.computeIfAbsent(dayOf(entry, zone), day -> new ArrayList<>()).add(entry);
    }
    List<LedgerEntry> so = new ArrayList<>();

    for (Map.Entry<LocalDate, List<LedgerEntry>> day : days.entrySet()) {
      Collections.shuffle(day.getValue(), random);
      LedgerEntries.send(fixture, day.getValue());
      so.addAll(day.getValue());

      Map<String, Signal> signals = new TreeMap<>();
      fixture.values(Topics.SIGNALS).forEach(signal -> signals.put(signal.getScope(), signal));
      assertThat(signals.get("budget:chat-day").getValue())
          .as("seed %d, %s", seed, day.getKey())
          .isEqualByComparingTo(sum(day.getValue()));
      assertThat(signals.get("budget:chat-day").getDetail())
          .containsEntry("period_start", day.getKey().atStartOfDay(zone).toInstant().toString())
          .containsEntry(
              "period_end", day.getKey().plusDays(1).atStartOfDay(zone).toInstant().toString());
      List<LedgerEntry> ofMonth =
          so.stream()
              .filter(entry -> dayOf(entry, zone).getMonth().equals(day.getKey().getMonth()))
              .toList();
      assertThat(signals.get("budget:chat-month").getValue())
          .as("seed %d, %s", seed, day.getKey())
          .isEqualByComparingTo(sum(ofMonth));
    }
  }

  private void publishMonth(String zone) {
    publish(
        "{id: chat-month, scope: {feature: chat}, period: month, zone: %s, amount: 1000}"
            .formatted(zone));
  }

  private static LocalDate dayOf(LedgerEntry entry, ZoneId zone) {
    return Instant.EPOCH
        .plus(entry.getLine().getEventTimeUs(), ChronoUnit.MICROS)
        .atZone(zone)
        .toLocalDate();
  }

  private static BigDecimal sum(List<LedgerEntry> entries) {
    return entries.stream()
        .map(entry -> entry.getLine().getCost().multiply(BigDecimal.valueOf(entry.getSign())))
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  private static List<LedgerEntry> randomSpend(Random random, long fromUs, long toUs) {
    List<LedgerEntry> entries = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      long at = fromUs + (long) (random.nextDouble() * (toUs - fromUs));
      LedgerEntry entry = spent(at, new BigDecimal(new BigInteger(58, random), 18));
      entries.add(entry);
      if (random.nextInt(4) == 0) {
        entries.add(retracted(entry));
      }
    }
    return entries;
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void state_anyOrderAndForthAndBack_same(long seed) {
    Random random = new Random(seed);
    List<LedgerEntry> entries =
        randomSpend(random, us("2026-06-10T00:00:00Z"), us("2026-06-11T00:00:00Z"));
    publish(CHAT_DAY.formatted("UTC"));
    // The clock of both, so that they speak of the same moment.
    LedgerEntry clock = spent("2026-06-10T23:59:00Z", "0");
    send(clock);
    LedgerEntries.send(fixture, entries);
    Signal inOrder = last(fixture);
    try (TopologyFixture other = BudgetFixture.start()) {
      BudgetFixture.publish(other, CHAT_DAY.formatted("UTC"), 1);
      LedgerEntries.send(other, List.of(clock));
      List<LedgerEntry> shuffled = new ArrayList<>(entries);
      Collections.shuffle(shuffled, random);
      LedgerEntries.send(other, shuffled);

      Signal same = last(other);
      same.setSinceUs(inOrder.getSinceUs());
      assertThat(same).as("seed %d", seed).isEqualTo(inOrder);
    }

    List<LedgerEntry> there = entries.stream().map(BudgetTest::opposite).toList();
    LedgerEntries.send(fixture, there);
    assertThat(last(fixture).getValue()).isZero();
    LedgerEntries.send(fixture, entries);

    assertThat(last(fixture)).as("seed %d", seed).isEqualTo(inOrder);
    assertThat(events().stream().filter(event -> event.getKind().equals("budget_crossed")).count())
        .isLessThanOrEqualTo(3);
  }

  private static LedgerEntry opposite(LedgerEntry entry) {
    LedgerEntry opposite = retracted(entry);
    opposite.setSign(-entry.getSign());
    return opposite;
  }
}
