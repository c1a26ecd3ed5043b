package dev.tributary.normalize.core;

/** Why a log record or data point has no effect, by design. */
public enum DropReason {
  /** A log record that is no event this product reads: application logs share the topic. */
  OTHER_LOG,
  /** A metric that measures neither an accelerator nor an inference server. */
  OTHER_METRIC,
  /** A data point whose flags say that nothing was recorded. */
  NO_RECORDED_VALUE
}
