package dev.tributary.runtime.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/**
 * What a request over HTTP can be made of. Java's client refuses anything else only as a request is
 * made, long after the start, and its message quotes the value.
 */
public final class HttpValues {
  /** What an address must be, as it reads after "allowed: ". */
  public static final String ADDRESS = "http://host[:port][/path] or https://…";

  /** What a header's value must be, as it reads after "allowed: ". */
  public static final String HEADER = "ASCII without control characters, not empty";

  /** What such a value must be where none need be given. */
  public static final String HEADER_OR_ABSENT = "ASCII without control characters";

  private static final int MOST_PORT = 65_535;

  private HttpValues() {}

  /** Whether a request can be sent there: a scheme, a host, and a port that there is. */
  public static boolean isAddress(String text) {
    try {
      URI address = new URI(text);
      String scheme = address.getScheme();
      return scheme != null
          && scheme.matches("https?")
          && address.getHost() != null
          && address.getPort() <= MOST_PORT
          && address.getFragment() == null;
    } catch (URISyntaxException e) {
      return false;
    }
  }

  /** The same of a text that need not be given. */
  public static boolean isHeaderOrAbsent(Optional<String> text) {
    return text.isEmpty() || isHeader(text.get());
  }

  /** Whether a header can carry it as it stands. */
  public static boolean isHeader(String text) {
    return !text.isBlank() && text.chars().allMatch(each -> each >= ' ' && each < 0x7f);
  }
}
