package dev.tributary.alertrouter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.alertrouter.core.DaySummary;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Which day is told when, and how often it is asked for. */
final class SummariesTest {
  private final List<String> queries = new ArrayList<>();
  private final Deque<CompletableFuture<String>> open = new ArrayDeque<>();

  private Summaries at(String time) {
    return new Summaries(
        LocalTime.parse(time),
        sql -> {
          queries.add(sql);
          open.add(new CompletableFuture<>());
          return open.getLast();
        },
        new AlertRouterMetrics(new SimpleMeterRegistry()));
  }

  /** A team's spend of a day, and nothing of episodes. */
  private void answer(String day) {
    open.remove()
        .complete(
            """
            {"tenant":"default","team":"support","feature":"a","day":"%s",\
            "amount":"5","n":"1","unpriced":"0"}"""
                .formatted(day));
    open.remove().complete("");
  }

  private void fail() {
    open.forEach(each -> each.completeExceptionally(new IllegalStateException("away")));
    open.clear();
  }

  private static List<LocalDate> days(Summaries summaries, String now) {
    return summaries.ready(Instant.parse(now)).stream().map(DaySummary::day).toList();
  }

  @Test
  void ready_fromTheTimeOn_onceADay() {
    // Given
    Summaries summaries = at("07:00");

    // When
    List<LocalDate> before = days(summaries, "2026-03-04T06:59:59Z");
    int askedBefore = queries.size();
    days(summaries, "2026-03-04T07:00:00Z");
    answer("2026-03-03");
    List<LocalDate> told = days(summaries, "2026-03-04T07:00:01Z");
    List<LocalDate> again = days(summaries, "2026-03-04T23:59:59Z");

    // Then
    assertThat(before).isEmpty();
    assertThat(askedBefore).isZero();
    assertThat(told).containsExactly(LocalDate.parse("2026-03-03"));
    assertThat(again).isEmpty();
    assertThat(queries).hasSize(2);
  }

  @Test
  void ready_noAnswer_askedAgainAfterAMinute() {
    // Given
    Summaries summaries = at("07:00");
    days(summaries, "2026-03-04T07:00:00Z");
    fail();

    // When
    days(summaries, "2026-03-04T07:00:01Z");
    days(summaries, "2026-03-04T07:01:00Z");
    int within = queries.size();
    days(summaries, "2026-03-04T07:01:01Z");
    answer("2026-03-03");

    // Then
    assertThat(within).isEqualTo(2);
    assertThat(days(summaries, "2026-03-04T07:01:02Z"))
        .containsExactly(LocalDate.parse("2026-03-03"));
  }

  @Test
  void startAgain_othersTeamsAreOurs_askedAgain() {
    // Given
    Summaries summaries = at("07:00");
    days(summaries, "2026-03-04T07:00:00Z");
    answer("2026-03-03");
    days(summaries, "2026-03-04T07:00:01Z");

    // When
    summaries.startAgain();
    days(summaries, "2026-03-04T07:00:02Z");
    answer("2026-03-03");

    // Then
    assertThat(days(summaries, "2026-03-04T07:00:03Z"))
        .containsExactly(LocalDate.parse("2026-03-03"));
  }

  /** The day is over and nobody is told of it any more; the next one must be asked for. */
  @Test
  void ready_answerOfTheDayBefore_isNotTakenForTheNext() {
    // Given
    Summaries summaries = at("07:00");
    days(summaries, "2026-03-04T23:59:59Z");

    // When
    days(summaries, "2026-03-05T00:00:01Z");
    answer("2026-03-03");
    List<LocalDate> late = days(summaries, "2026-03-05T07:00:00Z");

    // Then
    assertThat(late).isEmpty();
    answer("2026-03-04");
    assertThat(days(summaries, "2026-03-05T07:00:01Z"))
        .containsExactly(LocalDate.parse("2026-03-04"));
  }
}
