package dev.tributary.anomaly.core.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.anomaly.core.group.Owners.OwnerRule;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who owns a series. */
class OwnersTest {
  private static OwnerRule rule(
      String id, int priority, String service, String feature, String team) {
    return new OwnerRule(id, priority, service, feature, false, team, List.of("slack:" + id));
  }

  @Test
  void teamOf_higherPriority_thenSmallerId() {
    Owners owners =
        new Owners(
            List.of(
                rule("b", 0, null, "chat*", "blue"),
                rule("a", 0, null, "chat-*", "green"),
                rule("c", 5, null, "*-beta", "red")));

    assertThat(owners.teamOf("chat-x", null)).isEqualTo("green");
    assertThat(owners.teamOf("chat", null)).isEqualTo("blue");
    assertThat(owners.teamOf("chat-beta", null)).isEqualTo("red");
    assertThat(owners.teamOf("search", null)).isNull();
    assertThat(owners.teamOf(null, "api")).isNull();
    assertThat(owners.routesOf("green")).containsExactly("slack:a");
  }

  @Test
  void budgetHolders_ofTheRulesThatSetTheTeam_sortedAndOnce() {
    Owners owners =
        new Owners(
            List.of(
                rule("a", 0, null, "chat", "blue").heldBy("grace").within(null, 200L),
                rule("b", 0, null, "search", "blue").heldBy("ada"),
                rule("c", 0, null, "mail", "blue").heldBy("ada"),
                rule("d", 0, null, "help", "blue"),
                rule("e", 0, null, "shop", "red").heldBy("alan")));

    assertThat(owners.budgetHoldersOf("blue")).containsExactly("ada", "grace");
    assertThat(owners.at(200).budgetHoldersOf("blue")).containsExactly("ada");
    assertThat(owners.budgetHoldersOf("green")).isEmpty();
  }

  @Test
  void teamOf_ruleOfAService_needsTheService() {
    Owners owners = new Owners(List.of(rule("s", 0, "api", null, "blue")));

    assertThat(owners.teamOf(null, "api")).isEqualTo("blue");
    assertThat(owners.teamOf("chat", null)).isNull();
  }

  /** A feature changes hands by two rules, one until the day and one from it on. */
  @Test
  void at_rulesThatAreValidThen_alone() {
    Owners owners =
        new Owners(
            List.of(
                rule("a", 0, null, "chat", "blue").within(null, 100L),
                rule("b", 0, null, "chat", "red").within(100L, 200L),
                rule("c", 0, null, "search", "blue")));

    assertThat(owners.at(99).teamOf("chat", null)).isEqualTo("blue");
    assertThat(owners.at(100).teamOf("chat", null)).isEqualTo("red");
    assertThat(owners.at(199).teamOf("chat", null)).isEqualTo("red");
    assertThat(owners.at(200).teamOf("chat", null)).isNull();
    assertThat(owners.at(99).routesOf("blue")).containsExactly("slack:a", "slack:c");
    assertThat(owners.at(100).routesOf("blue")).containsExactly("slack:c");
  }

  /** Both have to match, and a series that does not say one of them is nobody's by this rule. */
  @Test
  void teamOf_ruleOfAFeatureInAService_needsBoth() {
    Owners owners = new Owners(List.of(rule("s", 0, "api*", "chat*", "blue")));

    assertThat(owners.teamOf("chat-x", "api-2")).isEqualTo("blue");
    assertThat(owners.teamOf("chat-x", "web")).isNull();
    assertThat(owners.teamOf("search", "api-2")).isNull();
    assertThat(owners.teamOf("chat-x", null)).isNull();
    assertThat(owners.teamOf(null, "api-2")).isNull();
  }

  /** A rule about agents alone says nothing of a feature, and one about some calls not of all. */
  @Test
  void teamOf_ruleThatAsksForWhatASeriesDoesNotSay_doesNotHold() {
    OwnerRule ofAnAgent = new OwnerRule("a", 9, null, "chat", true, "red", List.of("slack:red"));
    OwnerRule ofNeither = rule("b", 8, null, null, "green");
    Owners owners = new Owners(List.of(ofAnAgent, ofNeither, rule("c", 0, null, "chat", "blue")));

    assertThat(owners.teamOf("chat", null)).isEqualTo("blue");
    assertThat(owners.teamOf("search", null)).isNull();
    assertThat(owners.routesOf("red")).containsExactly("slack:red");
  }

  @Test
  void at_handsOverBudgetHoldersToo() {
    Owners owners =
        new Owners(
            List.of(
                rule("a", 0, null, "chat", "blue").within(null, 100L).heldBy("ada"),
                rule("b", 0, null, "chat", "blue").within(100L, null).heldBy("grace")));

    assertThat(owners.at(99).budgetHoldersOf("blue")).containsExactly("ada");
    assertThat(owners.at(100).budgetHoldersOf("blue")).containsExactly("grace");
  }
}
