package dev.tributary.anomaly.core.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.anomaly.core.group.Owners.OwnerRule;
import dev.tributary.anomaly.core.series.Finding;
import dev.tributary.anomaly.core.series.Finding.State;
import dev.tributary.anomaly.core.series.SeriesKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Which episodes are one group, whose it is, and how long it is remembered. */
class DeskGroupsTest {
  private static final long STEP_US = 300_000_000L;
  private static final int HOUR = 12;
  private static final Map<String, String> CHAT = Map.of("feature", "chat");
  private static final Map<String, String> CHAT_IN_EU = Map.of("feature", "chat", "region", "eu");
  private static final Map<String, String> SEARCH = Map.of("feature", "search");

  private final Desk.Evidence nothing =
      new Desk.Evidence() {
        @Override
        public List<CellFact> cells(SeriesKey key, long fromUs, long untilUs) {
          return List.of();
        }

        @Override
        public List<Change> changes(SeriesKey key, long fromUs, long untilUs) {
          return List.of();
        }
      };
  private final Desk desk = new Desk(STEP_US, HOUR * STEP_US, HOUR * STEP_US);
  private final List<Told> told = new ArrayList<>();
  private Owners owners = Owners.NONE;

  private static Finding finding(
      Map<String, String> dimensions, State state, int step, int revision, double times) {
    String set = String.join("_", dimensions.keySet().stream().sorted().toList());
    String text = String.join("|", dimensions.values().stream().sorted().toList());
    SeriesKey key = new SeriesKey("default", "production", set, dimensions, text);
    return SpendFindings.of(STEP_US, key, text, state, step, revision, 20, times, "20");
  }

  private static Finding opened(Map<String, String> dimensions, int step, double times) {
    return finding(dimensions, State.OPENED, step, 1, times);
  }

  private static Finding over(Map<String, String> dimensions, int step) {
    return finding(dimensions, State.RESOLVED, step, step, 1);
  }

  private void take(int step, Finding... findings) {
    told.clear();
    desk.take((step + 1) * STEP_US, List.of(findings), nothing, owners, told::add);
  }

  private List<String> ledBy() {
    return SpendFindings.notices(told).stream()
        .map(notice -> notice.state().finding().episodeId())
        .toList();
  }

  private List<String> forgotten() {
    return told.stream()
        .filter(Told.Forgotten.class::isInstance)
        .map(each -> ((Told.Forgotten) each).episodeId())
        .toList();
  }

  /** The first two have nothing to do with each other but for what lies in both. */
  @Test
  void episodesThatOneOfTheirKinJoins_areOneGroup() {
    take(
        20,
        opened(Map.of("region", "eu"), 20, 9),
        opened(Map.of("workspace", "acme"), 20, 3),
        opened(Map.of("region", "eu", "workspace", "acme"), 20, 2.5));

    assertThat(ledBy()).hasSize(1);
  }

  @Test
  void anotherCauseOfTheSameStep_leavesAGroupWhole() {
    take(20, opened(CHAT, 20, 3), opened(CHAT_IN_EU, 20, 3.1), opened(SEARCH, 20, 3));

    assertThat(ledBy()).containsExactlyInAnyOrder("chat", "search");
  }

  @Test
  void kinThatOpensWithinThreeSteps_joinsTheGroup_andNobodyIsTold() {
    take(20, opened(CHAT, 20, 3));
    take(23, opened(CHAT_IN_EU, 23, 3));

    assertThat(ledBy()).isEmpty();
    Told.State joined = (Told.State) told.get(0);
    assertThat(joined.groupId()).isEqualTo("chat");
    assertThat(joined.sentence()).doesNotContain("owner");
    take(24, over(CHAT, 24));
    assertThat(ledBy()).as("the other goes on").isEmpty();
    take(26, over(CHAT_IN_EU, 26));
    assertThat(ledBy()).containsExactly("chat");
  }

  /** Had it opened a step later, it would have: nobody is told twice of one cause. */
  @Test
  void kinOfOneThatJoinsAGroup_joinsItToo() {
    take(20, opened(CHAT, 20, 2));
    take(
        21,
        opened(Map.of("workspace", "acme"), 21, 2.5),
        opened(Map.of("region", "eu"), 21, 3.5),
        opened(Map.of("tool", "lookup"), 21, 9));

    assertThat(ledBy()).containsExactly("lookup");
    assertThat(told)
        .filteredOn(Told.State.class::isInstance)
        .extracting(each -> ((Told.State) each).groupId())
        .containsExactlyInAnyOrder("chat", "chat", null);
  }

  @Test
  void kinThatOpensLater_orWhenTheOtherIsOver_isToldByItself() {
    take(20, opened(CHAT, 20, 3));
    take(24, opened(CHAT_IN_EU, 24, 3));
    assertThat(ledBy()).containsExactly("chat|eu");

    take(24, opened(SEARCH, 24, 3));
    take(25, over(SEARCH, 25));
    Map<String, String> narrower = Map.of("feature", "search", "region", "eu");
    take(26, opened(narrower, 26, 3));
    assertThat(ledBy()).containsExactly("eu|search");
  }

  private static OwnerRule owned(String id, String service, String feature, String team) {
    return new OwnerRule(id, 0, service, feature, false, team, List.of("slack:" + team));
  }

  private String teamOf(Finding... findings) {
    take(20, findings);
    return SpendFindings.notices(told).get(0).team();
  }

  @Test
  void team_isTheSeriesOwn_whateverTheTableSays() {
    owners = new Owners(List.of(owned("a", null, "chat", "blue")));

    assertThat(teamOf(opened(Map.of("feature", "chat", "team", "red"), 20, 3))).isEqualTo("red");
  }

  @Test
  void team_isElseTheOwnerOfTheFeatureOrService() {
    owners = new Owners(List.of(owned("a", null, "chat", "blue"), owned("b", "api", null, "red")));

    assertThat(teamOf(opened(CHAT, 20, 3))).isEqualTo("blue");
    assertThat(SpendFindings.notices(told).get(0).routes()).containsExactly("slack:blue");
    assertThat(teamOf(opened(Map.of("service", "api"), 20, 30))).isEqualTo("red");
  }

  /** Another group's team has nothing to do with it. */
  @Test
  void team_isNotOneOfAnotherGroup() {
    Finding other = opened(Map.of("team", "alpha"), 20, 30);

    assertThat(teamOf(opened(Map.of("agent", "planner"), 20, 3), other)).isEqualTo("alpha");
    assertThat(SpendFindings.notices(told))
        .extracting(Told.Notice::team)
        .containsExactly("alpha", "unattributed");
  }

  @Test
  void group_isRememberedForAsLongAsItsLastEpisodeCanBeAmended() {
    take(20, opened(CHAT, 20, 3), opened(CHAT_IN_EU, 20, 3.1));
    take(22, over(CHAT_IN_EU, 22));
    take(23, over(CHAT, 23));

    take(23 + HOUR);
    assertThat(forgotten()).isEmpty();
    take(24 + HOUR);
    assertThat(forgotten()).as("once, of who led").containsExactly("chat");
    assertThat(desk.isEmpty()).isTrue();
  }

  @Test
  void group_isRemembered_whileOneOfItGoesOn() {
    take(20, opened(CHAT, 20, 3), opened(CHAT_IN_EU, 20, 3.1));
    take(22, over(CHAT, 22));

    take(22 + 20 * HOUR, finding(CHAT_IN_EU, State.UPDATED, 22 + 20 * HOUR, 9, 3));

    assertThat(forgotten()).isEmpty();
    assertThat(((Told.State) told.get(0)).groupId()).isEqualTo("chat");
  }

  /**
   * Who leads no more is never told to be over again: the signal of then must not stay for ever.
   */
  @Test
  void signal_ofALeaderThatComesBackUnderAnother_isForgotten() {
    take(20, opened(CHAT, 20, 3));
    take(23, over(CHAT, 23));
    take(26, opened(CHAT_IN_EU, 26, 9), finding(CHAT, State.OPENED, 26, 24, 3));

    assertThat(ledBy()).containsExactly("chat|eu");
    assertThat(forgotten()).containsExactly("chat");
    take(29, over(CHAT, 29), over(CHAT_IN_EU, 29));
    take(30 + HOUR);
    assertThat(forgotten()).containsExactly("chat|eu");
  }

  @Test
  void signal_ofALeaderThatComesBack_stays() {
    take(20, opened(CHAT, 20, 3));
    take(23, over(CHAT, 23));
    take(26, finding(CHAT, State.OPENED, 26, 24, 3.2));

    assertThat(ledBy()).containsExactly("chat");
    assertThat(forgotten()).isEmpty();
  }

  private static Finding ofMany(int i, State state, int step, int revision) {
    return finding(Map.of("feature", "f%04d".formatted(i)), state, step, revision, 3);
  }

  /** The bound is on what is remembered, and that one is. */
  @Test
  void episodeThatComesBack_isToldThoughThereIsNoRoomForOthers() {
    Finding[] findings = new Finding[1_000];
    Arrays.setAll(findings, i -> ofMany(i, State.OPENED, 20, 1));
    take(20, findings);
    take(23, ofMany(7, State.RESOLVED, 23, 2));

    take(26, ofMany(7, State.OPENED, 26, 3), ofMany(1_000, State.OPENED, 26, 1));

    assertThat(ledBy()).containsExactly("f0007");
  }

  /** That it began was told to nobody, so it would have an end that nobody understands. */
  @Test
  void episodeOfWhichTheBeginningWasNotTaken_isNoGroupLater() {
    take(20, finding(CHAT, State.UPDATED, 20, 2, 30));

    assertThat(ledBy()).isEmpty();
    assertThat(desk.isEmpty()).isTrue();
    take(23, over(CHAT, 23));
    assertThat(ledBy()).isEmpty();
    assertThat(told).hasSize(1);
  }

  @Test
  void order_inWhichFindingsArrive_saysNothing() {
    List<Finding> first = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      first.add(opened(Map.of("feature", "f" + i % 4, "region", "r" + i / 4), 20, 2 + i % 3));
      first.add(opened(Map.of("workspace", "w" + i), 20, 2 + i));
    }
    List<Finding> second =
        new ArrayList<>(
            List.of(
                finding(Map.of("workspace", "w1"), State.RESOLVED, 23, 2, 1),
                finding(Map.of("workspace", "w1"), State.AMENDED, 21, 3, 4),
                finding(Map.of("workspace", "w1"), State.AMENDED, 22, 4, 5),
                opened(CHAT, 23, 3)));
    List<Told> sorted = toldOf(first, second);

    Random random = new Random(7);
    for (int i = 0; i < 5; i++) {
      Collections.shuffle(first, random);
      Collections.shuffle(second, random);
      assertThat(toldOf(first, second)).isEqualTo(sorted);
    }
  }

  private List<Told> toldOf(List<Finding> first, List<Finding> second) {
    Desk fresh = new Desk(STEP_US, HOUR * STEP_US, HOUR * STEP_US);
    List<Told> all = new ArrayList<>();
    fresh.take(21 * STEP_US, first, nothing, owners, all::add);
    fresh.take(24 * STEP_US, second, nothing, owners, all::add);
    return all;
  }
}
