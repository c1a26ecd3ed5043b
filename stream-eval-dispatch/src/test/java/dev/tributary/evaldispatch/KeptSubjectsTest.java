package dev.tributary.evaldispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.schemas.Score;
import dev.tributary.schemas.Topics;
import dev.tributary.schemas.TraceSummary;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How long a score that comes late finds the dimensions of its trace or session. */
class KeptSubjectsTest {
  private static final Duration ALMOST = Duration.ofDays(6);

  private final DispatchFixture fixture = new DispatchFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  private void closeTraceOfSession(int number) {
    TraceSummary trace = Traces.closed(Traces.id(number), fixture.nowUs());
    trace.setSessionId("s-1");
    fixture.close(trace);
  }

  /** The first trace's time is up, the last one's is not. */
  @Test
  void session_thatGoesOn_isKeptFromItsLastTraceOn() {
    closeTraceOfSession(1);
    fixture.advance(ALMOST);
    closeTraceOfSession(2);
    fixture.advance(Duration.ofDays(2));

    fixture.answer(Traces.ofSession("s-1", 1, fixture.nowUs()));

    List<Score> scores = fixture.values(Topics.SCORES);
    assertThat(scores).hasSize(1);
    assertThat(scores.get(0).getAttribution().getTeam().getValue()).isEqualTo("blue");
  }

  @Test
  void trace_thatIsRevised_isKeptFromItsLastRevisionOn() {
    fixture.close(Traces.closed(Traces.id(1), fixture.nowUs()));
    fixture.advance(ALMOST);
    TraceSummary later = Traces.closed(Traces.id(1), fixture.nowUs());
    later.setRevision(2);
    fixture.close(later);
    fixture.advance(Duration.ofDays(2));

    fixture.answer(Traces.thumb(Traces.id(1), 1, fixture.nowUs()));

    List<Score> scores = fixture.values(Topics.SCORES);
    assertThat(scores).hasSize(1);
    assertThat(scores.get(0).getAttribution().getTeam().getValue()).isEqualTo("blue");
  }

  @Test
  void traces_thatCameTogether_areForgottenWithinTwoTicks() {
    for (int i = 0; i < 5_000; i++) {
      fixture.close(Traces.closed(Traces.id(i), fixture.nowUs()));
    }

    fixture.advance(Duration.ofDays(8));
    fixture.advance(Duration.ofSeconds(1));

    assertThat(fixture.entries(DispatchTopologyNames.SUBJECTS)).isZero();
    assertThat(fixture.entries(DispatchTopologyNames.DEADLINES)).isZero();
  }

  /** The negative control: what nothing came of for that long is forgotten. */
  @Test
  void session_thatEnded_isForgotten() {
    closeTraceOfSession(1);
    fixture.advance(ALMOST);
    closeTraceOfSession(2);
    fixture.advance(Duration.ofDays(8));

    fixture.answer(Traces.ofSession("s-1", 1, fixture.nowUs()));

    assertThat(fixture.values(Topics.SCORES)).isEmpty();
    fixture.advance(Duration.ofMinutes(11));
    assertThat(fixture.values(Topics.SCORES).get(0).getAttribution()).isNull();
  }

  /** A late span revises an older trace: the session's last trace is still its last. */
  @Test
  void session_whoseOlderTraceIsRevised_keepsTheDimensionsOfItsLast() {
    TraceSummary older = Traces.closed(Traces.id(1), fixture.nowUs());
    older.setSessionId("s-1");
    fixture.close(older);
    fixture.advance(Duration.ofMinutes(1));
    TraceSummary last = Traces.closed(Traces.id(2), fixture.nowUs());
    last.setSessionId("s-1");
    last.setModels(List.of("model-of-the-last"));
    fixture.close(last);
    TraceSummary revised = TraceSummary.newBuilder(older).setRevision(2).build();
    fixture.close(revised);

    fixture.answer(Traces.ofSession("s-1", 1, fixture.nowUs()));

    assertThat(fixture.values(Topics.SCORES))
        .extracting(Score::getModel)
        .containsExactly("model-of-the-last");
  }
}
