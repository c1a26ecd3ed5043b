package dev.tributary.cost;

import dev.tributary.cost.core.Budget;
import dev.tributary.cost.core.SpendScope;
import dev.tributary.runtime.config.ConfigException;
import dev.tributary.runtime.config.Settings;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What spend is kept by. A budget of another scope would stand at 0 for ever, as if nothing were
 * spent, so it is refused.
 *
 * @param kept the scopes, in the order of the setting; may be empty
 */
public record BudgetScopes(List<SpendScope> kept) {
  /** Copies the scopes. */
  public BudgetScopes {
    kept = List.copyOf(kept);
  }

  /**
   * The scopes of these settings, or their default.
   *
   * @throws ConfigException naming key, value and what is allowed
   */
  public static BudgetScopes from(Settings settings) {
    return new BudgetScopes(CostConfig.budgetScopes(settings));
  }

  /** True where the settings state the scopes: then they are no mere default. */
  public static boolean isGiven(Settings settings) {
    return settings.isGiven(CostConfig.BUDGET_SCOPES);
  }

  /** Why a budget is refused, as one line with its id; empty: spend is kept by its scope. */
  public Optional<String> refusal(Budget budget) {
    if (kept.contains(budget.scope())) {
      return Optional.empty();
    }
    String names = kept.stream().map(SpendScope::label).collect(Collectors.joining(", "));
    return Optional.of(
        "budget %s: scope: no spend is kept by %s, so it would stand at 0; kept: %s. %s names more; by those spend is kept from the restart on, not before"
            .formatted(
                budget.id(),
                budget.scope().label(),
                names.isEmpty() ? "none" : names,
                CostConfig.BUDGET_SCOPES.key()));
  }
}
