package dev.tributary.sink.clickhouse.core;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The bounds of a block, committed to Kafka as metadata of the offset it starts at before anything
 * of it is inserted. Whoever loads the partition next loads exactly this block under this token.
 *
 * @param first offset the block starts at: the committed offset itself; not necessarily a record's,
 *     because transaction markers and aborted records take offsets too
 * @param last offset of its last committed record
 * @param records committed records in it, to prove that a re-read sees the same
 * @param layoutVersion version of the rows, part of the token: a newer program retries under the
 *     version the block was announced with
 */
public record Intent(long first, long last, int records, int layoutVersion) {
  private static final Pattern METADATA =
      Pattern.compile("tributary-block 1 last=(\\d{1,18}) records=(\\d{1,9}) layout=(\\d{1,9})");

  public Intent {
    if (first < 0 || last < first || records < 1 || records > last - first + 1) {
      throw new IllegalArgumentException(
          "no such block: first " + first + ", last " + last + ", records " + records);
    }
  }

  /** The metadata to commit with offset {@link #first}; well below Kafka's default of 4 KiB. */
  public String metadata() {
    return "tributary-block 1 last=" + last + " records=" + records + " layout=" + layoutVersion;
  }

  /**
   * Reads what was committed.
   *
   * @param offset the committed offset
   * @param metadata its metadata; empty: no block is pending
   * @throws IllegalArgumentException somebody else's metadata: the group is not ours
   */
  public static Optional<Intent> parse(long offset, String metadata) {
    if (metadata.isEmpty()) {
      return Optional.empty();
    }
    Matcher matcher = METADATA.matcher(metadata);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "offset " + offset + " carries metadata that is not a block's: \"" + metadata + "\"");
    }
    return Optional.of(
        new Intent(
            offset,
            Long.parseLong(matcher.group(1)),
            Integer.parseInt(matcher.group(2)),
            Integer.parseInt(matcher.group(3))));
  }

  /**
   * The deduplication token: names exactly this block, for ever.
   *
   * @param cluster Kafka's cluster id: another cluster has other blocks at the same offsets
   */
  public String token(String cluster, String topic, int partition) {
    return cluster
        + "-"
        + topic
        + "-"
        + partition
        + "-"
        + first
        + "-"
        + last
        + "-v"
        + layoutVersion;
  }
}
