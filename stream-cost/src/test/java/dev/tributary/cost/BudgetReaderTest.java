package dev.tributary.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tributary.cost.core.Budget;
import dev.tributary.cost.core.BudgetCycle;
import dev.tributary.cost.core.BudgetPeriod;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Budgets from YAML, and what is refused. */
class BudgetReaderTest {
  private static final String GOOD =
      """
      budgets:
        - id: chat-month
          scope: {feature: chat}
          environment: production
          period: month
          zone: Asia/Kolkata
          amount: "1234.56"
          thresholds: [100, 50]
          effective_from: 2026-01-01
        - id: eu-hour
          scope: {tag.region: eu}
          period: rolling-hour
          amount: 10
      """;

  @Test
  void file_good_read() {
    List<Budget> budgets = BudgetReader.readFile("budgets.yaml", "acme", GOOD);

    Budget chat = budgets.get(0);
    assertThat(chat.tenant()).isEqualTo("acme");
    assertThat(chat.spendKey()).isEqualTo("acme|spend|feature=chat");
    assertThat(chat.environment()).isEqualTo("production");
    assertThat(chat.cycle()).isEqualTo(BudgetCycle.MONTH);
    assertThat(chat.zone().getId()).isEqualTo("Asia/Kolkata");
    assertThat(chat.amount()).isEqualByComparingTo("1234.56");
    assertThat(chat.thresholds()).containsExactly(50, 100);
    assertThat(chat.fromUs()).isEqualTo(1_767_225_600_000_000L);
    Budget hour = budgets.get(1);
    assertThat(hour.scope().label()).isEqualTo("tag.region");
    assertThat(hour.thresholds()).containsExactly(50, 80, 100);
    assertThat(hour.environment()).isNull();
  }

  @Test
  void amount_largestOfTheLedger_read() {
    String largest = "99999999999999999999.999999999999999999";
    String yaml = GOOD.replace("1234.56", largest);

    Budget chat = BudgetReader.readFile("budgets.yaml", "acme", yaml).get(0);

    assertThat(chat.amount()).isEqualTo(new BigDecimal(largest));
  }

  @Test
  void thresholds_fromOneToAThousandPercent_readOnceEachInOrder() {
    String yaml = GOOD.replace("[100, 50]", "[1000, 1, 50, 1]");

    assertThat(BudgetReader.readFile("budgets.yaml", "acme", yaml).get(0).thresholds())
        .containsExactly(1, 50, 1000);
  }

  @Test
  void validity_bounds_beginInsideAndEndOutside() {
    Budget june =
        BudgetReader.readBudget(
            "budget a",
            "acme",
            "{id: a, scope: {team: b}, period: day, amount: 1,"
                + " effective_from: 2026-06-01, effective_until: 2026-07-01}");
    long from = june.fromUs();
    long until = june.untilUs();

    assertThat(june.isValidAt(from - 1)).isFalse();
    assertThat(june.isValidAt(from)).isTrue();
    assertThat(june.isValidAt(until - 1)).isTrue();
    assertThat(june.isValidAt(until)).isFalse();
    assertThat(june.isValidWithin(new BudgetPeriod(from - 9, from))).isFalse();
    assertThat(june.isValidWithin(new BudgetPeriod(from - 9, from + 1))).isTrue();
    assertThat(june.isValidWithin(new BudgetPeriod(until - 1, until + 9))).isTrue();
    assertThat(june.isValidWithin(new BudgetPeriod(until, until + 9))).isFalse();
  }

  @Test
  void zone_ofARollingPeriod_refused() {
    String json = "{id: a, scope: {team: b}, period: rolling-day, zone: UTC, amount: 1}";

    assertThatIllegalArgumentException()
        .isThrownBy(() -> BudgetReader.readBudget("budget a", "acme", json))
        .withMessageContaining("zone: a rolling period has none");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "feature: chat; tool: chat; 3: scope",
        "{feature: chat}; {feature: a, team: b}; 3: scope",
        "period: month; period: fortnight; 5: period",
        "Asia/Kolkata; Asia/Nowhere; 6: zone",
        "1234.56; 12,34; 7: amount",
        "1234.56; -1; 7: amount",
        "1234.56; 100000000000000000000; 7: amount",
        "1234.56; 1e20; 7: amount",
        "[100, 50]; [half]; 8: thresholds",
        "[100, 50]; [0]; 2: thresholds",
        "[100, 50]; [1001]; 2: thresholds",
        "2026-01-01; soon; 9: effective_from",
        "id: eu-hour; id: chat-month; 10: id",
        "id: eu-hour; name: eu-hour; 10: name",
      })
  void file_wrong_refusedWithFileLineAndField(String good, String wrong, String where) {
    String yaml = GOOD.replace(good, wrong);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> BudgetReader.readFile("budgets.yaml", "acme", yaml))
        .withMessageStartingWith("budgets.yaml:" + where);
  }
}
