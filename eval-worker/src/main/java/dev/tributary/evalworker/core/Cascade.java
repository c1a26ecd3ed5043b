package dev.tributary.evalworker.core;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Optional;

/**
 * When a strong judge is asked after a cheap one: where the cheap one is unsure, and for a random
 * share of the rest, which shows the cheap one's bias.
 *
 * @param unsure a value nearer to one half than this is unsure, and votes that differ by more
 * @param share random share, 0 to 1
 */
public record Cascade(double unsure, double share) {

  /**
   * From the policy's parameters {@code cascade_unsure} and {@code cascade_share}; empty where one
   * is no number from 0 to 1.
   */
  public static Optional<Cascade> of(EvalCase subject) {
    try {
      double unsure = subject.number("cascade_unsure", 0.2);
      double share = subject.number("cascade_share", 0.05);
      return isShare(unsure) && isShare(share)
          ? Optional.of(new Cascade(unsure, share))
          : Optional.empty();
    } catch (InvalidParametersException e) {
      return Optional.empty();
    }
  }

  private static boolean isShare(double value) {
    return value >= 0 && value <= 1;
  }

  /** Whether the cheap judge's votes leave the case open. */
  public boolean isUnsure(Verdict cheap, List<Verdict> votes) {
    return !(cheap instanceof Verdict.Scored scored)
        || Math.abs(scored.value() - 0.5) < unsure
        || Votes.spread(votes) > unsure;
  }

  /**
   * Whether the case is in the random share: a function of the job, so the same on every replay.
   */
  public boolean isDrawn(String jobId) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(("cascade|" + jobId).getBytes(StandardCharsets.UTF_8));
      return (ByteBuffer.wrap(digest).getLong() >>> 11) / 0x1p53 < share;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
