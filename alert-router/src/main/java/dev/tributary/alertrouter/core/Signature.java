package dev.tributary.alertrouter.core;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs what goes to a webhook, so that its receiver knows who sent it and when: {@code v1=} and
 * the hex of HMAC-SHA256 over the time in seconds since the epoch, a dot, and the body. A receiver
 * compares in constant time and refuses what is older than a few minutes, so that nobody who saw a
 * request can use it again.
 */
public final class Signature {
  /** Header with the signature. */
  public static final String HEADER = "X-Tributary-Signature";

  /** Header with the time it was made, seconds since the epoch. */
  public static final String TIMESTAMP_HEADER = "X-Tributary-Timestamp";

  private static final String VERSION = "v1=";

  private Signature() {}

  /** The signature of a body sent at a time. */
  public static String of(String secret, Instant at, byte[] body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), mac.getAlgorithm()));
      mac.update((at.getEpochSecond() + ".").getBytes(StandardCharsets.US_ASCII));
      return VERSION + HexFormat.of().formatHex(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }

  /**
   * What a receiver does: true where the signature is right and not too old.
   *
   * @param timestamp value of {@link #TIMESTAMP_HEADER}
   * @param tolerance how far the time may be from the receiver's clock, either way
   */
  public static boolean isValid(
      String secret,
      String timestamp,
      String signature,
      byte[] body,
      Instant now,
      Duration tolerance) {
    if (!timestamp.matches("\\d{1,12}")) {
      return false;
    }
    Instant at = Instant.ofEpochSecond(Long.parseLong(timestamp));
    return Duration.between(at, now).abs().compareTo(tolerance) <= 0
        && MessageDigest.isEqual(
            of(secret, at, body).getBytes(StandardCharsets.US_ASCII),
            signature.getBytes(StandardCharsets.US_ASCII));
  }
}
