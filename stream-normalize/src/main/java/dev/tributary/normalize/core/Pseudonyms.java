package dev.tributary.normalize.core;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Keyed hashes under a secret of each tenant, lower-case hex: HMAC-SHA-256 for people, SipHash for
 * what only finds repetition. Two tenants' hashes of one value differ, and without the secret a
 * hash cannot be matched against guesses. Not safe for use by several threads.
 */
public final class Pseudonyms {
  private static final String ALGORITHM = "HmacSHA256";

  /** Users whose pseudonyms are remembered: the same few send most spans. */
  private static final int MAX_REMEMBERED = 4_096;

  private final @Nullable String secret;
  private final Map<String, String> byTenant;
  private final Map<String, Keys> keys = new HashMap<>();
  private final Mac mac;

  private final Map<String, String> remembered =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
          return size() > MAX_REMEMBERED;
        }
      };

  private record Keys(SecretKeySpec people, SipHash repetition) {}

  /**
   * Pseudonyms.
   *
   * @param secret from which each tenant's key is derived; null: none, then user ids have no
   *     pseudonym unless their tenant has a secret of its own
   * @param byTenant secrets of single tenants
   */
  public Pseudonyms(@Nullable String secret, Map<String, String> byTenant) {
    this.secret = secret;
    this.byTenant = Map.copyOf(byTenant);
    try {
      this.mac = Mac.getInstance(ALGORITHM);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }

  /** A user's pseudonym, 64 hex digits; null: there is no secret to make one with. */
  public @Nullable String user(String tenant, String userId) {
    if (secret == null && !byTenant.containsKey(tenant)) {
      return null;
    }
    // A tenant's name holds no blank.
    return remembered.computeIfAbsent(
        tenant + ' ' + userId,
        any -> HexFormat.of().formatHex(hmac(keys(tenant).people(), userId)));
  }

  /** Hash of a text that finds its repetition within a tenant, 32 hex digits. */
  String fingerprint(String tenant, String text) {
    SipHash.Hash hash = keys(tenant).repetition().of(text);
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(hash.first()) + hex.toHexDigits(hash.second());
  }

  private Keys keys(String tenant) {
    Keys known = keys.get(tenant);
    if (known == null) {
      String own = byTenant.get(tenant);
      // Without a secret, fingerprints are still different from tenant to tenant.
      SecretKeySpec key =
          own != null
              ? keyOf(own.getBytes(StandardCharsets.UTF_8))
              : keyOf(hmac(keyOf(root()), tenant));
      ByteBuffer derived = ByteBuffer.wrap(hmac(key, "fingerprint"));
      known = new Keys(key, new SipHash(derived.getLong(), derived.getLong()));
      keys.put(tenant, known);
    }
    return known;
  }

  private byte[] root() {
    return (secret == null ? "tributary" : secret).getBytes(StandardCharsets.UTF_8);
  }

  private byte[] hmac(SecretKeySpec key, String text) {
    try {
      mac.init(key);
    } catch (InvalidKeyException e) {
      throw new IllegalStateException("any non-empty key fits " + ALGORITHM, e);
    }
    return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
  }

  private static SecretKeySpec keyOf(byte[] bytes) {
    return new SecretKeySpec(bytes, ALGORITHM);
  }
}
