package dev.tributary.schemas;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A topic of the catalogue: what it is called, what it carries, and how it is kept.
 *
 * @param name full name without the configured prefix, with its major version, such as {@code
 *     llm.ledger.v1}
 * @param key type of the key: {@code String} (UTF-8) or {@code byte[]}
 * @param keyMeaning what the key is made of, such as {@code tenant|trace}
 * @param value type of the value: a generated record, or {@code byte[]} where the bytes are a
 *     producer's own
 * @param partitions partitions in production; {@code 1} means exactly one, anything else may be
 *     scaled for all topics together
 * @param cleanup what Kafka does with old records
 * @param retention how long records are kept; null: for ever (compacted topics)
 * @param owner module that writes it; "producers" for what comes from outside
 * @param coPartitionGroup topics of one group have equal partition counts and equally made keys;
 *     null: none
 * @param purpose one sentence
 * @param <K> type of the key
 * @param <V> type of the value
 */
public record Topic<K, V>(
    String name,
    Class<K> key,
    String keyMeaning,
    Class<V> value,
    int partitions,
    Cleanup cleanup,
    @Nullable Duration retention,
    String owner,
    @Nullable String coPartitionGroup,
    String purpose) {

  /**
   * How far ahead of the broker's clock a record's time may be. Kafka 4 refuses more than an hour,
   * which stops the application that writes the record; what is too far ahead is refused where
   * spans come in.
   */
  public static final String MAX_AHEAD_CONFIG = "message.timestamp.after.max.ms";

  /** How many replicas must have a record before it is acknowledged; Kafka's own default is one. */
  public static final String MIN_IN_SYNC_CONFIG = "min.insync.replicas";

  /** With fewer replicas than this, a majority is all of them: each broker that goes stops us. */
  private static final int LEAST_FOR_MAJORITY = 3;

  /** What Kafka does with old records. */
  public enum Cleanup {
    /** Records older than the retention go. */
    DELETE,
    /** Only the last record of a key stays. */
    COMPACT
  }

  /** Checks that a topic can exist: named, partitioned, and kept for a stated time. */
  public Topic {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(value, "value");
    if (partitions < 1) {
      throw new IllegalArgumentException(name + ": partitions must be at least 1: " + partitions);
    }
    if ((cleanup == Cleanup.DELETE) == (retention == null)) {
      throw new IllegalArgumentException(name + ": retention goes with DELETE, and only with it");
    }
  }

  /** What the topic is created with, by Kafka's names, in a fixed order. */
  public Map<String, String> config() {
    Map<String, String> config = new LinkedHashMap<>();
    config.put("cleanup.policy", cleanup.name().toLowerCase(Locale.ROOT));
    if (retention != null) {
      config.put("retention.ms", Long.toString(retention.toMillis()));
    }
    config.put(MAX_AHEAD_CONFIG, Long.toString(Long.MAX_VALUE));
    return config;
  }

  /**
   * What is acknowledged outlives the loss of a broker and its disk: from three replicas on, a
   * majority of them has it. Else up to all but one may be behind when the last one is lost.
   *
   * @param replicationFactor -1: the brokers' default, and then their minimum too
   * @return by Kafka's name; empty: what the brokers do is left as it is
   */
  public static Map<String, String> inSyncConfig(int replicationFactor) {
    return replicationFactor < LEAST_FOR_MAJORITY
        ? Map.of()
        : Map.of(MIN_IN_SYNC_CONFIG, Integer.toString(replicationFactor / 2 + 1));
  }

  /** True where the partition count is part of the meaning and is never scaled. */
  public boolean isSinglePartition() {
    return partitions == 1;
  }
}
