package dev.tributary.cost;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.cost.core.Budget;
import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.testing.TopologyFixture;
import dev.tributary.schemas.LedgerEntry;
import dev.tributary.schemas.Provenance;
import dev.tributary.schemas.ResolvedTag;
import dev.tributary.schemas.Signal;
import dev.tributary.schemas.Topics;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A budget of a scope that no spend is kept by is refused; it would stand at 0 for ever. */
class BudgetScopesTest {
  private static final String BUDGET = "{id: %s, scope: {%s}, period: day, amount: 10}";
  private static final String SCOPES = "tributary.cost.budget-scopes";

  private static LedgerEntry spent() {
    LedgerEntry entry = LedgerEntries.spent("2026-06-10T05:00:00Z", "6.5");
    ResolvedTag acme = LedgerEntries.tag("acme", Provenance.OWN);
    entry.getLine().getAttribution().setCustom(Map.of("customer", acme));
    entry.getLine().getAttribution().setUserTier(acme);
    return entry;
  }

  private static List<Signal> signals(TopologyFixture fixture, String scope) {
    BudgetFixture.publish(fixture, BUDGET.formatted("before", "feature: chat"), 1);
    BudgetFixture.publish(fixture, BUDGET.formatted("other", scope), 2);
    LedgerEntries.send(fixture, List.of(spent()));
    return fixture.values(Topics.SIGNALS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"user_tier: acme", "tag.customer: acme", "experiment: a"})
  void scopeThatIsNotKept_isCountedAndLeavesThoseBefore(String scope) {
    try (TopologyFixture fixture = BudgetFixture.start()) {
      List<Signal> signals = signals(fixture, scope);

      assertThat(fixture.count(CostMetrics.REFERENCE_REFUSED)).isEqualTo(1);
      assertThat(signals).extracting(Signal::getScope).containsOnly("budget:before");
      assertThat(signals.get(signals.size() - 1).getValue()).isEqualByComparingTo("6.5");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"user_tier: acme", "tag.customer: acme"})
  void scopeThatTheSettingNames_isInForceAndCounts(String scope) {
    try (TopologyFixture fixture =
        BudgetFixture.start(Map.of(SCOPES, "feature,user_tier,tag.customer"))) {
      List<Signal> signals = signals(fixture, scope);

      assertThat(fixture.count(CostMetrics.REFERENCE_REFUSED)).isZero();
      assertThat(signals)
          .filteredOn(signal -> signal.getScope().equals("budget:other"))
          .last()
          .satisfies(signal -> assertThat(signal.getValue()).isEqualByComparingTo("6.5"));
    }
  }

  @Test
  void refusal_namesBudgetScopeWhatIsKeptAndTheSetting() {
    Budget free =
        BudgetReader.readBudget("budget free", "acme", BUDGET.formatted("free", "user_tier: free"));

    assertThat(new BudgetScopes(List.of()).refusal(free)).get().asString().contains("kept: none");
    assertThat(BudgetScopes.from(Settings.of(Map.of(SCOPES, "feature,team"))).refusal(free))
        .get()
        .asString()
        .startsWith("budget free: scope: no spend is kept by user_tier,")
        .contains("kept: feature, team. " + SCOPES + " names more");
    assertThat(BudgetScopes.from(Settings.of(Map.of(SCOPES, "user_tier"))).refusal(free)).isEmpty();
  }

  @Test
  void everyScopeOfTheDefault_isKept() {
    BudgetScopes kept = BudgetScopes.from(Settings.of(Map.of()));

    assertThat(kept.kept()).isNotEmpty();
    assertThat(kept.kept())
        .allSatisfy(
            scope ->
                assertThat(
                        kept.refusal(
                            BudgetReader.readBudget(
                                "budget a", "acme", BUDGET.formatted("a", scope.label() + ": x"))))
                    .isEmpty());
  }
}
