package dev.tributary.cost;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.runtime.testing.TopologyFixture;
import dev.tributary.schemas.LedgerEntry;
import dev.tributary.schemas.Provenance;
import io.micrometer.core.instrument.Counter;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a service that puts an id into a tag is noticed by. */
class NewTagValuesTest {
  private final TopologyFixture fixture = BudgetFixture.start();

  @AfterEach
  void close() {
    fixture.close();
  }

  private void send(String at, String feature, String environment) {
    LedgerEntry entry = LedgerEntries.spent(at, "1");
    var tags = entry.getLine().getAttribution();
    tags.setFeature(LedgerEntries.tag(feature, Provenance.OWN));
    tags.setEnvironment(LedgerEntries.tag(environment, Provenance.OWN));
    LedgerEntries.send(fixture, List.of(entry));
  }

  private double found(String tag) {
    Counter counter =
        fixture
            .meters()
            .find(CostMetrics.TAG_VALUES_NEW)
            .tags("tenant", "default", "tag", tag)
            .counter();
    return counter == null ? 0 : counter.count();
  }

  @Test
  void value_ofADay_countsOnce() {
    send("2026-06-10T05:00:00Z", "chat", "production");
    send("2026-06-10T05:00:01Z", "chat", "production");
    send("2026-06-10T09:00:00Z", "chat", "production");
    send("2026-06-10T09:00:00Z", "chat", "staging");
    send("2026-06-10T09:00:01Z", "chat-2", "staging");

    assertThat(found("feature")).isEqualTo(2);
    assertThat(found("environment")).isEqualTo(2);
    assertThat(found("model")).isEqualTo(1);
  }

  @Test
  void value_thatComesBackTheNextDay_isNotNew() {
    send("2026-06-10T00:00:00Z", "chat", "production");
    send("2026-06-11T23:59:59Z", "chat", "production");
    assertThat(found("feature")).isEqualTo(1);

    send("2026-06-13T00:00:00Z", "chat", "production");
    assertThat(found("feature")).isEqualTo(2);
  }

  @Test
  void everyIdOfARequest_isAValue() {
    for (int id = 0; id < 50; id++) {
      send("2026-06-10T05:00:00Z", "request-" + id, "production");
    }

    assertThat(found("feature")).isEqualTo(50);
    assertThat(found("team")).isEqualTo(1);
  }
}
