package dev.tributary.standalone.platform;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Whether two spellings of an address are the same server. */
final class SameServer {
  private static final String LOOPBACK = "127.0.0.1";

  private SameServer() {}

  /**
   * Whether two URLs are the same, by either name of this machine, in any case of their letters,
   * and whether or not they state the usual port or end in a slash. What is no URL is compared as
   * text.
   */
  static boolean byUrl(String url, String other) {
    return url.equals(other) || Objects.equals(parts(url), parts(other));
  }

  private static List<@Nullable Object> parts(String url) {
    try {
      URI uri = new URI(url);
      String host = uri.getHost();
      // Java knows no host in some names that resolve, such as those with an underscore.
      if (host == null) {
        return Arrays.asList(url);
      }
      String scheme = lower(uri.getScheme());
      return Arrays.asList(
          scheme,
          uri.getRawUserInfo(),
          host(host.toLowerCase(Locale.ROOT)),
          uri.getPort() == -1 ? usualPort(scheme) : uri.getPort(),
          uri.getRawPath().replaceFirst("/$", ""),
          uri.getRawQuery());
    } catch (URISyntaxException e) {
      return Arrays.asList(url);
    }
  }

  private static int usualPort(@Nullable String scheme) {
    return "https".equals(scheme) ? 443 : 80;
  }

  private static @Nullable String lower(@Nullable String text) {
    return text == null ? null : text.toLowerCase(Locale.ROOT);
  }

  private static String host(String host) {
    return "localhost".equals(host) ? LOOPBACK : host;
  }

  /** Whether lists of brokers, in any order and by either name of this machine, are the same. */
  static boolean byBrokers(String list, String other) {
    return brokers(list).equals(brokers(other));
  }

  private static Set<String> brokers(String list) {
    return Arrays.stream(list.split(",", -1))
        .map(String::strip)
        .filter(broker -> !broker.isEmpty())
        .map(broker -> broker.replaceFirst("^localhost:", LOOPBACK + ":"))
        .collect(Collectors.toSet());
  }
}
