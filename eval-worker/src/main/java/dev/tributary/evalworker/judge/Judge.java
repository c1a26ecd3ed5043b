package dev.tributary.evalworker.judge;

import dev.tributary.evalworker.core.Cascade;
import dev.tributary.evalworker.core.EvalCase;
import dev.tributary.evalworker.core.JudgePrompt;
import dev.tributary.evalworker.core.Verdict;
import dev.tributary.evalworker.core.Votes;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Judges cases: votes, retries, cascade, and what it cost. Safe for use by several threads. */
public final class Judge {
  private static final int MOST_VOTES = 9;
  private static final BigDecimal MILLION = new BigDecimal(1_000_000);

  private final JudgeOptions options;
  private final JudgeClient client;
  private final CallPacer pacer;

  /** A judge. */
  public Judge(JudgeOptions options, Clock clock) {
    this.options = options;
    this.client = new JudgeClient(options, clock);
    this.pacer = new CallPacer(options.callsPerMinute());
  }

  /**
   * Judges a case. Nothing is asked where the case cannot be judged.
   *
   * @param untilDeadline from now to the job's deadline; zero: it has none
   */
  public Judgement judge(String jobId, JudgePrompt prompt, EvalCase subject, Duration untilDeadline)
      throws InterruptedException {
    Verdict obstacle = prompt.obstacle(subject);
    if (obstacle != null) {
      return Judgement.without(obstacle);
    }
    int votes = votes(subject.parameter("votes"));
    Optional<Cascade> cascade = Cascade.of(subject);
    if (votes == 0 || cascade.isEmpty()) {
      return Judgement.without(Verdict.failed(Verdict.Reason.INVALID_PARAMETERS));
    }
    // No call begins that could end after the job's limit: by then another attempt may be out.
    Duration left = options.limit(untilDeadline).minus(JudgeClient.longest(options.timeout()));
    long latestNanos = System.nanoTime() + left.toNanos();
    return judge(jobId, prompt, subject, votes, cascade.get(), latestNanos);
  }

  private Judgement judge(
      String jobId,
      JudgePrompt prompt,
      EvalCase subject,
      int votes,
      Cascade cascade,
      long latestNanos)
      throws InterruptedException {
    List<JudgeCall> calls = new ArrayList<>();
    List<Verdict> cheapVotes = ask(options.model(), prompt, subject, votes, latestNanos, calls);
    Verdict cheap = Votes.count(cheapVotes);
    String strong = options.strongModel();
    boolean isDrawn = cascade.isDrawn(jobId);
    if (strong == null || !(isDrawn || cascade.isUnsure(cheap, cheapVotes))) {
      return new Judgement(cheap, options.model(), null, cascade.share(), cost(calls), calls);
    }
    Verdict second = Votes.count(ask(strong, prompt, subject, 1, latestNanos, calls));
    boolean isAnswered = second instanceof Verdict.Scored;
    return new Judgement(
        isAnswered ? second : cheap,
        isAnswered ? strong : options.model(),
        isDrawn && isAnswered && cheap instanceof Verdict.Scored scored ? scored : null,
        cascade.share(),
        cost(calls),
        calls);
  }

  /** 0: no number of votes. */
  private static int votes(@Nullable String text) {
    if (text == null) {
      return 1;
    }
    return text.matches("[1-9]") && Integer.parseInt(text) <= MOST_VOTES
        ? Integer.parseInt(text)
        : 0;
  }

  private List<Verdict> ask(
      String model,
      JudgePrompt prompt,
      EvalCase subject,
      int votes,
      long latestNanos,
      List<JudgeCall> calls)
      throws InterruptedException {
    List<Verdict> verdicts = new ArrayList<>();
    String user = prompt.user(subject);
    int failed = 0;
    // Without a majority of scores there is no score, so the votes that are left would say nothing.
    for (int seed = 1; seed <= votes && 2 * failed < votes; seed++) {
      Verdict verdict = ask(model, prompt, user, seed, latestNanos, calls);
      verdicts.add(verdict);
      failed += verdict instanceof Verdict.NoScore ? 1 : 0;
    }
    return verdicts;
  }

  private Verdict ask(
      String model,
      JudgePrompt prompt,
      String user,
      int seed,
      long latestNanos,
      List<JudgeCall> calls)
      throws InterruptedException {
    long pauseMs = options.retryFirst().toMillis();
    Verdict last = Verdict.failed(Verdict.Reason.JUDGE_TIMEOUT);
    for (int attempt = 1; pacer.await(latestNanos); attempt++) {
      JudgeCall call = client.call(model, prompt, user, seed);
      calls.add(call);
      last = call.verdict();
      long waitMs = Math.max(pauseMs, call.retryAfterMs());
      boolean isTimeLeft = latestNanos - System.nanoTime() > TimeUnit.MILLISECONDS.toNanos(waitMs);
      if (!call.isRetryable() || attempt >= options.attempts() || !isTimeLeft) {
        break;
      }
      TimeUnit.MILLISECONDS.sleep(waitMs);
      pauseMs *= 2;
    }
    return last;
  }

  /** Null: a price, or what a call used, is not known. */
  private @Nullable BigDecimal cost(List<JudgeCall> calls) {
    BigDecimal input = options.inputPrice();
    BigDecimal output = options.outputPrice();
    if (input == null || output == null) {
      return null;
    }
    BigDecimal sum = BigDecimal.ZERO;
    for (JudgeCall call : calls) {
      JudgeCall.Answer answer = call.answer();
      if (answer == null && !call.mayBeBilled()) {
        continue; // refused, or never sent
      }
      if (answer == null || answer.inputTokens() == null || answer.outputTokens() == null) {
        return null;
      }
      sum =
          sum.add(input.multiply(BigDecimal.valueOf(answer.inputTokens())))
              .add(output.multiply(BigDecimal.valueOf(answer.outputTokens())));
    }
    // A price per million tokens divides without a remainder; the scale is the ledger's.
    return sum.divide(MILLION, 18, RoundingMode.HALF_EVEN);
  }
}
