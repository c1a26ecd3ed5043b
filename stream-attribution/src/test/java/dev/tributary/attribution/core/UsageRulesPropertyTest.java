package dev.tributary.attribution.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.runtime.testing.Seeds;
import dev.tributary.schemas.Span;
import dev.tributary.schemas.UsageQuality;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No token is counted twice: not along a path of the tree, and not by two records of a call. */
class UsageRulesPropertyTest {
  static Stream<Long> seeds() {
    return Seeds.many(Math.max(1, PropertySize.traces() / 10));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void responseId_hasOneOwner(long seed) {
    Seeds.with(
        seed,
        unused -> {
          Random random = new Random(seed);
          for (int i = 0; i < 40; i++) {
            assertCountedOnce(new RandomTrace(random, 1, 2 + random.nextInt(25)).distinct());
            assertCountedOnce(agentsAndCalls(random, 3 + random.nextInt(7)));
          }
        });
  }

  /** Small trees in which nearly everybody states usage, and a call is often recorded twice. */
  private static List<Span> agentsAndCalls(Random random, int size) {
    List<Span> spans = new ArrayList<>();
    spans.add(TestSpans.agent(1, 0).build());
    for (int i = 2; i <= size; i++) {
      long parent = 1 + random.nextInt(i - 1);
      boolean isCall = random.nextInt(5) > 1;
      Span.Builder span =
          isCall ? TestSpans.llm(i, parent) : TestSpans.carrying(TestSpans.agent(i, parent), 9, 9);
      if (random.nextInt(3) == 0) {
        span.setUsage(null).setUsageQuality(UsageQuality.MISSING);
      } else if (random.nextBoolean()) {
        span.setUsageQuality(UsageQuality.ESTIMATED);
      }
      if (isCall && random.nextBoolean()) {
        span.setResponseId("r-" + random.nextInt(3));
      }
      spans.add(span.build());
    }
    return spans;
  }

  private static void assertCountedOnce(Collection<Span> spans) {
    SpanTree tree = new SpanTree(spans);
    UsageRules rules =
        new UsageRules(
            tree,
            i -> "mirror-gateway".equals(tree.span(i).getServiceName()),
            i -> true,
            i -> false,
            i -> false);
    Map<String, Integer> owners = new HashMap<>();
    for (int i = 0; i < tree.size(); i++) {
      int owner = owner(tree, rules, i);
      if (rules.decision(i).owns()) {
        assertThat(owner(tree, rules, tree.attachedTo(i))).as("owner above one").isNegative();
      }
      String response = tree.span(i).getResponseId();
      boolean isRecord = rules.isLogicalCall(i) || rules.decision(i) == UsageDecision.DOUBLE;
      if (isRecord && response != null && owner >= 0) {
        Integer other = owners.putIfAbsent(response, owner);
        assertThat(other == null || other == owner)
            .as("%s is counted on %s and %s of %s", response, other, owner, described(tree, rules))
            .isTrue();
      }
    }
    assertNothingLost(tree, rules, owners.keySet());
  }

  /** What is not counted for being counted elsewhere is: below it, as a response, or above. */
  private static void assertNothingLost(SpanTree tree, UsageRules rules, Set<String> counted) {
    boolean[] ownersBelow = new boolean[tree.size()];
    for (int position = tree.size() - 1; position >= 0; position--) {
      int i = tree.topDown(position);
      String response = tree.span(i).getResponseId();
      boolean isCounted =
          ownersBelow[i]
              || owner(tree, rules, i) >= 0
              || (response != null && counted.contains(response));
      if (rules.decision(i) == UsageDecision.BELOW) {
        assertThat(isCounted).as("lost: %s of %s", i, described(tree, rules)).isTrue();
      }
      int above = tree.attachedTo(i);
      if (above >= 0) {
        ownersBelow[above] |= isCounted;
      }
    }
  }

  private static String described(SpanTree tree, UsageRules rules) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < tree.size(); i++) {
      Span span = tree.span(i);
      text.append(
              String.format(
                  "%n%d below %d: %s %s ",
                  i, tree.attachedTo(i), span.getKind(), span.getUsageQuality()))
          .append(span.getResponseId())
          .append(' ')
          .append(rules.decision(i));
    }
    return text.toString();
  }

  private static int owner(SpanTree tree, UsageRules rules, int i) {
    int at = i;
    while (at >= 0 && !rules.decision(at).owns()) {
      at = tree.attachedTo(at);
    }
    return at;
  }
}
