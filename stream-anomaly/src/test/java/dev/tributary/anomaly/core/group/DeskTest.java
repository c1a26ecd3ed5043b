package dev.tributary.anomaly.core.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.anomaly.core.series.Finding;
import dev.tributary.anomaly.core.series.Finding.State;
import dev.tributary.anomaly.core.series.SeriesKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a desk makes of findings, step by step; what was new is the only evidence it has. */
class DeskTest {
  private static final long STEP_US = 300_000_000L;
  private static final long HOUR_US = 12 * STEP_US;
  private static final SeriesKey SUPPORT = key("feature", "support");
  private static final SeriesKey EU = key("feature_region", "eu");

  private final List<Change> changes = new ArrayList<>();
  private final Desk.Evidence evidence =
      new Desk.Evidence() {
        @Override
        public List<CellFact> cells(SeriesKey key, long fromUs, long untilUs) {
          return List.of();
        }

        @Override
        public List<Change> changes(SeriesKey key, long fromUs, long untilUs) {
          return changes.stream()
              .filter(each -> each.seenUs() >= fromUs && each.seenUs() < untilUs)
              .toList();
        }
      };
  private final Desk desk = new Desk(STEP_US, HOUR_US, HOUR_US);
  private final List<Told> told = new ArrayList<>();

  private static SeriesKey key(String set, String value) {
    Map<String, String> dimensions =
        set.equals("feature")
            ? Map.of("feature", value)
            : Map.of("feature", "support", "region", value);
    return new SeriesKey("default", "production", set, dimensions, set + "|" + dimensions);
  }

  /** A finding at a step of an episode that opened at step 20, of the run that began at another. */
  private static Finding finding(
      SeriesKey key, State state, int step, int revision, int suspect, double factor) {
    return SpendFindings.of(
        STEP_US, key, key.groupingSet(), state, step, revision, suspect, factor, null);
  }

  private void take(int step, Finding... findings) {
    told.clear();
    desk.take((step + 1) * STEP_US, List.of(findings), evidence, Owners.NONE, told::add);
  }

  private List<Told.Notice> notices() {
    return SpendFindings.notices(told);
  }

  private List<String> drivers() {
    return told.stream()
        .filter(Told.State.class::isInstance)
        .flatMap(each -> ((Told.State) each).causes().stream())
        .map(NamedCause::driver)
        .toList();
  }

  @Test
  void severity_isCriticalFromFiveTimes_alsoDownwards_butNotOfALimit() {
    assertThat(severity(finding(SUPPORT, State.OPENED, 20, 1, 20, 4.9))).isEqualTo("warning");
    assertThat(severity(finding(SUPPORT, State.OPENED, 20, 1, 20, 5))).isEqualTo("critical");
    assertThat(severity(finding(SUPPORT, State.OPENED, 20, 1, 20, 0.2))).isEqualTo("critical");
    assertThat(severity(finding(SUPPORT, State.OPENED, 20, 1, 20, 0.21))).isEqualTo("warning");
    Finding baseline = finding(SUPPORT, State.OPENED, 20, 1, 20, 9);
    Finding limit =
        new Finding(
            SUPPORT,
            "length_share",
            true,
            "limit",
            1,
            State.OPENED,
            baseline.openedUs(),
            baseline.suspectUs(),
            baseline.windowUs(),
            0.9,
            0.05,
            18,
            1,
            0.85,
            null,
            null,
            Finding.Ending.VALUES);
    assertThat(severity(limit)).isEqualTo("warning");
  }

  private String severity(Finding opened) {
    List<Told.Notice> notices = new ArrayList<>();
    new Desk(STEP_US, HOUR_US, HOUR_US)
        .take(
            21 * STEP_US,
            List.of(opened),
            evidence,
            Owners.NONE,
            each -> {
              if (each instanceof Told.Notice notice) {
                notices.add(notice);
              }
            });
    return notices.get(0).severity();
  }

  /** What was new in the hour before it came back is of the episode itself, or of nobody. */
  @Test
  void cause_ofAnEpisodeThatComesBackWhileItsGroupGoesOn_stands() {
    changes.add(new Change("deploy", "support", "api", "4.2.1", 18 * STEP_US));
    take(
        20,
        finding(SUPPORT, State.OPENED, 20, 1, 20, 3),
        finding(EU, State.OPENED, 20, 1, 20, 3.1));
    assertThat(notices()).hasSize(1);
    String leader = notices().get(0).state().finding().episodeId();
    SeriesKey leading = leader.equals("feature") ? SUPPORT : EU;
    assertThat(drivers()).containsExactly("deploy");
    take(23, finding(leading, State.RESOLVED, 23, 2, 20, 1));
    assertThat(notices()).as("the other goes on").isEmpty();

    take(40, finding(leading, State.OPENED, 40, 3, 39, 3));

    assertThat(notices()).as("the group was never over").isEmpty();
    assertThat(drivers()).containsExactly("deploy");
    take(41, finding(leading, State.RESOLVED, 41, 4, 39, 1));
    assertThat(notices()).isEmpty();
  }

  /** Nothing was found at first: what was new before it came back is looked at, not before that. */
  @Test
  void cause_ofAnEpisodeThatComesBackUnexplained_isWhatWasNewThen() {
    take(
        20,
        finding(SUPPORT, State.OPENED, 20, 1, 20, 3),
        finding(EU, State.OPENED, 20, 1, 20, 3.1));
    SeriesKey leading = notices().get(0).state().finding().key();
    take(23, finding(leading, State.RESOLVED, 23, 2, 20, 1));
    changes.add(new Change("deploy", "support", "api", "4.2.1", 38 * STEP_US));

    take(40, finding(leading, State.OPENED, 40, 3, 39, 3));

    assertThat(notices()).isEmpty();
    assertThat(drivers()).containsExactly("deploy");
    assertThat(((Told.State) told.get(0)).sentence()).contains("deploy 4.2.1 of api first seen");
    take(41, finding(leading, State.UPDATED, 41, 4, 39, 3));
    assertThat(drivers()).containsExactly("deploy");
  }

  /** After an hour nothing is remembered of it: it is explained as any other. */
  @Test
  void cause_ofAnEpisodeThatComesBackLate_isLookedForAnew() {
    changes.add(new Change("deploy", "support", "api", "4.2.1", 18 * STEP_US));
    changes.add(new Change("retrieval_version", "support", "v7", 58 * STEP_US));
    take(20, finding(SUPPORT, State.OPENED, 20, 1, 20, 3));
    take(23, finding(SUPPORT, State.RESOLVED, 23, 2, 20, 1));
    assertThat(notices()).hasSize(1);
    take(50);
    assertThat(desk.isEmpty()).isTrue();

    take(60, finding(SUPPORT, State.OPENED, 60, 3, 59, 3));

    assertThat(drivers().subList(0, 1)).containsExactly("retrieval_version");
    assertThat(notices()).hasSize(1);
  }

  private static Finding of(Finding finding, boolean isSilent, State state) {
    return new Finding(
        finding.key(),
        finding.metric(),
        finding.isLimit(),
        finding.episodeId(),
        finding.revision(),
        state,
        finding.openedUs(),
        finding.suspectUs(),
        finding.windowUs(),
        finding.observed(),
        finding.baseline(),
        finding.factor(),
        finding.score(),
        finding.excess(),
        finding.money(),
        finding.moneyPerHour(),
        isSilent ? Finding.Ending.SILENT : Finding.Ending.VALUES);
  }

  /** The window that was last heard is an hour old then: it is remembered from the end on. */
  @Test
  void cause_ofAnEpisodeThatFellSilent_isRememberedAsLong() {
    changes.add(new Change("deploy", "support", "api", "4.2.1", 18 * STEP_US));
    take(20, finding(SUPPORT, State.OPENED, 20, 1, 20, 3));
    take(34, of(finding(SUPPORT, State.RESOLVED, 20, 2, 20, 1), true, State.RESOLVED));
    assertThat(notices()).hasSize(1);

    take(44, finding(SUPPORT, State.OPENED, 44, 3, 43, 3));

    assertThat(drivers()).contains("deploy");
  }

  /** Its leader came back before it, under another one: of its own group nobody knows any more. */
  @Test
  void notice_ofAnEpisodeWhoseLeaderLeadsNoMore_isGiven() {
    take(20, finding(SUPPORT, State.OPENED, 20, 1, 20, 3), finding(EU, State.OPENED, 20, 1, 20, 3));
    assertThat(notices().get(0).state().finding().key()).isEqualTo(SUPPORT);
    take(
        23,
        finding(SUPPORT, State.RESOLVED, 23, 2, 20, 1),
        finding(EU, State.RESOLVED, 23, 2, 20, 1));
    assertThat(notices()).hasSize(1);
    Finding narrower =
        new Finding(
            key("feature_region", "us"),
            "spend_per_hour",
            false,
            "narrower",
            1,
            State.OPENED,
            26 * STEP_US,
            26 * STEP_US,
            26 * STEP_US,
            26,
            5,
            5.2,
            1,
            21,
            null,
            null,
            Finding.Ending.VALUES);
    take(26, finding(SUPPORT, State.OPENED, 26, 3, 25, 3), narrower);
    assertThat(notices())
        .extracting(notice -> notice.state().finding().episodeId())
        .containsExactly("narrower");

    take(31, finding(EU, State.OPENED, 31, 3, 30, 3));

    assertThat(notices()).extracting(Told.Notice::isEnd).containsExactly(false);
    assertThat(notices().get(0).state().finding().key()).isEqualTo(EU);
  }

  /** Of whichever opening the window is. */
  @Test
  void sentence_ofAnAmendment_doesNotSayAgain() {
    take(20, finding(SUPPORT, State.OPENED, 20, 1, 20, 3));
    take(23, finding(SUPPORT, State.RESOLVED, 23, 2, 20, 1));
    take(30, finding(SUPPORT, State.OPENED, 30, 3, 29, 3));
    assertThat(((Told.State) told.get(0)).sentence()).contains(" again (since 02:25)");

    take(31, of(finding(SUPPORT, State.AMENDED, 20, 4, 29, 3), false, State.AMENDED));

    assertThat(((Told.State) told.get(0)).sentence())
        .doesNotContain("again")
        .contains("(since 01:40)");
  }

  /** Nobody is told twice, and the end is told once more. */
  @Test
  void notice_ofAnEpisodeThatComesBackAfterItsGroupWasOver_isGivenAgain() {
    take(20, finding(SUPPORT, State.OPENED, 20, 1, 20, 3));
    take(23, finding(SUPPORT, State.RESOLVED, 23, 2, 20, 1));

    take(30, finding(SUPPORT, State.OPENED, 30, 3, 29, 3));
    List<Told.Notice> back = notices();
    take(31, finding(SUPPORT, State.UPDATED, 31, 4, 29, 3));
    List<Told.Notice> between = notices();
    take(33, finding(SUPPORT, State.RESOLVED, 33, 5, 29, 1));

    assertThat(back).extracting(Told.Notice::isEnd).containsExactly(false);
    assertThat(between).isEmpty();
    assertThat(notices()).extracting(Told.Notice::isEnd).containsExactly(true);
  }

  /** Of what began on another day, the clock alone would say today. */
  @Test
  void since_moreThanADayAgo_saysTheDay() {
    take(20, finding(SUPPORT, State.OPENED, 20, 1, 20, 3));
    take(20 + 287, finding(SUPPORT, State.UPDATED, 20 + 287, 2, 20, 3));
    assertThat(((Told.State) told.get(0)).sentence()).contains(" (since 01:40)");

    take(20 + 288, finding(SUPPORT, State.UPDATED, 20 + 288, 3, 20, 3));
    assertThat(((Told.State) told.get(0)).sentence()).contains(" (since 1970-01-01 01:40)");

    take(20 + 289, finding(SUPPORT, State.LEVEL_SHIFT, 20 + 289, 4, 20, 3));
    assertThat(((Told.State) told.get(0)).sentence()).contains(" (since 1970-01-01 01:40)");
  }
}
