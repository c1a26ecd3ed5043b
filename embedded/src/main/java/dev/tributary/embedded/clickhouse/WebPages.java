package dev.tributary.embedded.clickhouse;

import com.sun.net.httpserver.Headers;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Keeps web pages out. A browser lets any page send a statement to 127.0.0.1, and, once a name of
 * the page's own points there, read the answer; the engine reads and writes files of its host for
 * whoever asks. Programs send no {@code Origin} and call the loopback by its address or name.
 */
final class WebPages {

  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

  /** A host without its port. */
  private static final Pattern PORT = Pattern.compile(":\\d*$");

  private WebPages() {}

  /**
   * Refuses what a page from elsewhere sent.
   *
   * @throws EngineException when {@code Host} or {@code Origin} is there and is not the loopback
   */
  static void refuseForeign(Headers headers) throws EngineException {
    String host = headers.getFirst("Host");
    String origin = headers.getFirst("Origin");
    if ((host != null && !isLoopback(PORT.matcher(host.strip()).replaceFirst("")))
        || (origin != null && !isLoopback(hostOf(origin)))) {
      throw EngineException.of(
          497,
          "ACCESS_DENIED",
          "The embedded engine answers programs of this host only, not web pages: Host "
              + host
              + (origin == null ? "" : ", Origin " + origin)
              + ". Call it as 127.0.0.1 or localhost");
    }
  }

  private static boolean isLoopback(@Nullable String host) {
    return host != null && LOOPBACK.contains(host.toLowerCase(Locale.ROOT));
  }

  private static @Nullable String hostOf(String origin) {
    try {
      return new URI(origin).getHost();
    } catch (URISyntaxException e) {
      return null;
    }
  }
}
