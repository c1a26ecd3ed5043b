package dev.tributary.anomaly.core.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.anomaly.core.series.Finding;
import dev.tributary.anomaly.core.series.Finding.State;
import dev.tributary.anomaly.core.series.SeriesKey;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which cells an episode is explained by, and for how long. */
class DeskExplainsTest {
  private static final long MINUTE_US = 60_000_000L;
  private static final long STEP_US = 5 * MINUTE_US;
  private static final long HOUR_US = 60 * MINUTE_US;
  private static final SeriesKey CHAT = key(Map.of("feature", "chat"));
  private static final SeriesKey EU = key(Map.of("feature", "chat", "region", "eu"));

  /** A time that something was asked of. */
  private record Asked(SeriesKey key, long fromUs, long untilUs) {}

  private final List<Asked> cellsAsked = new ArrayList<>();
  private final List<Asked> changesAsked = new ArrayList<>();
  private final List<Told> told = new ArrayList<>();

  /** What cells there are, by their start. */
  private final List<CellFact> cells = new ArrayList<>();

  private final Desk.Evidence evidence =
      new Desk.Evidence() {
        @Override
        public List<CellFact> cells(SeriesKey key, long fromUs, long untilUs) {
          cellsAsked.add(new Asked(key, fromUs, untilUs));
          return cells.stream()
              .filter(cell -> cell.startUs() >= fromUs && cell.startUs() < untilUs)
              .toList();
        }

        @Override
        public List<Change> changes(SeriesKey key, long fromUs, long untilUs) {
          changesAsked.add(new Asked(key, fromUs, untilUs));
          return List.of();
        }
      };

  private static SeriesKey key(Map<String, String> dimensions) {
    return new SeriesKey("default", "production", "set", dimensions, dimensions.toString());
  }

  private static Finding finding(
      long stepUs, SeriesKey key, State state, int step, int suspect, double times) {
    return SpendFindings.of(stepUs, key, key.text(), state, step, step, suspect, times, "20");
  }

  private void take(Desk desk, long stepUs, int step, Finding... findings) {
    told.clear();
    cellsAsked.clear();
    changesAsked.clear();
    desk.take((step + 1) * stepUs, List.of(findings), evidence, Owners.NONE, told::add);
  }

  private static Desk desk(long stepUs) {
    return new Desk(stepUs, HOUR_US, HOUR_US);
  }

  /** The step before the first suspicious one may be half of each, so it is neither. */
  @Test
  void cells_areThoseOfTheHourBefore_andOfTheEpisodeSoFar() {
    Desk desk = desk(STEP_US);
    take(desk, STEP_US, 20, finding(STEP_US, CHAT, State.OPENED, 20, 19, 3));

    assertThat(cellsAsked)
        .containsExactly(
            new Asked(CHAT, 18 * STEP_US - HOUR_US, 18 * STEP_US),
            new Asked(CHAT, 19 * STEP_US, 21 * STEP_US));
    take(desk, STEP_US, 22, finding(STEP_US, CHAT, State.UPDATED, 22, 19, 3));
    assertThat(cellsAsked)
        .containsExactly(
            new Asked(CHAT, 18 * STEP_US - HOUR_US, 18 * STEP_US),
            new Asked(CHAT, 19 * STEP_US, 23 * STEP_US));
  }

  /** A cell has five minutes however short a step is. */
  @Test
  void cells_ofShortSteps_leaveOutTheOneThatTheFirstSuspiciousStepLiesIn() {
    take(desk(MINUTE_US), MINUTE_US, 20, finding(MINUTE_US, CHAT, State.OPENED, 20, 19, 3));

    assertThat(cellsAsked)
        .containsExactly(
            new Asked(CHAT, 14 * MINUTE_US - HOUR_US, 14 * MINUTE_US),
            new Asked(CHAT, 19 * MINUTE_US, 21 * MINUTE_US));
  }

  /** What came up to the step that opened it came with it; what came later did not cause it. */
  @Test
  void changes_areThoseOfTheHourBefore_upToTheStepThatOpenedIt() {
    Desk desk = desk(STEP_US);
    take(desk, STEP_US, 20, finding(STEP_US, CHAT, State.OPENED, 20, 19, 3));
    assertThat(changesAsked).containsOnly(new Asked(CHAT, 19 * STEP_US - HOUR_US, 21 * STEP_US));

    take(desk, STEP_US, 22, finding(STEP_US, CHAT, State.UPDATED, 22, 19, 3));
    assertThat(changesAsked).containsOnly(new Asked(CHAT, 19 * STEP_US - HOUR_US, 21 * STEP_US));
  }

  private int explained(long stepUs, int steps) {
    Desk desk = desk(stepUs);
    int explained = 0;
    for (int step = 20; step < 20 + steps; step++) {
      State state = step == 20 ? State.OPENED : State.UPDATED;
      take(desk, stepUs, step, finding(stepUs, CHAT, state, step, 20, 3));
      explained += cellsAsked.isEmpty() ? 0 : 1;
    }
    return explained;
  }

  @Test
  void explanation_isRenewedForSixSteps_andForHalfAnHour() {
    assertThat(explained(STEP_US, 40)).isEqualTo(6);
    assertThat(explained(MINUTE_US, 40)).isEqualTo(30);
    assertThat(explained(HOUR_US, 40)).isEqualTo(6);
  }

  /** Twice the look-back, or the look-back and an hour or twelve steps. */
  @Test
  void cells_areKeptUntilTheLastExplanationHasHadThem() {
    assertThat(Desk.cellsKeptUs(STEP_US, HOUR_US)).isEqualTo(2 * HOUR_US);
    assertThat(Desk.cellsKeptUs(STEP_US, 3 * HOUR_US)).isEqualTo(6 * HOUR_US);
    assertThat(Desk.cellsKeptUs(STEP_US, 10 * MINUTE_US)).isEqualTo(70 * MINUTE_US);
    assertThat(Desk.cellsKeptUs(MINUTE_US, 10 * MINUTE_US)).isEqualTo(70 * MINUTE_US);
    assertThat(Desk.cellsKeptUs(HOUR_US, HOUR_US)).isEqualTo(13 * HOUR_US);
  }

  @Test
  void explanation_isOfWhoLeads_andNotOfAnEndOrAmendment() {
    Desk desk = desk(STEP_US);
    take(
        desk,
        STEP_US,
        20,
        finding(STEP_US, CHAT, State.OPENED, 20, 20, 3),
        finding(STEP_US, EU, State.OPENED, 20, 20, 3.1));
    SeriesKey leader = SpendFindings.notices(told).get(0).state().finding().key();
    assertThat(cellsAsked).extracting(Asked::key).containsOnly(leader);

    take(desk, STEP_US, 22, finding(STEP_US, leader, State.AMENDED, 21, 20, 3));
    assertThat(cellsAsked).isEmpty();
    take(desk, STEP_US, 23, finding(STEP_US, leader, State.RESOLVED, 23, 20, 3));
    assertThat(cellsAsked).isEmpty();
  }

  private void cell(int step, int calls, String trace) {
    cells.add(
        new CellFact(
            Map.of("feature", "chat"),
            step * STEP_US,
            calls,
            0,
            calls,
            Map.of("out.text", 10L * calls),
            Map.of("out.text", BigDecimal.valueOf(calls)),
            List.of(),
            new ExampleCall(trace, BigDecimal.ONE),
            new ExampleCall(trace, BigDecimal.ONE)));
  }

  /** Cells are not kept for ever; what they said is. */
  @Test
  void causes_standWhereNothingIsKnownAnyMoreOfTheTimeBefore() {
    for (int step = 10; step < 19; step++) {
      cell(step, 10, "before");
    }
    cell(20, 30, "since");
    Desk desk = desk(STEP_US);
    take(desk, STEP_US, 20, finding(STEP_US, CHAT, State.OPENED, 20, 20, 3));
    Told.State opened = (Told.State) told.get(0);
    assertThat(opened.causes()).extracting(NamedCause::driver).containsExactly("volume");
    assertThat(opened.traces()).containsExactly("since", "before", "since");

    cells.removeIf(cell -> cell.startUs() < 20 * STEP_US);
    take(desk, STEP_US, 21, finding(STEP_US, CHAT, State.UPDATED, 21, 20, 3));

    Told.State updated = (Told.State) told.get(0);
    assertThat(updated.causes()).isEqualTo(opened.causes());
    assertThat(updated.traces()).isEqualTo(opened.traces());
  }

  /** A restart between any two steps is no reason to say anything else. */
  @Test
  void causesAndTraces_outliveARestart() {
    for (int step = 10; step < 19; step++) {
      cell(step, 10, "before");
    }
    cell(20, 30, "since");
    Desk desk = desk(STEP_US);
    take(desk, STEP_US, 20, finding(STEP_US, CHAT, State.OPENED, 20, 20, 3));
    Desk restarted = desk(STEP_US);
    restarted.load(desk.toBytes());
    assertThat(restarted.toBytes()).isEqualTo(desk.toBytes());

    for (int step = 21; step < 30; step++) {
      cell(step, 40, "later");
      State state = step == 29 ? State.RESOLVED : State.UPDATED;
      take(desk, STEP_US, step, finding(STEP_US, CHAT, state, step, 20, 3));
      List<Told> without = List.copyOf(told);
      take(restarted, STEP_US, step, finding(STEP_US, CHAT, state, step, 20, 3));
      assertThat(told).isEqualTo(without);
    }
  }
}
