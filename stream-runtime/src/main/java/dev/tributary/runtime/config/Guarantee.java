package dev.tributary.runtime.config;

/** How often an input record may take effect. */
public enum Guarantee {
  /** Once. What the ledger needs. */
  EXACTLY_ONCE_V2("exactly_once_v2"),
  /** Once or, after a failure, more often; exists as the negative control of the kill tests. */
  AT_LEAST_ONCE("at_least_once");

  private final String kafkaName;

  Guarantee(String kafkaName) {
    this.kafkaName = kafkaName;
  }

  /** The value of Kafka's {@code processing.guarantee}. */
  public String kafkaName() {
    return kafkaName;
  }
}
