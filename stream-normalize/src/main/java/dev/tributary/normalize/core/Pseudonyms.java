package dev.tributary.normalize.core;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Keyed hashes under a secret of each tenant: HMAC-SHA-256, lower-case hex. Two tenants' hashes of
 * one value differ, and without the secret a hash cannot be matched against guesses. Not safe for
 * use by several threads.
 */
public final class Pseudonyms {
  private static final String ALGORITHM = "HmacSHA256";

  /** Digits kept of hashes that only find repetition: 128 bits. */
  private static final int FINGERPRINT_BYTES = 16;

  private final @Nullable String secret;
  private final Map<String, String> byTenant;
  private final Map<String, SecretKeySpec> keys = new HashMap<>();
  private final Mac mac;
  private @Nullable String current;

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

  /** A user's pseudonym; null: there is no secret to make one with. */
  @Nullable String user(String tenant, String userId) {
    if (secret == null && !byTenant.containsKey(tenant)) {
      return null;
    }
    return HexFormat.of().formatHex(hash(tenant, "user\0" + userId));
  }

  /** Hash of a text that finds its repetition within a tenant, 32 hex digits. */
  String fingerprint(String tenant, String text) {
    return HexFormat.of().formatHex(hash(tenant, text), 0, FINGERPRINT_BYTES);
  }

  private byte[] hash(String tenant, String text) {
    if (!tenant.equals(current)) {
      init(keys.computeIfAbsent(tenant, this::key));
      current = tenant;
    }
    return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
  }

  private SecretKeySpec key(String tenant) {
    String own = byTenant.get(tenant);
    if (own != null) {
      return keyOf(own.getBytes(StandardCharsets.UTF_8));
    }
    // Without a secret, fingerprints are still different from tenant to tenant.
    init(keyOf((secret == null ? "tributary" : secret).getBytes(StandardCharsets.UTF_8)));
    return keyOf(mac.doFinal(tenant.getBytes(StandardCharsets.UTF_8)));
  }

  private static SecretKeySpec keyOf(byte[] bytes) {
    return new SecretKeySpec(bytes, ALGORITHM);
  }

  private void init(SecretKeySpec key) {
    try {
      mac.init(key);
    } catch (InvalidKeyException e) {
      throw new IllegalStateException("any non-empty key fits " + ALGORITHM, e);
    }
  }
}
