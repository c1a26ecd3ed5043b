package dev.tributary.evalworker;

import java.util.OptionalLong;

/**
 * What a worker writes beside a partition's offset before it asks a judge: jobs up to here are
 * begun. Whoever has the partition next must not ask about them again.
 */
final class Claim {
  private static final String PREFIX = "begun:";

  private Claim() {}

  /** The text for jobs before an offset. */
  static String text(long endOffset) {
    return PREFIX + endOffset;
  }

  /** The end of the jobs begun; empty: none are. */
  static OptionalLong end(String metadata) {
    return metadata.matches(PREFIX + "\\d{1,18}")
        ? OptionalLong.of(Long.parseLong(metadata.substring(PREFIX.length())))
        : OptionalLong.empty();
  }
}
