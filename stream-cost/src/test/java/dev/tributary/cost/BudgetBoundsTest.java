package dev.tributary.cost;

import static dev.tributary.cost.LedgerEntries.retracted;
import static dev.tributary.cost.LedgerEntries.spent;
import static dev.tributary.cost.LedgerEntries.us;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.runtime.metrics.MetricNames;
import dev.tributary.runtime.testing.TopologyFixture;
import dev.tributary.schemas.Event;
import dev.tributary.schemas.LedgerEntry;
import dev.tributary.schemas.LineKind;
import dev.tributary.schemas.PriceStatus;
import dev.tributary.schemas.Provenance;
import dev.tributary.schemas.Signal;
import dev.tributary.schemas.SpanKind;
import dev.tributary.schemas.Topics;
import dev.tributary.schemas.UsageQuality;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What counts for a budget, and when it begins, ends, remembers and forgets; through the topology,
 * one partition.
 */
class BudgetBoundsTest {
  private static final String DAY = "{id: chat, scope: {feature: chat}, period: day, amount: 10}";
  private static final String MONTH =
      "{id: chat, scope: {feature: chat}, period: month, amount: 10}";
  private static final String HOUR =
      "{id: chat, scope: {feature: chat}, period: rolling-hour, amount: 10}";

  /** Spend is kept by seven scopes, and windows have one grouping set here. */
  private static final int PARTS_OF_AN_ENTRY = 8;

  private final TopologyFixture fixture = BudgetFixture.start();

  @AfterEach
  void close() {
    fixture.close();
  }

  private void publish(String json) {
    BudgetFixture.publish(fixture, json, 1);
  }

  private void send(LedgerEntry... entries) {
    LedgerEntries.send(fixture, List.of(entries));
  }

  private Signal signal() {
    List<Signal> signals = fixture.values(Topics.SIGNALS);
    return signals.get(signals.size() - 1);
  }

  private List<Event> events() {
    return fixture.values(Topics.EVENTS);
  }

  @Test
  void correction_ofThePeriodThatABudgetBeganIn_amendsIt() {
    publish(DAY.replace("amount", "effective_from: \"2026-06-10T04:00:00Z\", amount"));
    LedgerEntry half = spent("2026-06-10T05:00:00Z", "5");
    send(half, spent("2026-06-11T05:00:00Z", "0"));
    List<Event> first = events();

    send(retracted(half));

    assertThat(first).extracting(Event::getKind).containsExactly("budget_crossed");
    List<Event> second = events();
    assertThat(second).extracting(Event::getKind).containsExactly("budget_amended");
    assertThat(second.get(0).getDetail()).containsEntry("crossed", "false");
  }

  @Test
  void crossing_ofAPeriodBeforeTheBudget_notTold() {
    publish(DAY.replace("amount", "effective_from: 2026-06-11, amount"));
    send(spent("2026-06-12T05:00:00Z", "0"));

    send(spent("2026-06-10T05:00:00Z", "50"));

    assertThat(events()).isEmpty();
  }

  @Test
  void crossing_ofAPeriodThatEndsThisMoment_toldAsLate() {
    publish(DAY);
    send(spent("2026-06-11T00:00:00Z", "0"));

    send(spent("2026-06-10T23:59:59Z", "5"));

    List<Event> events = events();
    assertThat(events).extracting(Event::getKind).containsExactly("budget_crossed");
    assertThat(events.get(0).getDetail()).containsEntry("late", "true");
  }

  @Test
  void correction_ofAMonthThatMayStillChange_findsAllOfItsSpend() {
    publish(MONTH);
    LedgerEntry first = spent("2026-06-02T05:00:00Z", "6");
    send(first, spent("2026-06-20T05:00:00Z", "3"));
    // Retention is 35 days after the month's end.
    send(spent("2026-08-03T00:00:00Z", "0"));
    events();

    send(retracted(first));

    List<Event> events = events();
    assertThat(events)
        .extracting(event -> event.getKind() + ' ' + event.getDetail().get("threshold"))
        .containsExactly("budget_amended 50", "budget_amended 80");
    assertThat(events.get(0).getAmount()).isEqualByComparingTo("3");
  }

  @Test
  void correction_ofAMonthBeyondRetention_notTold() {
    publish(MONTH);
    LedgerEntry first = spent("2026-06-29T05:00:00Z", "6");
    send(first);
    send(spent("2026-08-05T00:00:00Z", "0"));
    events();

    send(retracted(first), spent("2026-06-29T06:00:00Z", "50"));

    assertThat(events()).isEmpty();
  }

  @Test
  void spend_tooOldForAnyBudget_dropped() {
    publish(MONTH);
    send(spent("2026-09-01T00:00:00Z", "0"));
    long before = fixture.count(MetricNames.DROPPED);

    send(spent("2026-06-10T00:00:00Z", "1"));

    assertThat(fixture.count(MetricNames.DROPPED) - before).isEqualTo(PARTS_OF_AN_ENTRY);
  }

  @Test
  void rollingHour_neverBelowTheThreshold_toldOnce() {
    publish(HOUR);
    send(spent("2026-06-10T05:00:00Z", "5"));
    send(spent("2026-06-10T05:50:00Z", "5"));
    events();

    // What the first hour began with is gone, but at no moment was less than half spent.
    send(spent("2026-06-10T06:05:00Z", "0"));

    assertThat(signal().getValue()).isEqualByComparingTo("5");
    assertThat(events()).isEmpty();
  }

  @Test
  void rollingHour_belowAndBackWithinItsLength_notToldAnew() {
    publish(HOUR);
    LedgerEntry half = spent("2026-06-10T05:00:00Z", "5");
    send(half);
    events();

    send(retracted(half), spent("2026-06-10T05:10:00Z", "0"));
    send(spent("2026-06-10T05:40:00Z", "5"));
    assertThat(signal().getDetail()).containsEntry("reached", "50");

    assertThat(events()).isEmpty();
  }

  @Test
  void rollingHour_spendAheadOfTheClock_counts() {
    publish(HOUR);
    LedgerEntry allocated = spent("2026-06-10T05:30:00Z", "2");
    allocated.getLine().setKind(LineKind.ALLOCATION);

    send(spent("2026-06-10T05:00:00Z", "1"), allocated);

    assertThat(signal().getValue()).isEqualByComparingTo("3");
  }

  @Test
  void signal_since_isWhenTheHighestThresholdWasReached() {
    publish(DAY);

    send(spent("2026-06-10T04:00:00Z", "1"));
    assertThat(signal().getSinceUs()).isEqualTo(us("2026-06-10T00:00:00Z"));
    send(spent("2026-06-10T05:00:00Z", "5"));
    assertThat(signal().getSinceUs()).isEqualTo(us("2026-06-10T05:00:00Z"));
    send(spent("2026-06-10T07:00:00Z", "2"));

    assertThat(signal().getSinceUs()).isEqualTo(us("2026-06-10T07:00:00Z"));
  }

  @Test
  void forecast_moreSpentWithinItsQuarter_neverBelowSpent() {
    publish(DAY);
    send(
        spent("2026-06-09T23:00:00Z", "0"),
        spent("2026-06-10T04:00:00Z", "3"),
        spent("2026-06-10T06:00:00Z", "0"));
    assertThat(signal().getDetail()).containsEntry("forecast", "12.000000000000000000");

    send(spent("2026-06-10T06:05:00Z", "20"));

    assertThat(signal().getDetail()).containsEntry("forecast", "23.000000000000000000");
  }

  @Test
  void forecast_earlierSpendComesLate_isKnownSinceThen() {
    publish(DAY);
    send(spent("2026-06-10T05:00:00Z", "3"));

    send(spent("2026-06-09T23:00:00Z", "0"), spent("2026-06-10T06:00:00Z", "0"));

    assertThat(signal().getDetail()).containsEntry("forecast", "12.000000000000000000");
  }

  /** Which scopes share a partition is chance, and says nothing of what is known of each. */
  @Test
  void forecast_besideAnotherFeature_isThatOfTheFeatureAlone() {
    publish(DAY);
    LedgerEntry other = spent("2026-06-01T05:07:00Z", "4");
    other.getLine().getAttribution().setFeature(LedgerEntries.tag("search", Provenance.OWN));

    send(other, spent("2026-06-10T05:00:00Z", "3"), spent("2026-06-10T06:00:00Z", "0"));

    assertThat(signal().getDetail()).containsEntry("forecast", "12.000000000000000000");
  }

  /** Spend of others may lie on another partition; the ledger's time is heard on all. */
  @Test
  void forecast_ledgerKnownForLonger_nothingSpentIsNothing() {
    publish(DAY);
    LedgerEntry step = spent("2026-06-01T05:07:00Z", "0");
    step.setLine(LedgerEntries.line("09", us("2026-06-01T05:07:00Z"), SpanKind.STEP));

    send(step, spent("2026-06-10T05:07:00Z", "3"), spent("2026-06-10T06:00:00Z", "0"));

    assertThat(signal().getDetail()).containsEntry("forecast", "12.000000000000000000");
  }

  @Test
  void forecast_allIsSpent_notToldBesidesTheCrossing() {
    publish(DAY);

    send(
        spent("2026-06-09T23:00:00Z", "0"),
        spent("2026-06-10T05:00:00Z", "12"),
        spent("2026-06-10T06:00:00Z", "0"));

    assertThat(events()).extracting(Event::getKind).containsOnly("budget_crossed");
  }

  @Test
  void spend_ofAnotherValueThatBeginsAlike_doesNotCount() {
    publish(DAY);
    LedgerEntry longer = spent("2026-06-10T05:00:00Z", "4");
    longer.getLine().getAttribution().setFeature(LedgerEntries.tag("chat2", Provenance.OWN));

    send(spent("2026-06-10T05:00:00Z", "1"), longer);

    assertThat(signal().getValue()).isEqualByComparingTo("1");
  }

  @Test
  void spend_ofEstimatedUsage_counts() {
    publish(DAY);
    LedgerEntry estimated = spent("2026-06-10T05:00:00Z", "4");
    estimated.getLine().setUsageQuality(UsageQuality.ESTIMATED);

    send(spent("2026-06-10T05:00:00Z", "1"), estimated);

    assertThat(signal().getValue()).isEqualByComparingTo("5");
  }

  /** An hour of a pool, and an agent that owns what its calls only estimated. */
  @Test
  void spend_ofLinesThatAreNoCalls_counts() {
    publish(DAY);
    LedgerEntry allocated = spent("2026-06-10T04:59:59Z", "4");
    allocated.getLine().setKind(LineKind.ALLOCATION);
    allocated.getLine().setCalls(0);
    LedgerEntry agent = spent("2026-06-10T05:00:00Z", "2");
    agent.getLine().setSpanKind(SpanKind.AGENT);
    agent.getLine().setCalls(0);

    send(spent("2026-06-10T05:00:00Z", "1"), allocated, agent);

    Signal signal = signal();
    assertThat(signal.getValue()).isEqualByComparingTo("7");
    assertThat(signal.getDetail()).containsEntry("calls", "1");
  }

  /** Spend is a lower bound by each of them: whoever reads it must be told. */
  @ParameterizedTest
  @EnumSource(names = {"PARTIAL", "UNKNOWN"})
  void spend_thatIsNotKnownWhole_isCounted(PriceStatus lowerBound) {
    publish(DAY);
    LedgerEntry partial = spent("2026-06-10T05:00:00Z", "4");
    partial.getLine().setPriceStatus(lowerBound);
    LedgerEntry agent = spent("2026-06-10T05:20:00Z", "0");
    agent.getLine().setSpanKind(SpanKind.AGENT);
    agent.getLine().setCalls(0);
    agent.getLine().setCost(null);
    agent.getLine().setPriceStatus(PriceStatus.UNKNOWN_MODEL);

    LedgerEntry step =
        LedgerEntries.booked(LedgerEntries.line("02", us("2026-06-10T05:20:00Z"), SpanKind.STEP));

    // The agent alone in its quarter, and a line of no price behind it.
    send(spent("2026-06-10T05:00:00Z", "1"), partial, agent, step);
    Signal both = signal();
    send(retracted(agent));
    Signal one = signal();
    send(retracted(partial));

    assertThat(both.getDetail()).containsEntry("unpriced_calls", "2").containsEntry("calls", "2");
    assertThat(one.getDetail()).containsEntry("unpriced_calls", "1");
    assertThat(signal().getDetail()).containsEntry("unpriced_calls", "0");
  }

  /** What is no call and owns no usage has no price by nature. */
  @Test
  void spend_ofWhatIsNotBilled_isKnownWhole() {
    publish(DAY);
    LedgerEntry free = spent("2026-06-10T05:00:00Z", "0");
    free.getLine().setPriceStatus(PriceStatus.FREE);
    LedgerEntry below = spent("2026-06-10T05:00:00Z", "0");
    below.getLine().setCost(null);
    below.getLine().setPriceStatus(PriceStatus.NOT_BILLABLE);
    LedgerEntry step =
        LedgerEntries.booked(LedgerEntries.line("02", us("2026-06-10T05:00:00Z"), SpanKind.STEP));

    send(spent("2026-06-10T05:00:00Z", "1"), free, below, step);

    assertThat(signal().getDetail()).containsEntry("unpriced_calls", "0");
  }

  @Test
  void spend_atThePeriodsEnd_isOfTheNextPeriod() {
    publish(DAY.replace("amount", "zone: Asia/Kolkata, amount"));
    LedgerEntry allocated = spent("2026-06-10T18:30:00Z", "2");
    allocated.getLine().setKind(LineKind.ALLOCATION);

    send(spent("2026-06-10T00:00:00Z", "1"), allocated);

    assertThat(signal().getValue()).isEqualByComparingTo("1");
  }
}
