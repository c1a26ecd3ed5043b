package dev.tributary.schemas;

import java.util.Objects;

/**
 * Turns topics of the catalogue into names on a cluster.
 *
 * @param prefix put before every name, such as {@code staging.}; empty for none
 */
public record TopicNames(String prefix) {

  /** Names without a prefix. */
  public static final TopicNames PLAIN = new TopicNames("");

  /** Checks the prefix against Kafka's rule for topic names. */
  public TopicNames {
    Objects.requireNonNull(prefix, "prefix");
    if (!prefix.matches("[A-Za-z0-9._-]{0,100}")) {
      throw new IllegalArgumentException(
          "topic prefix must be letters, digits, '.', '_' or '-', at most 100: " + prefix);
    }
  }

  /** The topic's name on the cluster. */
  public String of(Topic<?, ?> topic) {
    return prefix + topic.name();
  }
}
