package dev.tributary.runtime.metrics;

/**
 * Names of the metrics and labels that every module shares, as Micrometer spells them; Prometheus
 * sees {@code tributary_received_total} and so on.
 *
 * <p>{@code received + taken_over = sent_primary + rejected + dead_lettered + dropped + in_state},
 * per module, input topic and partition, and on every instance for itself.
 */
public final class MetricNames {
  /** Input records taken, also those that turned out undecodable. */
  public static final String RECEIVED = "tributary.received";

  /** Input records whose one primary output went out. */
  public static final String SENT_PRIMARY = "tributary.sent.primary";

  /** Output records by topic; one input may cause several, so outside the equation. */
  public static final String SENT = "tributary.sent";

  /** Input records refused with a reason code. */
  public static final String REJECTED = "tributary.rejected";

  /** Input records that could not be decoded or processed, kept in the dead-letter topic. */
  public static final String DEAD_LETTERED = "tributary.dead.lettered";

  /** Outputs too large to be sent, by output topic; outside the equation, which counted them. */
  public static final String OUTPUT_DEAD_LETTERED = "tributary.output.dead.lettered";

  /** Input records without effect by design: duplicates, late ones. */
  public static final String DROPPED = "tributary.dropped";

  /** Faults by stage; outside the equation. */
  public static final String ERRORS = "tributary.errors";

  /** Input records held in state now, not yet accounted for elsewhere. */
  public static final String IN_STATE = "tributary.in.state";

  /**
   * Input records that a task found in its state when it came, less those that tasks left in theirs
   * when they went: who holds a record need not be who received it.
   */
  public static final String TAKEN_OVER = "tributary.taken.over";

  /** Wall clock at output minus the record's timestamp, the last one seen, milliseconds. */
  public static final String RECORD_AGE_MS = "tributary.record.age.ms";

  public static final String MODULE = "module";
  public static final String TOPIC = "topic";
  public static final String PARTITION = "partition";
  public static final String REASON = "reason";
  public static final String STAGE = "stage";

  private MetricNames() {}
}
