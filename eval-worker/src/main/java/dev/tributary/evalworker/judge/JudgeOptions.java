package dev.tributary.evalworker.judge;

import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The judge's API.
 *
 * @param baseUrl up to and without {@code /chat/completions}
 * @param apiKey sent as bearer token; null: none is sent
 * @param model asked first
 * @param strongModel asked where the first is unsure, and for a random share; null: no cascade
 * @param provider as the judge's own spans name it
 * @param timeout of one call
 * @param attempts of one call, the first included
 * @param retryFirst pause after the first failure; doubles
 * @param jobLimit how long after its deadline a job that was begun may take, with all its calls and
 *     pauses
 * @param callsPerMinute 0: no limit
 * @param mostOutputTokens of one answer
 * @param inputPrice for a million tokens, ledger currency; null: unknown, and so is the job's cost
 * @param outputPrice the same for output
 */
public record JudgeOptions(
    URI baseUrl,
    @Nullable String apiKey,
    String model,
    @Nullable String strongModel,
    String provider,
    Duration timeout,
    int attempts,
    Duration retryFirst,
    Duration jobLimit,
    int callsPerMinute,
    int mostOutputTokens,
    @Nullable BigDecimal inputPrice,
    @Nullable BigDecimal outputPrice) {

  /** Longest that one job takes; whoever works for longer loses its partitions. */
  public static final Duration MOST_OF_A_JOB = Duration.ofMinutes(25);

  /**
   * How long a job may take. Its next attempt is sent some time after its deadline, however early
   * this one was begun: time that is left until then is not taken from it.
   *
   * @param untilDeadline negative: it has passed
   */
  Duration limit(Duration untilDeadline) {
    if (untilDeadline.compareTo(MOST_OF_A_JOB) >= 0) {
      return MOST_OF_A_JOB;
    }
    Duration limit = untilDeadline.isNegative() ? jobLimit : jobLimit.plus(untilDeadline);
    return limit.compareTo(MOST_OF_A_JOB) < 0 ? limit : MOST_OF_A_JOB;
  }

  /** Everything but the key. */
  @Override
  public String toString() {
    return baseUrl + ", model " + model + ", strong model " + strongModel;
  }
}
