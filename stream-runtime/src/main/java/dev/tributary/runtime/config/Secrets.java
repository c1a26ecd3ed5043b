package dev.tributary.runtime.config;

import java.util.List;
import java.util.Locale;

/** Which keys of other products, or misspelt ones of ours, may hold a secret. */
final class Secrets {
  private static final List<String> MARKS =
      List.of("password", "secret", "token", "credential", "jaas", "keystore.key", "user.info");

  private Secrets() {}

  static boolean looksSecret(String key) {
    String lower = key.toLowerCase(Locale.ROOT);
    return MARKS.stream().anyMatch(lower::contains);
  }
}
