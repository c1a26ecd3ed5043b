package dev.tributary.anomaly.core.group;

import dev.tributary.pricing.Glob;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Who owns what, from the rules of the ownership table. */
public final class Owners {
  /** Nobody owns anything. */
  public static final Owners NONE = new Owners(List.of());

  /** Team of what nobody owns. */
  public static final String UNATTRIBUTED = "unattributed";

  /**
   * A rule that names a team.
   *
   * @param id name of the rule
   * @param priority the higher wins; at a tie the smaller id
   * @param service pattern, {@code *} for any text; null: any
   * @param feature pattern; null: any
   * @param isNarrower whether it also asks for what a series does not say, such as an agent
   * @param team team it sets
   * @param routes alert routes it names
   * @param budgetHolder who answers for the team's money; null: nobody is named
   * @param fromUs valid from (inclusive), microseconds since the epoch; null: always
   * @param untilUs valid until (exclusive); null: open
   */
  public record OwnerRule(
      String id,
      int priority,
      @Nullable String service,
      @Nullable String feature,
      boolean isNarrower,
      String team,
      List<String> routes,
      @Nullable String budgetHolder,
      @Nullable Long fromUs,
      @Nullable Long untilUs) {

    public OwnerRule {
      routes = List.copyOf(routes);
    }

    /** A rule that is valid at any time. */
    public OwnerRule(
        String id,
        int priority,
        @Nullable String service,
        @Nullable String feature,
        boolean isNarrower,
        String team,
        List<String> routes) {
      this(id, priority, service, feature, isNarrower, team, routes, null, null, null);
    }

    /** The same with who answers for the team's money; null: nobody is named. */
    public OwnerRule heldBy(@Nullable String holder) {
      return new OwnerRule(
          id, priority, service, feature, isNarrower, team, routes, holder, fromUs, untilUs);
    }

    /** The same with the validity of its row in the reference timeline. */
    public OwnerRule within(@Nullable Long validFromUs, @Nullable Long validUntilUs) {
      return new OwnerRule(
          id,
          priority,
          service,
          feature,
          isNarrower,
          team,
          routes,
          budgetHolder,
          validFromUs,
          validUntilUs);
    }

    private boolean isValidAt(long timeUs) {
      return (fromUs == null || fromUs <= timeUs) && (untilUs == null || timeUs < untilUs);
    }
  }

  private final List<OwnerRule> rules;

  public Owners(List<OwnerRule> rules) {
    this.rules =
        rules.stream()
            .sorted(
                Comparator.comparingInt(OwnerRule::priority)
                    .reversed()
                    .thenComparing(OwnerRule::id))
            .toList();
  }

  /** Who owns what at a time: a team hands over by a rule that ends and one that begins. */
  public Owners at(long timeUs) {
    boolean areAll = rules.stream().allMatch(rule -> rule.isValidAt(timeUs));
    return areAll ? this : new Owners(rules.stream().filter(r -> r.isValidAt(timeUs)).toList());
  }

  /**
   * Team of a feature or of a service; null: no rule says.
   *
   * @param feature null: not about a feature
   * @param service null: not about a service
   */
  public @Nullable String teamOf(@Nullable String feature, @Nullable String service) {
    for (OwnerRule rule : rules) {
      boolean isAbout =
          (feature != null && rule.feature() != null)
              || (service != null && rule.service() != null);
      if (isAbout
          && !rule.isNarrower()
          && (rule.feature() == null || (feature != null && Glob.matches(rule.feature(), feature)))
          && (rule.service() == null
              || (service != null && Glob.matches(rule.service(), service)))) {
        return rule.team();
      }
    }
    return null;
  }

  /** Who answers for the money of a team, sorted; empty: no rule that sets the team says. */
  public List<String> budgetHoldersOf(String team) {
    TreeSet<String> holders = new TreeSet<>();
    for (OwnerRule rule : rules) {
      if (rule.team().equals(team) && rule.budgetHolder() != null) {
        holders.add(rule.budgetHolder());
      }
    }
    return List.copyOf(holders);
  }

  /** Routes of a team, sorted. */
  public List<String> routesOf(String team) {
    TreeSet<String> routes = new TreeSet<>();
    for (OwnerRule rule : rules) {
      if (rule.team().equals(team)) {
        routes.addAll(rule.routes());
      }
    }
    return new ArrayList<>(routes);
  }
}
