package dev.tributary.evalworker.judge;

import dev.tributary.evalworker.core.Verdict;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What judging one job came to.
 *
 * @param verdict the job's
 * @param model that gave it; null: none was asked
 * @param cheap the cheap judge's verdict where the strong one was asked for the random share; null:
 *     it was not
 * @param cheapShare probability with which a job is drawn for that
 * @param cost of all calls, ledger currency; null: a price or a usage is not known
 * @param calls in their order, failed ones too
 */
public record Judgement(
    Verdict verdict,
    @Nullable String model,
    Verdict.@Nullable Scored cheap,
    double cheapShare,
    @Nullable BigDecimal cost,
    List<JudgeCall> calls) {

  /** Copies the calls. */
  public Judgement {
    calls = List.copyOf(calls);
  }

  /** A job that cost nothing, because no judge was asked. */
  public static Judgement without(Verdict verdict) {
    return new Judgement(verdict, null, null, 0, BigDecimal.ZERO, List.of());
  }

  /** A job of which nobody here knows whether a judge was asked, or that has no judge. */
  public static Judgement ofUnknownCost(Verdict verdict) {
    return new Judgement(verdict, null, null, 0, null, List.of());
  }
}
