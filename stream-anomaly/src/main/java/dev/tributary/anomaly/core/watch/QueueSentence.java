package dev.tributary.anomaly.core.watch;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;

/** A queue that is too long or too slow, in one plain sentence. */
public final class QueueSentence {
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final int MINUTE_S = 60;
  private static final int HOUR_S = 3_600;

  private QueueSentence() {}

  /**
   * The sentence of an alarm.
   *
   * @param queue its environment, team, evaluator and route
   * @param sinceUs since when it is too much
   */
  public static String opened(
      QueueMetric metric,
      Map<String, String> queue,
      long jobs,
      long lagS,
      QueueRules.Limit limit,
      long sinceUs) {
    String since = ", since " + CLOCK.format(Instant.EPOCH.plus(sinceUs, ChronoUnit.MICROS)) + ")";
    return switch (metric) {
      case LAG ->
          subject(queue)
              + " have waited "
              + span(lagS)
              + " for an answer (limit "
              + span((long) limit.most())
              + since
              + ", "
              + jobs
              + (jobs == 1 ? " job waits" : " jobs wait")
              + owner(queue);
      case JOBS ->
          subject(queue)
              + " pile up, "
              + jobs
              + " wait for an answer (limit "
              + (long) limit.most()
              + since
              + ", the oldest for "
              + span(lagS)
              + owner(queue);
    };
  }

  /** The sentence of its end. */
  public static String over(Map<String, String> queue, long jobs, long lagS) {
    return subject(queue) + " keep up again, " + now(jobs, lagS) + owner(queue);
  }

  /** The sentence of an end that a policy made. */
  public static String unwatched(Map<String, String> queue, long jobs, long lagS) {
    return subject(queue) + " are not watched any more, " + now(jobs, lagS) + owner(queue);
  }

  private static String now(long jobs, long lagS) {
    String waiting = jobs == 1 ? "1 waits, for " : jobs + " wait, the oldest for ";
    return jobs == 0 ? "none waits" : waiting + span(lagS);
  }

  private static String subject(Map<String, String> queue) {
    String environment = queue.getOrDefault("environment", "");
    return queue.get("evaluator")
        + " evaluations ("
        + queue.get("route")
        + ") of "
        + queue.get("team")
        + (environment.equals("production") ? "" : " (" + environment + ")");
  }

  private static String owner(Map<String, String> queue) {
    return "; owner: " + queue.get("team");
  }

  private static String span(long seconds) {
    if (seconds < 2 * MINUTE_S) {
      return seconds + " s";
    }
    return seconds < 2 * HOUR_S ? seconds / MINUTE_S + " min" : seconds / HOUR_S + " h";
  }
}
