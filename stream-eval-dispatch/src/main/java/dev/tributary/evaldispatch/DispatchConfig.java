package dev.tributary.evaldispatch;

import dev.tributary.evaldispatch.core.ControllerOptions;
import dev.tributary.runtime.config.CommonSettings;
import dev.tributary.runtime.config.Setting;
import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.config.StoreType;
import dev.tributary.schemas.Topics;
import java.time.Duration;
import java.util.List;

/**
 * How traces are dispatched and results taken.
 *
 * @param rateInterval how often, in wall time, the controller plans rates
 * @param rateLead how long before it is in force a rate is written
 * @param rateRetention how long rates stay on their topic after they ended
 * @param mostQueued judge jobs in flight per policy and team above which rates are lowered
 * @param tick how often, in wall time, demand is told and deadlines are looked at
 * @param fastTimeout, judgeTimeout, humanTimeout in which a job of the route must be taken
 * @param retryGrace how much longer dispatch waits for an answer before it asks again
 * @param mostAttempts attempts of one job
 * @param subjectRetention how long after its close a trace's dimensions are kept for scores
 * @param resolveWait how long a result waits for its trace
 * @param scoreRetention how long repeated results are noticed
 * @param store where state lives
 * @param partitions of the co-partitioned topics
 */
public record DispatchConfig(
    Duration rateInterval,
    Duration rateLead,
    Duration rateRetention,
    int mostQueued,
    Duration tick,
    Duration fastTimeout,
    Duration judgeTimeout,
    Duration humanTimeout,
    Duration retryGrace,
    int mostAttempts,
    Duration subjectRetention,
    Duration resolveWait,
    Duration scoreRetention,
    StoreType store,
    int partitions) {

  private static final String KEY = "tributary.eval-dispatch.";

  static final Setting<Duration> RATE_INTERVAL =
      Setting.duration(
              KEY + "rate-interval", "1min", "Wall time between two plans of the controller")
          .atLeast(Duration.ofMillis(100));

  static final Setting<Duration> RATE_LEAD =
      Setting.duration(KEY + "rate-lead", "5s", "How long before it is in force a rate is written")
          .atLeast(Duration.ZERO);

  static final Setting<Duration> RATE_RETENTION =
      Setting.duration(
              KEY + "rate-retention",
              "35d",
              "How long a rate that ended stays on `llm.eval.rates`; a replay of older traces finds"
                  + " none")
          .atLeast(Duration.ofDays(2));

  static final Setting<Integer> MOST_QUEUED =
      Setting.integer(
              KEY + "most-queued",
              2_000,
              "Jobs in flight per policy and team above which rates are lowered")
          .atLeast(1);

  static final Setting<Duration> TICK =
      Setting.duration(
              KEY + "tick",
              "1s",
              "Wall time between two looks at deadlines; demand is told so often")
          .atLeast(Duration.ofMillis(10));

  static final Setting<Duration> FAST_TIMEOUT =
      Setting.duration(KEY + "fast-timeout", "10min", "In which a deterministic job must be begun")
          .atLeast(Duration.ofSeconds(1));

  static final Setting<Duration> JUDGE_TIMEOUT =
      Setting.duration(KEY + "judge-timeout", "30min", "In which a judge's job must be begun")
          .atLeast(Duration.ofSeconds(1));

  static final Setting<Duration> HUMAN_TIMEOUT =
      Setting.duration(
              KEY + "human-timeout",
              "7d",
              "In which a person must answer; below the retention of content")
          .atLeast(Duration.ofMinutes(1));

  static final Setting<Duration> RETRY_GRACE =
      Setting.duration(
              KEY + "retry-grace",
              "10min",
              "How long after its deadline an answer is waited for before the job goes out again;"
                  + " above `tributary.eval-worker.judge-job-limit`, the longest that a worker then goes"
                  + " on with one")
          .atLeast(Duration.ofSeconds(1));

  static final Setting<Integer> MOST_ATTEMPTS =
      Setting.integer(KEY + "most-attempts", 3, "Attempts of one job, the first included")
          .atLeast(1)
          .atMost(10);

  static final Setting<Duration> SUBJECT_RETENTION =
      Setting.duration(
              KEY + "subject-retention",
              "7d",
              "How long after its close a trace's dimensions are kept for scores that come later")
          .atLeast(Duration.ofMinutes(1));

  static final Setting<Duration> RESOLVE_WAIT =
      Setting.duration(
              KEY + "resolve-wait",
              "10min",
              "How long a result waits for its trace to close; then it goes out without dimensions")
          .atLeast(Duration.ZERO);

  static final Setting<Duration> SCORE_RETENTION =
      Setting.duration(
              KEY + "score-retention", "14d", "How long a repeated result is noticed and dropped")
          .atLeast(Duration.ofMinutes(1));

  /** The module's own settings. */
  public static final List<Setting<?>> SETTINGS =
      List.of(
          RATE_INTERVAL,
          RATE_LEAD,
          RATE_RETENTION,
          MOST_QUEUED,
          TICK,
          FAST_TIMEOUT,
          JUDGE_TIMEOUT,
          HUMAN_TIMEOUT,
          RETRY_GRACE,
          MOST_ATTEMPTS,
          SUBJECT_RETENTION,
          RESOLVE_WAIT,
          SCORE_RETENTION);

  /**
   * The configuration of these settings.
   *
   * @throws dev.tributary.runtime.config.ConfigException naming key, value and what is allowed
   */
  public static DispatchConfig from(Settings settings) {
    int configured = settings.get(CommonSettings.PARTITIONS);
    return new DispatchConfig(
        settings.get(RATE_INTERVAL),
        settings.get(RATE_LEAD),
        settings.get(RATE_RETENTION),
        settings.get(MOST_QUEUED),
        settings.get(TICK),
        settings.get(FAST_TIMEOUT),
        settings.get(JUDGE_TIMEOUT),
        settings.get(HUMAN_TIMEOUT),
        settings.get(RETRY_GRACE),
        settings.get(MOST_ATTEMPTS),
        settings.get(SUBJECT_RETENTION),
        settings.get(RESOLVE_WAIT),
        settings.get(SCORE_RETENTION),
        settings.get(CommonSettings.STORE),
        configured == 0 ? Topics.TRACES.partitions() : configured);
  }

  ControllerOptions controller() {
    return new ControllerOptions(micros(rateLead), mostQueued, micros(rateRetention));
  }

  long timeoutUs(String route) {
    return micros(
        switch (route) {
          case "fast" -> fastTimeout;
          case "human" -> humanTimeout;
          default -> judgeTimeout;
        });
  }

  static long micros(Duration duration) {
    return duration.toNanos() / 1_000;
  }
}
