package dev.tributary.console;

import com.sun.net.httpserver.Headers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Who is let in, and what a browser may do with what it gets. */
final class Gate {
  /**
   * Nothing from elsewhere, nothing inline, in nobody's frame; and no text becomes markup: browsers
   * that know trusted types refuse it, and the pages do not ask for it.
   */
  static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
          + " connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none';"
          + " require-trusted-types-for 'script'";

  private static final Pattern PORT = Pattern.compile(":\\d*$");

  private final List<String> hosts;
  private final @Nullable String authorization;

  Gate(ConsoleConfig config) {
    this.hosts = config.hosts().stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
    ConsoleConfig.Access access = config.access();
    this.authorization = access == null ? null : basic(access);
  }

  private static String basic(ConsoleConfig.Access access) {
    byte[] pair = (access.user() + ":" + access.password()).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(pair);
  }

  /** Whether the name that the browser called is one of ours; a name may be made to point here. */
  boolean knowsHost(@Nullable String host) {
    if (hosts.contains("*")) {
      return true;
    }
    return host != null
        && hosts.contains(PORT.matcher(host.strip()).replaceFirst("").toLowerCase(Locale.ROOT));
  }

  /** Whether user and password are right, or none are asked for. */
  boolean admits(@Nullable String given) {
    return authorization == null
        || (given != null
            // In constant time, so that the answer does not tell how far it matched.
            && MessageDigest.isEqual(
                authorization.getBytes(StandardCharsets.UTF_8),
                given.getBytes(StandardCharsets.UTF_8)));
  }

  /** Headers of every answer. */
  static void secure(Headers headers) {
    headers.set("Content-Security-Policy", POLICY);
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("X-Frame-Options", "DENY");
    headers.set("Referrer-Policy", "no-referrer");
    headers.set("Cross-Origin-Opener-Policy", "same-origin");
    headers.set("Cross-Origin-Resource-Policy", "same-origin");
  }
}
