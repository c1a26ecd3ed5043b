package dev.tributary.standalone.correct;

import dev.tributary.schemas.Correction;
import dev.tributary.schemas.Keys;
import dev.tributary.schemas.LedgerLine;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A line as it is and as it is to be.
 *
 * @param before the booked line; null: there is none
 * @param revision of the booked line; 0 where there is none
 * @param after the line asked for; null: to be removed
 */
record LineChange(@Nullable LedgerLine before, long revision, @Nullable LedgerLine after) {

  /** The line that exists, the booked one where there are two. */
  LedgerLine any() {
    return before != null ? before : Objects.requireNonNull(after, "a change of nothing");
  }

  /** Key of the command: the line's owner. */
  String key() {
    return Keys.trace(any().getTenant(), any().getSource());
  }

  /** The command that asks for it. */
  Correction command(String runId, long runNumber, RunOrder order, long nowUs) {
    boolean isComputed = order.kind() == RunOrder.Kind.PRICE || order.kind() == RunOrder.Kind.OWNER;
    LedgerLine line = any();
    return Correction.newBuilder()
        .setTenant(line.getTenant())
        .setRunId(runId)
        .setRunNumber(runNumber)
        .setCommand(order.kind().command())
        .setCause(order.kind().cause())
        .setKind(line.getKind())
        .setSource(line.getSource())
        .setItem(line.getItem())
        .setExpectedRevision(before == null ? null : revision)
        .setCurrentLine(before)
        .setTargetLine(isComputed ? null : after)
        .setReferenceVersion(isComputed ? order.referenceVersion() : null)
        .setIssuedAtUs(nowUs)
        .build();
  }
}
