package dev.tributary.attribution.core;

import static dev.tributary.attribution.core.TestSpans.llm;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.schemas.Span;
import dev.tributary.schemas.UsageQuality;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which of two contents of one span is booked: the order of the reasons decides about money. */
class SpanWinnerTest {

  private static Span span(boolean hasEnd, UsageQuality quality, long laterUs) {
    Span span = llm(1, 0).setHasEnd(hasEnd).setUsageQuality(quality).build();
    span.setEndTimeUs(span.getEndTimeUs() + laterUs);
    return span;
  }

  @ParameterizedTest
  @CsvSource({"REPORTED, DERIVED", "DERIVED, ESTIMATED", "ESTIMATED, MISSING"})
  void betterUsage_wins_howeverMuchLaterTheOtherEnded(UsageQuality better, UsageQuality worse) {
    assertWins(span(true, better, 0), 1, span(true, worse, 1_000), 2);
  }

  @Test
  void end_winsOverBetterUsage() {
    assertWins(
        span(true, UsageQuality.MISSING, 0), 1, span(false, UsageQuality.REPORTED, 1_000), 2);
  }

  @Test
  void laterEnd_thenGreaterHash_wins() {
    Span early = span(true, UsageQuality.REPORTED, 0);
    assertWins(span(true, UsageQuality.REPORTED, 1), 1, early, 2);
    assertWins(early, -1, early, 2);
  }

  private static void assertWins(Span winner, long hash, Span loser, long losersHash) {
    assertThat(SpanWinner.wins(winner, hash, loser, losersHash)).isTrue();
    assertThat(SpanWinner.wins(loser, losersHash, winner, hash)).isFalse();
  }
}
