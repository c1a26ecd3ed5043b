package dev.tributary.cost;

import static dev.tributary.cost.LedgerEntries.retracted;
import static dev.tributary.cost.LedgerEntries.spent;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.runtime.testing.TopologyFixture;
import dev.tributary.schemas.Event;
import dev.tributary.schemas.LedgerEntry;
import dev.tributary.schemas.PriceStatus;
import dev.tributary.schemas.Signal;
import dev.tributary.schemas.Topics;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which event of a budget is another one; through the topology, one partition. */
class BudgetEventsTest {
  private static final String DAY = "{id: chat, scope: {feature: chat}, period: day, amount: 10}";

  private final TopologyFixture fixture = BudgetFixture.start();
  private long version;

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

  private List<Event> events() {
    return fixture.values(Topics.EVENTS);
  }

  /** What happens to a period that is over happens at its last moment, again and again. */
  @ParameterizedTest
  @CsvSource({"2026-06-10T06:00:00Z", "2026-06-12T05:00:00Z"})
  void amendments_ofOnePeriod_areEventsOfTheirOwn(String clock) {
    publish(DAY);
    LedgerEntry half = spent("2026-06-10T05:00:00Z", "5");
    send(half, spent(clock, "0"));
    events();
    List<Event> amended = new ArrayList<>();

    for (int times = 0; times < 2; times++) {
      send(retracted(half));
      amended.addAll(events());
      send(half);
      amended.addAll(events());
    }

    assertThat(amended)
        .extracting(event -> event.getKind() + ' ' + event.getDetail().get("crossed"))
        .containsExactly(
            "budget_amended false",
            "budget_amended true",
            "budget_amended false",
            "budget_amended true");
    assertThat(amended).extracting(Event::getEventId).doesNotHaveDuplicates();
    assertThat(amended)
        .extracting(event -> event.getDetail().get("amendment"))
        .containsExactly("1", "2", "3", "4");
  }

  /** Who changes what a budget is about wants to be warned of that, too. */
  @ParameterizedTest
  @CsvSource({
    "'{feature: chat}', '{team: blue}', day",
    "'{feature: chat}', '{feature: chat}, environment: production', day",
    "'{feature: chat}', '{team: blue}', rolling-hour"
  })
  void crossing_ofAnotherScope_isTold(String before, String after, String period) {
    String budget = "{id: chat, scope: %s, period: %s, amount: 10}";
    publish(budget.formatted(before, period));
    send(spent("2026-06-10T05:00:00Z", "5"));
    List<Event> first = events();

    publish(budget.formatted(after, period));
    fixture.advance(Duration.ofSeconds(1));

    List<Event> second = events();
    assertThat(second).extracting(Event::getKind).containsExactly("budget_crossed");
    assertThat(second.get(0).getEventId()).isNotEqualTo(first.get(0).getEventId());
  }

  /** The first day of a month begins with the month: their first crossings are two events. */
  @ParameterizedTest
  @CsvSource({"month, day", "rolling-hour, rolling-day"})
  void crossing_ofAnotherPeriod_isAnotherEvent(String before, String after) {
    String budget = "{id: chat, scope: {feature: chat}, period: %s, amount: 10}";
    publish(budget.formatted(before));
    send(spent("2026-06-01T05:00:00Z", "5"));
    List<Event> first = events();

    publish(budget.formatted(after));
    fixture.advance(Duration.ofSeconds(1));

    List<Event> second = events();
    assertThat(second).extracting(Event::getKind).containsExactly("budget_crossed");
    assertThat(second.get(0).getEventId()).isNotEqualTo(first.get(0).getEventId());
  }

  /** Before they knew what a budget is about, versions kept crossings under its name and amount. */
  @Test
  void crossings_thatAnOlderVersionTold_areNotToldAgain() {
    publish(DAY);
    send(spent("2026-06-10T05:00:00Z", "9"));
    assertThat(events()).hasSize(2);
    KeyValueStore<Bytes, byte[]> crossings =
        fixture.driver().getKeyValueStore(CostTopologyNames.CROSSINGS);
    long startUs = LedgerEntries.us("2026-06-10T00:00:00Z");
    for (KeyValue<Bytes, byte[]> crossing : all(crossings)) {
      ByteBuffer key = ByteBuffer.wrap(crossing.key.get());
      long end = key.getLong();
      String text = StandardCharsets.UTF_8.decode(key).toString();
      String threshold = text.substring(text.lastIndexOf('|') + 1);
      byte[] older =
          ("default|chat|" + startUs + "|10.000000000000000000|" + threshold)
              .getBytes(StandardCharsets.UTF_8);
      crossings.delete(crossing.key);
      crossings.put(
          Bytes.wrap(
              ByteBuffer.allocate(Long.BYTES + older.length).putLong(end).put(older).array()),
          Arrays.copyOf(crossing.value, 1 + Long.BYTES));
    }

    send(spent("2026-06-10T06:00:00Z", "0.5"), spent("2026-06-10T07:00:00Z", "0.5"));

    assertThat(events())
        .filteredOn(event -> event.getKind().equals("budget_crossed"))
        .extracting(event -> event.getDetail().get("threshold"))
        .containsExactly("100");
  }

  private static List<KeyValue<Bytes, byte[]>> all(KeyValueStore<Bytes, byte[]> store) {
    List<KeyValue<Bytes, byte[]>> all = new ArrayList<>();
    try (KeyValueIterator<Bytes, byte[]> entries = store.all()) {
      entries.forEachRemaining(all::add);
    }
    return all;
  }

  /** An older version did not count what is priced in part, and still takes it back as it was. */
  @Test
  void unpricedCalls_takenBackAndNeverCounted_areNone() {
    publish(DAY);
    LedgerEntry part = spent("2026-06-10T05:00:00Z", "5");
    part.getLine().setPriceStatus(PriceStatus.PARTIAL);

    send(spent("2026-06-10T04:00:00Z", "1"), retracted(part));

    List<Signal> signals = fixture.values(Topics.SIGNALS);
    assertThat(signals.get(signals.size() - 1).getDetail()).containsEntry("unpriced_calls", "0");
  }
}
