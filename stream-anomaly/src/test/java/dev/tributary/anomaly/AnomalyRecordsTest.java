package dev.tributary.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.anomaly.core.group.Change;
import dev.tributary.anomaly.core.group.NamedCause;
import dev.tributary.anomaly.core.group.Told;
import dev.tributary.anomaly.core.series.Finding;
import dev.tributary.anomaly.core.series.Finding.State;
import dev.tributary.anomaly.core.series.SeriesKey;
import dev.tributary.schemas.Alert;
import dev.tributary.schemas.Anomaly;
import dev.tributary.schemas.Event;
import dev.tributary.schemas.Signal;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is told, as receivers get it: they know an alert by its id and an episode by its fields. */
class AnomalyRecordsTest {
  private static final String SENTENCE =
      "chat costs 3.0x its Friday 14:00 baseline (+$41/h since 14:05): calls +165 %; owner: blue";

  private static Finding finding(
      State state, long suspectUs, double observed, double baseline, @Nullable String money) {
    BigDecimal amount = money == null ? null : new BigDecimal(money);
    return new Finding(
        new SeriesKey(
            "default", "staging", "feature", Map.of("feature", "chat"), "feature|feature=chat"),
        "spend_per_hour",
        false,
        "e1",
        7,
        state,
        100,
        suspectUs,
        300,
        observed,
        baseline,
        3,
        0.9,
        20,
        amount,
        amount,
        Finding.Ending.VALUES);
  }

  private static Told.Notice notice(State state, long suspectUs, boolean isEnd, boolean isRaise) {
    Finding finding = finding(state, suspectUs, 30, 10, "41.5");
    Told.State told = new Told.State(finding, null, List.of(), List.of("t-1"), SENTENCE);
    return new Told.Notice(
        told, "blue", List.of("slack:blue"), isEnd ? "info" : "critical", isEnd, isRaise);
  }

  private static String id(State state, long suspectUs, boolean isEnd, boolean isRaise) {
    return AnomalyRecords.alert(notice(state, suspectUs, isEnd, isRaise), 600).getAlertId();
  }

  /** Whoever drops what has an id that was seen must not drop news. */
  @Test
  void alertId_isOfTheBeginning_theEnd_theRaise_andOfEachTimeItCameBack() {
    assertThat(id(State.OPENED, 90, false, false)).isEqualTo("e1:opened");
    assertThat(id(State.RESOLVED, 90, true, false)).isEqualTo("e1:ended");
    assertThat(id(State.UPDATED, 90, false, true)).isEqualTo("e1:updated:7");
    assertThat(id(State.OPENED, 101, false, false)).isEqualTo("e1:opened:7");
    assertThat(id(State.RESOLVED, 101, true, false)).isEqualTo("e1:ended:7");
  }

  @Test
  void alert_isTitledWithWhatMoved_withoutCauseAndOwner() {
    Alert alert = AnomalyRecords.alert(notice(State.OPENED, 90, false, false), 600);

    assertThat(alert.getTitle())
        .isEqualTo("chat costs 3.0x its Friday 14:00 baseline (+$41/h since 14:05)");
    assertThat(alert.getEpisode().getSentence()).isEqualTo(SENTENCE);
    assertThat(alert.getTeam()).isEqualTo("blue");
    assertThat(alert.getRoutes()).containsExactly("slack:blue");
    assertThat(alert.getSeverity()).isEqualTo("critical");
    assertThat(alert.getCreatedAtUs()).isEqualTo(600);
    assertThat(alert.getTenant()).isEqualTo("default");
  }

  /** Names are people's: what is in them does not end the title. */
  @Test
  void alert_ofAFeatureWithAColonInItsName_isTitledWithAllThatMoved() {
    String moved = "help: chat costs 3.0x its Friday 14:00 baseline (+$41/h since 14:05)";

    for (String rest : List.of("", ": calls +165 %", ": model m: 2 first seen 14:00")) {
      Told.State told =
          new Told.State(
              finding(State.OPENED, 90, 30, 10, "41.5"),
              null,
              List.of(),
              List.of(),
              moved + rest + "; owner: blue");
      Told.Notice notice = new Told.Notice(told, "blue", List.of(), "warning", false, false);

      assertThat(AnomalyRecords.alert(notice, 600).getTitle()).isEqualTo(moved);
    }
  }

  @Test
  void anomaly_isTheFinding_moneyToTheLastPlace() {
    NamedCause cause =
        new NamedCause("volume", Map.of("b", "2", "a", "1"), new BigDecimal("0.5"), 0.4, "calls");
    NamedCause news = new NamedCause("deploy", Map.of(), null, Double.NaN, "4.2.1");
    Finding finding = finding(State.UPDATED, 90, 30, 10, "41.5");
    Anomaly told =
        AnomalyRecords.anomaly(
            new Told.State(finding, "e0", List.of(cause, news), List.of("t-1"), SENTENCE));

    assertThat(told.getEpisodeId()).isEqualTo("e1");
    assertThat(told.getRevision()).isEqualTo(7);
    assertThat(told.getState()).isEqualTo("UPDATED");
    assertThat(told.getEnvironment()).isEqualTo("staging");
    assertThat(told.getSeries()).isEqualTo("feature|feature=chat|spend_per_hour");
    assertThat(told.getOpenedAtUs()).isEqualTo(100);
    assertThat(told.getWindowStartUs()).isEqualTo(300);
    assertThat(told.getObserved()).isEqualTo(30);
    assertThat(told.getBaseline()).isEqualTo(10);
    assertThat(told.getFactor()).as("the plain ratio").isEqualTo(3);
    assertThat(told.getScore()).isEqualTo(0.9);
    assertThat(told.getMoneySoFar()).isEqualTo(new BigDecimal("41.500000000000000000"));
    assertThat(told.getMoneyPerHour()).isEqualTo(new BigDecimal("41.500000000000000000"));
    assertThat(told.getGroupId()).isEqualTo("e0");
    assertThat(told.getExampleTraceIds()).containsExactly("t-1");
    assertThat(told.getCauses().get(0).getAmount())
        .isEqualTo(new BigDecimal("0.500000000000000000"));
    assertThat(told.getCauses().get(0).getShare()).isEqualTo(0.4);
    assertThat(told.getCauses().get(0).getSlice().keySet()).containsExactly("a", "b");
    assertThat(told.getCauses().get(1).getAmount()).isNull();
    assertThat(told.getCauses().get(1).getShare()).isNull();
  }

  /** What is not known is left out; it is neither nothing nor infinite. */
  @Test
  void anomaly_ofWhatIsUnknown_saysNothing() {
    Anomaly silent = told(finding(State.RESOLVED, 90, Double.NaN, Double.NaN, null));
    assertThat(silent.getObserved()).isNull();
    assertThat(silent.getBaseline()).isNull();
    assertThat(silent.getFactor()).isNull();
    assertThat(silent.getMoneySoFar()).isNull();

    Anomaly fresh = told(finding(State.OPENED, 90, 30, 0, null));
    assertThat(fresh.getBaseline()).isZero();
    assertThat(fresh.getFactor()).isNull();
  }

  private static Anomaly told(Finding finding) {
    return AnomalyRecords.anomaly(new Told.State(finding, null, List.of(), List.of(), SENTENCE));
  }

  @Test
  void signal_isOnWhileTheGroupGoesOn() {
    Signal on = AnomalyRecords.signal(notice(State.OPENED, 90, false, false));
    Signal off = AnomalyRecords.signal(notice(State.RESOLVED, 90, true, false));

    assertThat(on.getScope()).isEqualTo(off.getScope()).isEqualTo("episode:e1");
    assertThat(on.getKind()).isEqualTo("episode");
    assertThat(on.getActive()).isTrue();
    assertThat(off.getActive()).isFalse();
    assertThat(on.getSeverity()).isEqualTo("critical");
    assertThat(off.getSeverity()).isEqualTo("info");
    assertThat(on.getValue()).isEqualByComparingTo("41.5");
    assertThat(on.getSinceUs()).isEqualTo(100);
    assertThat(on.getDetail())
        .containsOnly(
            Map.entry("metric", "spend_per_hour"),
            Map.entry("series", "feature|feature=chat|spend_per_hour"),
            Map.entry("team", "blue"),
            Map.entry("environment", "staging"));
  }

  private static Event event(Change change) {
    return AnomalyRecords.change("default", "production", change);
  }

  @Test
  void event_ofAFirstSight_saysWhatIsNewOfWhat() {
    Event prompt = event(new Change("prompt_version", "chat", "v2", 5));
    assertThat(prompt.getKind()).isEqualTo("first_prompt_version");
    assertThat(prompt.getSubject()).isEqualTo("feature:chat");
    assertThat(prompt.getEventTimeUs()).isEqualTo(5);
    assertThat(prompt.getDimensions())
        .containsOnly(Map.entry("feature", "chat"), Map.entry("prompt_version", "v2"));
    assertThat(prompt.getDetail()).containsOnly(Map.entry("prompt_version", "v2"));

    Event unpriced = event(new Change("unpriced_model", "chat", "m-2", 5));
    assertThat(unpriced.getKind()).isEqualTo("first_unpriced_model");
    assertThat(unpriced.getDimensions())
        .containsOnly(Map.entry("feature", "chat"), Map.entry("model", "m-2"));

    Event card = event(new Change("rate_card", "chat", "card-7", 5));
    assertThat(card.getKind()).isEqualTo("rate_card");
    assertThat(card.getDimensions()).containsOnly(Map.entry("feature", "chat"));
    assertThat(card.getDetail()).containsOnly(Map.entry("rate_card", "card-7"));

    Event deploy = event(new Change("deploy", "chat", "api", "4.2.1", 5));
    assertThat(deploy.getKind()).isEqualTo("deploy");
    assertThat(deploy.getDimensions())
        .containsOnly(Map.entry("feature", "chat"), Map.entry("service", "api"));
    assertThat(deploy.getDetail())
        .containsOnly(Map.entry("deploy", "4.2.1"), Map.entry("service", "api"));

    Event returned = event(new Change("returned_model", "chat", "gpt-5", "gpt-5-b", 5));
    assertThat(returned.getDimensions())
        .containsOnly(
            Map.entry("feature", "chat"),
            Map.entry("model_requested", "gpt-5"),
            Map.entry("returned_model", "gpt-5-b"));
  }

  /** Events are told once by their id: two sights must not share one. */
  @Test
  void eventIds_areOfTenantEnvironmentKindFeatureSubjectAndTime() {
    Change change = new Change("deploy", "chat", "api", "4.2.1", 5);
    Set<String> ids = new TreeSet<>();
    ids.add(event(change).getEventId());
    ids.add(AnomalyRecords.change("other", "production", change).getEventId());
    ids.add(AnomalyRecords.change("default", "staging", change).getEventId());
    ids.add(event(new Change("retrieval_version", "chat", "api", "4.2.1", 5)).getEventId());
    ids.add(event(new Change("deploy", "search", "api", "4.2.1", 5)).getEventId());
    ids.add(event(new Change("deploy", "chat", "web", "4.2.1", 5)).getEventId());
    ids.add(event(new Change("deploy", "chat", "api", "4.2.2", 5)).getEventId());
    ids.add(event(new Change("deploy", "chat", "api", "4.2.1", 6)).getEventId());

    assertThat(ids).hasSize(8);
    assertThat(event(change).getEventId()).isEqualTo(event(change).getEventId());
  }
}
