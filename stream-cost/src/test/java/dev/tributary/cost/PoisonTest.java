package dev.tributary.cost;

import static dev.tributary.cost.LedgerEntries.BASE_US;
import static dev.tributary.cost.LedgerEntries.call;
import static dev.tributary.cost.LedgerEntries.score;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.runtime.metrics.MetricNames;
import dev.tributary.runtime.testing.TopologyFixture;
import dev.tributary.schemas.LedgerEntry;
import dev.tributary.schemas.Score;
import dev.tributary.schemas.Signal;
import dev.tributary.schemas.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records that nobody should have written: whatever comes, the next one is processed. */
class PoisonTest {
  private static final String MONTH =
      "{id: chat, scope: {feature: chat}, period: month, amount: 10}";

  private final TopologyFixture fixture =
      TopologyFixture.of(CostMain.APP, Map.of("tributary.topics.partitions", "1"));

  @BeforeEach
  void publish() {
    BudgetRows.of(MONTH, 1).forEach((key, row) -> fixture.input(Topics.REF).pipeInput(key, row));
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private void assertLives() {
    assertLives(1);
  }

  /** What comes after is counted, in budgets too. */
  private void assertLives(long deadLetters) {
    fixture.input(Topics.LEDGER).pipeInput("default|trace", call("02", BASE_US), BASE_US / 1_000);
    fixture.advance(Duration.ofSeconds(1));
    List<Signal> signals = fixture.values(Topics.SIGNALS);
    assertThat(signals).isNotEmpty();
    assertThat(signals.get(signals.size() - 1).getValue()).isEqualByComparingTo("0.0123");
    assertThat(fixture.count(MetricNames.DEAD_LETTERED)).isEqualTo(deadLetters);
  }

  private void send(LedgerEntry entry) {
    fixture.input(Topics.LEDGER).pipeInput("default|trace", entry, 1_000L);
    fixture.advance(Duration.ofSeconds(1));
  }

  /** Records before 1970 cannot be sent, and periods do not reach to the end of numbers. */
  @ParameterizedTest
  @ValueSource(longs = {Long.MIN_VALUE, -60_000_001, -1, 253_402_300_800_000_000L, Long.MAX_VALUE})
  void entry_ofNoTime_isADeadLetter(long eventTimeUs) {
    send(call("01", eventTimeUs));
    assertLives();
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MIN_VALUE, -1, 253_402_300_800_000_000L, Long.MAX_VALUE})
  void score_ofNoTime_isADeadLetter(long scoredAtUs) {
    Score score = score("01", scoredAtUs, 0.5, null);
    fixture.input(Topics.SCORES).pipeInput("default|trace", score, 1_000L);
    fixture.advance(Duration.ofSeconds(1));
    assertLives();
  }

  @Test
  void entry_withoutASign_isADeadLetter() {
    LedgerEntry entry = call("01", BASE_US);
    entry.setSign(0);
    send(entry);
    assertLives();
  }

  @Test
  void entry_withoutValue_isADeadLetter() {
    fixture.input(Topics.LEDGER).pipeInput("default|trace", null, 1_000L);
    fixture.advance(Duration.ofSeconds(1));
    assertLives();
  }
}
