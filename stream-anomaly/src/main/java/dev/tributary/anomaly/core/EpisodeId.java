package dev.tributary.anomaly.core;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Names an episode by what it is, so that a replay names it alike. */
public final class EpisodeId {
  private static final int BYTES = 16;

  private EpisodeId() {}

  /**
   * Lower-case hex of the first 16 bytes of SHA-256 over the parts, each with its length before.
   */
  public static String of(String tenant, String environment, String series, long openedUs) {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
    for (String part : new String[] {tenant, environment, series, Long.toString(openedUs)}) {
      byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
      digest.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
      digest.update(bytes);
    }
    return HexFormat.of().formatHex(digest.digest(), 0, BYTES);
  }
}
