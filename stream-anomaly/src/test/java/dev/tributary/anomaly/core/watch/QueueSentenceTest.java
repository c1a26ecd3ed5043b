package dev.tributary.anomaly.core.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What people read of a queue. */
class QueueSentenceTest {
  private static final Map<String, String> QUEUE =
      Map.of("environment", "staging", "team", "blue", "evaluator", "tone", "route", "fast");
  private static final QueueRules.Limit LIMIT = new QueueRules.Limit(300, 0);

  private static String lag(long jobs, long lagS) {
    return QueueSentence.opened(QueueMetric.LAG, QUEUE, jobs, lagS, LIMIT, 60_000_000L);
  }

  @Test
  void opened_saysHowLongAndHowMany() {
    assertThat(lag(1, 400))
        .isEqualTo(
            "tone evaluations (fast) of blue (staging) have waited 6 min for an answer (limit 5"
                + " min, since 00:01), 1 job waits; owner: blue");
    assertThat(lag(2, 400)).contains("), 2 jobs wait; owner: blue");
  }

  /** To two minutes in seconds, to two hours in minutes. */
  @Test
  void span_isSaidInTheUnitThatIsReadable() {
    assertThat(lag(2, 119)).contains(" have waited 119 s ");
    assertThat(lag(2, 120)).contains(" have waited 2 min ");
    assertThat(lag(2, 7_199)).contains(" have waited 119 min ");
    assertThat(lag(2, 7_200)).contains(" have waited 2 h ");
  }

  @Test
  void over_saysWhatStillWaits() {
    Map<String, String> production = new TreeMap<>(QUEUE);
    production.put("environment", "production");

    assertThat(QueueSentence.over(production, 0, 0))
        .isEqualTo("tone evaluations (fast) of blue keep up again, none waits; owner: blue");
    assertThat(QueueSentence.over(production, 1, 40))
        .isEqualTo("tone evaluations (fast) of blue keep up again, 1 waits, for 40 s; owner: blue");
    assertThat(QueueSentence.unwatched(QUEUE, 12, 40))
        .isEqualTo(
            "tone evaluations (fast) of blue (staging) are not watched any more, 12 wait, the"
                + " oldest for 40 s; owner: blue");
  }
}
