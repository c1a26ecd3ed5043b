package dev.tributary.console;

import dev.tributary.runtime.config.CommonSettings;
import dev.tributary.runtime.config.ConfigException;
import dev.tributary.runtime.config.Setting;
import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.http.HttpValues;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How the console works. Every value was checked; the text form shows no password.
 *
 * @param host address it listens on
 * @param port 0: any free port
 * @param hosts names in {@code Host} under which it answers; {@code *}: any
 * @param tenants whose data may be seen; the first where a link names none
 * @param access user and password that a browser must give; null: none
 * @param clickHouse ClickHouse's HTTP interface
 * @param user ClickHouse user
 * @param password password of that user; may be empty
 * @param database database of the views
 * @param queryTimeout limit of one statement
 * @param otlpUrl where telemetry is sent, for pages that have none yet; null: not said
 */
public record ConsoleConfig(
    String host,
    int port,
    List<String> hosts,
    List<String> tenants,
    @Nullable Access access,
    URI clickHouse,
    String user,
    String password,
    String database,
    Duration queryTimeout,
    @Nullable String otlpUrl) {

  /** Name of the application in logs and health checks. */
  public static final String NAME = "console";

  private static final String KEY = "tributary.console.";

  public static final Setting<String> HOST =
      Setting.text(KEY + "host", "127.0.0.1", "Address that the pages are served on")
          .check(text -> !text.isBlank(), "an address or a name of this host");

  public static final Setting<Integer> PORT =
      Setting.integer(KEY + "port", 8080, "Port of the pages; 0: any free port")
          .atLeast(0)
          .atMost(65_535);

  public static final Setting<List<String>> HOSTS =
      Setting.list(
              KEY + "hosts",
              "localhost,127.0.0.1,[::1]",
              "Names under which browsers may ask, without port; `*`: any. Keeps pages of others"
                  + " from reading through a name of their own that points here")
          .check(names -> !names.isEmpty(), "at least one name, or `*`");

  public static final Setting<List<String>> TENANTS =
      Setting.list(
              KEY + "tenants",
              "default",
              "Tenants whose data may be seen; the first where a link names none")
          .check(names -> !names.isEmpty(), "at least one tenant");

  public static final Setting<Optional<String>> ACCESS_USER =
      Setting.optionalText(
              KEY + "access-user",
              "User that a browser must give (HTTP Basic; put TLS in front); empty: everybody who"
                  + " reaches the port may look")
          .check(
              text -> HttpValues.isHeaderOrAbsent(text) && !text.orElse("").contains(":"),
              "ASCII without control characters and `:`");

  public static final Setting<Optional<String>> ACCESS_PASSWORD =
      Setting.secret(KEY + "access-password", "Password of that user; both or none")
          .check(HttpValues::isHeaderOrAbsent, HttpValues.HEADER_OR_ABSENT);

  public static final Setting<String> CLICKHOUSE_URL =
      Setting.text(KEY + "clickhouse-url", "http://localhost:8123", "ClickHouse's HTTP interface")
          .check(HttpValues::isAddress, HttpValues.ADDRESS);

  public static final Setting<String> CLICKHOUSE_USER =
      Setting.text(
              KEY + "clickhouse-user",
              "default",
              "ClickHouse user; reads the views. One of a profile with `readonly = 2` or 0: the"
                  + " limits of a statement are sent with it")
          .check(HttpValues::isHeader, HttpValues.HEADER);

  public static final Setting<Optional<String>> CLICKHOUSE_PASSWORD =
      Setting.secret(KEY + "clickhouse-password", "Password of the user")
          .check(HttpValues::isHeaderOrAbsent, HttpValues.HEADER_OR_ABSENT);

  public static final Setting<String> DATABASE =
      Setting.text(KEY + "database", "tributary", "Database of the views")
          .check(
              text -> text.matches("[A-Za-z_][A-Za-z0-9_]{0,62}"),
              "letters, digits, `_`, at most 63");

  public static final Setting<Duration> QUERY_TIMEOUT =
      Setting.duration(
              KEY + "query-timeout", "30s", "Limit of one statement; ClickHouse ends it then")
          .atLeast(Duration.ofSeconds(1))
          .atMost(Duration.ofMinutes(10));

  public static final Setting<Optional<String>> OTLP_URL =
      Setting.optionalText(
              KEY + "otlp-url",
              "Where telemetry is sent, as pages say it while there is none; empty: they name the"
                  + " Collector")
          .check(text -> text.isEmpty() || HttpValues.isAddress(text.get()), HttpValues.ADDRESS);

  private static final List<Setting<?>> OWN =
      List.of(
          HOST,
          PORT,
          HOSTS,
          TENANTS,
          ACCESS_USER,
          ACCESS_PASSWORD,
          CLICKHOUSE_URL,
          CLICKHOUSE_USER,
          CLICKHOUSE_PASSWORD,
          DATABASE,
          QUERY_TIMEOUT,
          OTLP_URL);

  /**
   * Who may look; its text form shows no password.
   *
   * @param user user
   * @param password password
   */
  public record Access(String user, String password) {
    @Override
    public String toString() {
      return "access of " + user;
    }
  }

  /** Copies the lists. */
  public ConsoleConfig {
    hosts = List.copyOf(hosts);
    tenants = List.copyOf(tenants);
  }

  /** The console's own settings, in the order of the README. */
  public static List<Setting<?>> settings() {
    return OWN;
  }

  /** All settings of a process that runs only the console; it needs no Kafka. */
  public static List<Setting<?>> allSettings() {
    return Stream.concat(
            Stream.of(CommonSettings.HEALTH_HOST, CommonSettings.HEALTH_PORT), OWN.stream())
        .toList();
  }

  /**
   * The configuration in the settings.
   *
   * @throws ConfigException naming the setting, its value and what is allowed
   */
  public static ConsoleConfig from(Settings settings) {
    return new ConsoleConfig(
        settings.get(HOST),
        settings.get(PORT),
        settings.get(HOSTS),
        settings.get(TENANTS),
        access(settings),
        URI.create(settings.get(CLICKHOUSE_URL)),
        settings.get(CLICKHOUSE_USER),
        settings.get(CLICKHOUSE_PASSWORD).orElse(""),
        settings.get(DATABASE),
        settings.get(QUERY_TIMEOUT),
        settings.get(OTLP_URL).orElse(null));
  }

  private static @Nullable Access access(Settings settings) {
    Optional<String> user = settings.get(ACCESS_USER);
    Optional<String> password = settings.get(ACCESS_PASSWORD);
    if (user.isPresent() != password.isPresent()) {
      throw new ConfigException(
          (user.isPresent() ? ACCESS_PASSWORD : ACCESS_USER).key()
              + " is not given; allowed: both "
              + ACCESS_USER.key()
              + " and "
              + ACCESS_PASSWORD.key()
              + ", or none");
    }
    return user.isEmpty() ? null : new Access(user.get(), password.get());
  }

  @Override
  public String toString() {
    return "console on " + host + ":" + port + " over " + user + "@" + clickHouse.getHost();
  }
}
