package dev.tributary.evaldispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.evaldispatch.core.RateTimeline;
import dev.tributary.evaldispatch.core.Sampling;
import dev.tributary.runtime.testing.ChildProcess;
import dev.tributary.runtime.testing.Generator;
import dev.tributary.runtime.testing.Seeds;
import dev.tributary.schemas.EvalJob;
import dev.tributary.schemas.EvalRate;
import dev.tributary.schemas.Score;
import dev.tributary.schemas.ScoreStatus;
import dev.tributary.schemas.Topics;
import dev.tributary.schemas.TraceSummary;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * Dispatch on a real broker, killed (SIGKILL) at five seeded points while traces close, ten times
 * as many for a while: the ceiling holds, nothing is judged twice, and traces and rates alone say
 * again what was let through. {@code -Dtributary.test.kills=N} kills more often.
 */
final class DispatchIT {
  private static final int KILLS = Integer.getInteger("tributary.test.kills", 5);

  /** What the first lets through the second lets through again. */
  private static final int CONTROL_KILLS = 2;

  private static final BigDecimal CEILING = new BigDecimal("0.60");
  private static final String JUDGE = "faithfulness|2";
  private static final String FAST = "refusal|1";

  /** The floor asks for far more than the money allows: only the ceiling can hold it. */
  private static final String POLICY =
      """
      {type: eval, id: answers,
       evaluators: [
         {name: refusal},
         {name: faithfulness, version: "2", route: judge, cost: 0.01}],
       base_rate: 0.5, floor: 0.4, fast_rate: 0.3,
       strata: [{name: errors, rate: 0.9, when: {errors: true}}],
       ceiling: {per_hour: %s}}
      """
          .formatted(CEILING);

  @Test
  void dispatch_killedInABurst_keepsCeilingAndDecidesOnce() throws Exception {
    long seed = Seeds.one();
    try (DispatchRun run = new DispatchRun(POLICY);
        AnsweringJudge judge = new AnsweringJudge(run, seed)) {
      feedAndKill(run, seed);
      try (ChildProcess last = run.start()) {
        run.awaitDrained();
        awaitAnswered(run, judge);
      }

      List<EvalJob> jobs = run.jobs();
      assertThat(jobs).as("seed %d", seed).extracting(EvalJob::getJobId).doesNotHaveDuplicates();
      assertThat(judge.judged().values()).as("seed %d", seed).allMatch(times -> times == 1);
      assertThat(judge.bill()).as("seed %d", seed).containsOnlyKeys("blue", "green");
      BigDecimal most = CEILING.multiply(new BigDecimal("1.01"));
      assertThat(judge.bill().values())
          .as("bills of teams, seed %d", seed)
          .allMatch(spent -> spent.compareTo(most) <= 0)
          // Answers cost less than was reserved for them; the rest came free when the feed was
          // over.
          .allMatch(spent -> spent.compareTo(CEILING.multiply(new BigDecimal("0.5"))) > 0);
      assertScoredOnce(run, jobs, seed);
      assertReplayed(run, jobs, seed);
    }
  }

  /** The negative control: one that forgot everything judges again, and spends again. */
  @Test
  void dispatch_withoutItsState_judgesTwiceAndOverspends() throws Exception {
    long seed = Seeds.one();
    try (DispatchRun run = new DispatchRun(POLICY);
        AnsweringJudge judge = new AnsweringJudge(run, seed)) {
      try (ChildProcess first = run.start();
          TraceFeed feed = new TraceFeed(run, seed)) {
        learn(run, feed);
        feed.burst(true);
        feed.start();
        run.awaitOutput(500);
      }
      try (ChildProcess second = run.startForgetful()) {
        try (TraceFeed feed = new TraceFeed(run, seed + 1)) {
          feed.burst(true);
          feed.start();
          run.awaitOutput(1_000);
        }
        run.awaitForgetfulDrained();
      }

      List<String> ids = run.jobs().stream().map(EvalJob::getJobId).toList();
      assertThat(new HashSet<>(ids)).as("seed %d", seed).hasSizeLessThan(ids.size());
      assertThat(judge.bill().values())
          .as("bills of teams, seed %d", seed)
          .anyMatch(spent -> spent.compareTo(CEILING.multiply(new BigDecimal("1.01"))) > 0);
    }
  }

  /**
   * The negative control of judging once: without transactions, and with what was let through
   * remembered no sooner than a commit, a kill has the same traces judged again.
   */
  @Test
  void dispatch_killedWithoutTransactions_judgesTwice() throws Exception {
    long seed = Seeds.one();
    Map<String, String> unguarded =
        Map.of(
            "tributary.streams.processing-guarantee", "at_least_once",
            "tributary.streams.commit-interval", "10m");
    try (DispatchRun run = new DispatchRun(POLICY);
        AnsweringJudge judge = new AnsweringJudge(run, seed)) {
      try (TraceFeed feed = new TraceFeed(run, seed)) {
        try (ChildProcess first = run.start()) {
          learn(run, feed);
          first.terminate(); // what it learned is kept
          first.awaitExit(DispatchRun.TIMEOUT);
        }
        feed.start();
        for (int kill = 0; kill < CONTROL_KILLS; kill++) {
          try (ChildProcess child = run.start(unguarded)) {
            run.awaitJudgeJobs(5);
            child.kill();
          }
        }
      }
      Awaitility.await("a job judged more than once")
          .atMost(DispatchRun.TIMEOUT)
          .until(() -> judge.judged().values().stream().anyMatch(times -> times > 1));

      assertThat(run.values(Topics.EVAL_JOBS_JUDGE).stream().map(EvalJob::getJobId).toList())
          .as("jobs of judges, seed %d", seed)
          .isNotEqualTo(
              run.values(Topics.EVAL_JOBS_JUDGE).stream()
                  .map(EvalJob::getJobId)
                  .distinct()
                  .toList());
    }
  }

  private static void feedAndKill(DispatchRun run, long seed) throws Exception {
    Generator generator = new Generator(seed);
    try (TraceFeed feed = new TraceFeed(run, seed)) {
      for (int kill = 0; kill < KILLS; kill++) {
        try (ChildProcess child = run.start()) {
          if (kill == 0) {
            learn(run, feed);
            feed.start();
          }
          feed.burst(kill == 1);
          // A moment seeded by progress, so that a slow machine is killed at work as well.
          run.awaitOutput(kill == 1 ? generator.between(300, 600) : generator.between(10, 60));
          child.kill();
        }
      }
      feed.burst(false);
    }
  }

  /** A stratum has a rate after the plan that follows its first trace. */
  private static void learn(DispatchRun run, TraceFeed feed) {
    feed.warmUp();
    Awaitility.await("rates of two strata and two teams")
        .atMost(DispatchRun.TIMEOUT)
        .pollInterval(Duration.ofMillis(200))
        .until(() -> run.rates().stream().map(EvalRate::getStratum).distinct().count() == 4);
  }

  private static void awaitAnswered(DispatchRun run, AnsweringJudge judge) {
    Awaitility.await("every job judged and its score written")
        .atMost(DispatchRun.TIMEOUT)
        .pollInterval(Duration.ofMillis(300))
        .until(
            () -> {
              run.awaitDrained();
              List<EvalJob> jobs = run.values(Topics.EVAL_JOBS_JUDGE);
              return judge.judged().size() == jobs.size() && scored(run).size() == jobs.size();
            });
  }

  private static List<String> scored(DispatchRun run) {
    return run.values(Topics.SCORES).stream()
        .filter(score -> score.getStatus() == ScoreStatus.SCORED)
        .map(Score::getScoreId)
        .toList();
  }

  /** Every judged job has one score; every candidate that found no money is said to be a gap. */
  private static void assertScoredOnce(DispatchRun run, List<EvalJob> jobs, long seed) {
    assertThat(scored(run))
        .as("seed %d", seed)
        .doesNotHaveDuplicates()
        .containsExactlyInAnyOrderElementsOf(
            jobs.stream()
                .filter(job -> job.getRoute().equals("judge"))
                .map(EvalJob::getJobId)
                .toList());
    List<Score> gaps =
        run.values(Topics.SCORES).stream()
            .filter(score -> score.getStatus() == ScoreStatus.NOT_SAMPLED)
            .toList();
    assertThat(gaps)
        .as("gaps, seed %d", seed)
        .anyMatch(gap -> gap.getStatusReason().equals("CEILING"))
        .extracting(Score::getScoreId)
        .doesNotHaveDuplicates()
        .doesNotContainAnyElementsOf(jobs.stream().map(EvalJob::getJobId).toList());
  }

  /** What `llm.traces` and `llm.eval.rates` say, without money, wall clock or any code of ours. */
  private static void assertReplayed(DispatchRun run, List<EvalJob> jobs, long seed) {
    List<TraceSummary> traces = run.traces();
    List<EvalRate> rates = run.rates();
    TreeSet<String> dispatched =
        jobs.stream().map(EvalJob::getJobId).collect(Collectors.toCollection(TreeSet::new));
    Set<String> again = replayed(traces, rates);
    assertThat(again.stream().filter(job -> !dispatched.contains(job)))
        .as("only the replay dispatches, seed %d", seed)
        .isEmpty();
    assertThat(dispatched.stream().filter(job -> !again.contains(job)))
        .as("the replay does not dispatch, seed %d", seed)
        .isEmpty();
    // The negative control: rates without their gaps let more through.
    List<EvalRate> withoutGaps = rates.stream().filter(rate -> !rate.getNotSampled()).toList();
    assertThat(replayed(traces, withoutGaps)).hasSizeGreaterThan(dispatched.size());
  }

  private static Set<String> replayed(List<TraceSummary> traces, List<EvalRate> rates) {
    Map<String, RateTimeline> timelines = new HashMap<>();
    Set<String> refused = new HashSet<>();
    for (EvalRate rate : rates) {
      if (rate.getJobId() == null) {
        timelines
            .computeIfAbsent(rate.getStratum(), any -> new RateTimeline())
            .put(rate.getFromUs(), rate.getRate(), rate.getNotSampled());
      } else {
        refused.add(rate.getJobId());
      }
    }
    Set<String> seen = new HashSet<>();
    Set<String> chosen = new TreeSet<>();
    for (TraceSummary trace : traces) {
      String id = trace.getTraceId();
      if (!seen.add(id)) {
        continue; // decided at its first close
      }
      if (Sampling.draw(id, FAST) < 0.3) {
        chosen.add(id + "|" + FAST);
      }
      String team = trace.getAttribution().getTeam().getValue();
      RateTimeline timeline = timelines.get((trace.getErrors() > 0 ? "errors@" : "rest@") + team);
      RateTimeline.Rate rate = timeline == null ? null : timeline.at(trace.getClosedAtUs());
      String job = id + "|" + JUDGE;
      if (rate != null
          && !rate.isGap()
          && Sampling.draw(id, JUDGE) < rate.probability()
          && !refused.contains(job)) {
        chosen.add(job);
      }
    }
    return chosen;
  }
}
