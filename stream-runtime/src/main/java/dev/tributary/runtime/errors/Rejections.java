package dev.tributary.runtime.errors;

import dev.tributary.schemas.Rejected;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * Makes {@link Rejected} records: a record that was understood and refused. A refusal is a value,
 * not an exception.
 */
public final class Rejections {
  private final String module;
  private final Clock clock;

  /**
   * A maker of rejections.
   *
   * @param module as in the metrics
   */
  public Rejections(String module, Clock clock) {
    this.module = module;
    this.clock = clock;
  }

  /**
   * Where a refused record came from.
   *
   * @param topic input topic on the cluster
   * @param index position of the span inside a batch, from 0; 0 where there is no batch
   */
  public record Position(String topic, int partition, long offset, int index) {}

  /**
   * A rejection.
   *
   * @param tenant {@code default} where it is not known
   * @param reason the code, also the label of the {@code rejected} counter
   * @param detail names, numbers and limits; never content
   */
  public Rejected of(String tenant, Enum<?> reason, String detail, Position position) {
    return draft(tenant, reason, detail, position).build();
  }

  /** The same, to add ids, times, the would-be cost or the span. */
  public Rejected.Builder draft(String tenant, Enum<?> reason, String detail, Position position) {
    return Rejected.newBuilder()
        .setTenant(tenant)
        .setModule(module)
        .setReason(reason.name())
        .setDetail(detail)
        .setSourceTopic(position.topic())
        .setSourcePartition(position.partition())
        .setSourceOffset(position.offset())
        .setSourceIndex(position.index())
        .setRejectedAtUs(nowMicros());
  }

  private long nowMicros() {
    Instant now = clock.instant();
    return Math.addExact(TimeUnit.SECONDS.toMicros(now.getEpochSecond()), now.getNano() / 1_000);
  }
}
