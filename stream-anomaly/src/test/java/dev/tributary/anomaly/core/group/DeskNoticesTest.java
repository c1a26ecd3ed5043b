package dev.tributary.anomaly.core.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.anomaly.core.series.Finding;
import dev.tributary.anomaly.core.series.Finding.State;
import dev.tributary.anomaly.core.series.SeriesKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who is told what of a group, and in which words. */
class DeskNoticesTest {
  private static final long STEP_US = 300_000_000L;
  private static final long HOUR_US = 12 * STEP_US;

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
  private final Desk desk = new Desk(STEP_US, HOUR_US, HOUR_US);
  private final List<Told> told = new ArrayList<>();

  private static SeriesKey key(String environment, Map<String, String> dimensions) {
    return new SeriesKey("default", environment, "set", dimensions, environment + "|" + dimensions);
  }

  private static Finding finding(
      SeriesKey key, State state, int step, int revision, double times, String money) {
    return SpendFindings.of(STEP_US, key, key.text(), state, step, revision, 20, times, money);
  }

  private void take(int step, Finding... findings) {
    told.clear();
    desk.take((step + 1) * STEP_US, List.of(findings), nothing, Owners.NONE, told::add);
  }

  private List<Told.Notice> notices() {
    return SpendFindings.notices(told);
  }

  private String sentence() {
    return ((Told.State) told.get(0)).sentence();
  }

  /** An amendment of the leader after its end, while another of its group goes on. */
  @Test
  void end_isToldWithTheLastStateOfTheLeader_asNews() {
    SeriesKey chat = key("production", Map.of("feature", "chat"));
    SeriesKey eu = key("production", Map.of("feature", "chat", "region", "eu"));
    take(
        20, finding(chat, State.OPENED, 20, 1, 6, "50"), finding(eu, State.OPENED, 20, 1, 6, "50"));
    assertThat(notices()).extracting(Told.Notice::severity).containsExactly("critical");
    SeriesKey leader = notices().get(0).state().finding().key();
    SeriesKey other = leader.equals(chat) ? eu : chat;
    take(23, finding(leader, State.RESOLVED, 23, 2, 6, "150"));
    take(24, finding(leader, State.AMENDED, 21, 3, 7, "160"));
    assertThat(notices()).isEmpty();

    take(25, finding(other, State.RESOLVED, 25, 2, 6, "150"));

    assertThat(notices()).hasSize(1);
    assertThat(notices().get(0).severity()).isEqualTo("info");
    assertThat(notices().get(0).state().finding().state()).isEqualTo(State.RESOLVED);
    assertThat(notices().get(0).state().sentence()).contains(" is back (+$150 since 01:40)");
  }

  /** Whoever wants critical ones alone has to hear of it, once, and a restart forgets nothing. */
  @Test
  void episodeThatBecomesCritical_isToldOnceMore() {
    SeriesKey chat = key("production", Map.of("feature", "chat"));
    take(20, finding(chat, State.OPENED, 20, 1, 3, "20"));
    assertThat(notices()).extracting(Told.Notice::severity).containsExactly("warning");
    take(21, finding(chat, State.UPDATED, 21, 2, 4, "30"));
    assertThat(notices()).isEmpty();

    take(22, finding(chat, State.UPDATED, 22, 3, 6, "50"));

    assertThat(notices()).extracting(Told.Notice::severity).containsExactly("critical");
    assertThat(notices()).extracting(Told.Notice::isRaise).containsExactly(true);
    Desk restarted = new Desk(STEP_US, HOUR_US, HOUR_US);
    restarted.load(desk.toBytes());
    for (Desk each : List.of(desk, restarted)) {
      told.clear();
      for (int step = 23; step < 26; step++) {
        double times = step == 23 ? 4 : 7;
        Finding next = finding(chat, State.UPDATED, step, step - 19, times, "60");
        each.take((step + 1) * STEP_US, List.of(next), nothing, Owners.NONE, told::add);
      }
      assertThat(notices()).as("said once").isEmpty();
      Finding end = finding(chat, State.RESOLVED, 26, 7, 1, "60");
      each.take(27 * STEP_US, List.of(end), nothing, Owners.NONE, told::add);
      assertThat(notices()).extracting(Told.Notice::isEnd).containsExactly(true);
      assertThat(notices()).extracting(Told.Notice::isRaise).containsExactly(false);
    }
  }

  /** More at a time are told, so that nothing is lost, but page nobody. */
  @Test
  void episodesBeyondAThousand_areToldWithoutAnAlert() {
    Finding[] findings = new Finding[1_001];
    for (int i = 0; i < findings.length; i++) {
      SeriesKey key = key("production", Map.of("feature", "f%04d".formatted(i)));
      findings[i] = finding(key, State.OPENED, 20, 1, 3, "20");
    }

    take(20, findings);

    assertThat(notices()).hasSize(1_000);
    assertThat(told).filteredOn(Told.State.class::isInstance).hasSize(1_001);
  }

  /** What no team is said of belongs to a team that is seen in the group, if one is. */
  @Test
  void team_ofAGroup_isNotThatOfWhatNobodyOwns() {
    take(
        20,
        finding(key("production", Map.of("agent", "planner")), State.OPENED, 20, 1, 3, "20"),
        finding(key("production", Map.of("team", "unattributed")), State.OPENED, 20, 1, 3.4, "24"),
        finding(
            key("production", Map.of("agent", "planner", "team", "zeta")),
            State.OPENED,
            20,
            1,
            3.3,
            "23"));

    assertThat(notices()).extracting(Told.Notice::team).containsExactly("zeta");
  }

  @Test
  void sentence_saysSignsAndCentsAndEnvironment() {
    SeriesKey staging = key("staging", Map.of("feature", "chat"));
    take(20, finding(staging, State.OPENED, 20, 1, 0.3, "-7.125"));
    assertThat(sentence())
        .isEqualTo(
            "chat (staging) costs 0.3x its Thursday 01:00 baseline (-$7.12/h since 01:40); owner:"
                + " unattributed");

    take(21, finding(staging, State.UPDATED, 21, 2, 2.25, "12.5"));
    assertThat(sentence()).contains("costs 2.3x its ", "(+$12/h since ");
    take(22, finding(staging, State.UPDATED, 22, 3, 2.25, "9.996"));
    assertThat(sentence()).contains("(+$10.00/h since ");
  }

  @Test
  void sentence_ofALimit_namesTheLimit_andOfADropOfAShareBoth() {
    SeriesKey chat = key("production", Map.of("feature", "chat"));
    Finding limit =
        new Finding(
            chat,
            "error_share",
            true,
            "e",
            1,
            State.OPENED,
            0,
            0,
            0,
            0.123,
            0.05,
            2.5,
            1,
            7,
            null,
            null,
            Finding.Ending.VALUES);
    take(20, limit);
    assertThat(sentence())
        .startsWith("chat has an error share of 12.3 % against 5.0 % of its limit (since 00:00)");

    Finding drop =
        new Finding(
            chat,
            "cache_hit_ratio",
            false,
            "f",
            1,
            State.OPENED,
            0,
            0,
            0,
            0.2,
            0.6,
            0.3,
            1,
            7,
            null,
            null,
            Finding.Ending.VALUES);
    take(20, drop);
    assertThat(sentence())
        .startsWith(
            "chat has a cache hit ratio of 20.0 % against 60.0 % of its Thursday 00:00 baseline");
  }
}
