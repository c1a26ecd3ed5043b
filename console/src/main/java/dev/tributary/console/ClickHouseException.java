package dev.tributary.console;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A question that ClickHouse did not answer, in words for whoever asked. */
final class ClickHouseException extends Exception {
  private static final long serialVersionUID = 1L;

  private static final Pattern CODE = Pattern.compile("Code: (\\d+)\\.");
  private static final int MOST_WORDS = 600;

  /** What to do about ClickHouse's commonest refusals. */
  private static final Map<String, String> ADVICE =
      Map.of(
          "60", "the tables are not there: the sink makes them at its first start",
          "81", "the database is not there: the sink makes it at its first start",
          "159", "it took too long: choose a shorter range or a filter",
          "160", "it would take too long: choose a shorter range or a filter",
          "164", "the user may not set limits: give it a profile with readonly = 2",
          "241", "it needs too much memory: choose a shorter range or a filter",
          "516", "user or password of tributary.console.clickhouse-user is wrong");

  private final int status;

  private ClickHouseException(int status, String message, Throwable cause) {
    super(message, cause);
    this.status = status;
  }

  private ClickHouseException(int status, String message) {
    super(message);
    this.status = status;
  }

  /** The HTTP status for the browser. */
  int status() {
    return status;
  }

  static ClickHouseException tooSlow(Duration limit, Throwable cause) {
    return new ClickHouseException(
        504,
        "ClickHouse did not answer within "
            + limit.toSeconds()
            + " s (tributary.console.query-timeout); choose a shorter range or a filter",
        cause);
  }

  static ClickHouseException away(URI address, Throwable cause) {
    return new ClickHouseException(503, "ClickHouse does not answer at " + named(address), cause);
  }

  static ClickHouseException broken(URI address, Throwable cause) {
    return new ClickHouseException(
        502, "ClickHouse at " + named(address) + " broke off: " + cause.getMessage(), cause);
  }

  static ClickHouseException refused(String body, ConsoleConfig config) {
    Matcher code = CODE.matcher(body);
    String known = code.find() ? code.group(1) : "";
    String advice = ADVICE.get(known);
    int status = known.equals("159") || known.equals("160") ? 504 : 502;
    String words = body.strip();
    if (words.length() > MOST_WORDS) {
      words = words.substring(0, MOST_WORDS) + "…";
    }
    return new ClickHouseException(
        status,
        "ClickHouse, database "
            + config.database()
            + ": "
            + (advice == null ? "" : advice + ". It says: ")
            + words);
  }

  /** Without user and password that an address may hold. */
  private static String named(URI address) {
    return address.getScheme()
        + "://"
        + address.getHost()
        + (address.getPort() < 0 ? "" : ":" + address.getPort());
  }
}
