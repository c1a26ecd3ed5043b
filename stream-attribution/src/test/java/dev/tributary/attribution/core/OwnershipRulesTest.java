package dev.tributary.attribution.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which rule decides, and when. */
class OwnershipRulesTest {
  private static final long FROM = 1_000;
  private static final long UNTIL = 2_000;
  private static final OwnershipRules.Subject SHOP =
      new OwnershipRules.Subject("shop", null, null, null);

  private static OwnershipRule team(
      String id, int priority, String team, @Nullable Long fromUs, @Nullable Long untilUs) {
    return new OwnershipRule(
        id,
        priority,
        "shop",
        null,
        null,
        null,
        fromUs,
        untilUs,
        Map.of(TagField.TEAM, team),
        false);
  }

  private static OwnershipRule shadow(long fromUs, long untilUs) {
    return new OwnershipRule(
        "mirror", 0, "shop", null, null, null, fromUs, untilUs, Map.of(), true);
  }

  private static @Nullable String team(OwnershipRules rules, long timeUs) {
    return rules.value(TagField.TEAM, SHOP, timeUs);
  }

  @Test
  void rule_isInForceFromItsBegin_upToItsEnd() {
    OwnershipRules rules =
        new OwnershipRules(
            List.of(team("a", 1, "then", FROM, UNTIL), team("b", 0, "else", null, null)));
    assertThat(team(rules, FROM - 1)).isEqualTo("else");
    assertThat(team(rules, FROM)).isEqualTo("then");
    assertThat(team(rules, UNTIL - 1)).isEqualTo("then");
    assertThat(team(rules, UNTIL)).isEqualTo("else");
  }

  @Test
  void shadow_isOneOnlyWhileItsRuleIsInForce() {
    OwnershipRules rules = new OwnershipRules(List.of(shadow(FROM, UNTIL)));
    assertThat(rules.hasShadow()).isTrue();
    assertThat(rules.isShadow(SHOP, FROM - 1)).isFalse();
    assertThat(rules.isShadow(SHOP, FROM)).isTrue();
    assertThat(rules.isShadow(SHOP, UNTIL)).isFalse();
  }

  @Test
  void highestPriorityDecides_thenTheSmallerId_whateverTheOrder() {
    List<OwnershipRule> all =
        new ArrayList<>(
            List.of(
                team("a", 1, "low", null, null),
                team("c", 2, "second", null, null),
                team("b", 2, "first", null, null)));
    for (int order = 0; order < all.size(); order++) {
      Collections.rotate(all, 1);
      assertThat(team(new OwnershipRules(all), 0)).isEqualTo("first");
    }
  }

  /** What a rule matches on must all agree; what it does not name may be anything. */
  @ParameterizedTest
  @CsvSource({
    "shop-api, search, clerk, key-1, found",
    "other, search, clerk, key-1,",
    "shop-api, chat, clerk, key-1,",
    "shop-api, search, writer, key-1,",
    "shop-api, search, clerk, key-2,",
    "shop-api, search, clerk, ,",
    ", search, clerk, key-1,"
  })
  void rule_matchesByAllThatItNames(
      String service, String feature, String agent, String keyAlias, String team) {
    OwnershipRules rules =
        new OwnershipRules(
            List.of(
                new OwnershipRule(
                    "all",
                    0,
                    "shop-*",
                    "search",
                    "clerk",
                    "key-1",
                    null,
                    null,
                    Map.of(TagField.TEAM, "found"),
                    false)));
    OwnershipRules.Subject subject = new OwnershipRules.Subject(service, feature, agent, keyAlias);

    assertThat(rules.value(TagField.TEAM, subject, 0)).isEqualTo(team);
    assertThat(rules.value(TagField.PROJECT, subject, 0)).as("it sets no project").isNull();
    assertThat(rules.isShadow(subject, 0)).isFalse();
  }
}
