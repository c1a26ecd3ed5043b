package dev.tributary.alertrouter;

import dev.tributary.alertrouter.core.DeskRules;
import dev.tributary.alertrouter.core.RouteKind;
import dev.tributary.alertrouter.core.RouteName;
import dev.tributary.runtime.config.CommonSettings;
import dev.tributary.runtime.config.ConfigException;
import dev.tributary.runtime.config.Setting;
import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.http.HttpValues;
import java.net.URI;
import java.time.Duration;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How the router works. Every value was checked.
 *
 * @param group consumer group
 * @param endpoints where routes lead, by name; empty: the router does nothing
 * @param rules what is told and when
 * @param requestTimeout limit of one request
 * @param inFlight requests under way at a time
 * @param maxPending alerts held at a time; beyond it nothing more is read
 * @param hold how long Alertmanager shows an alert whose end it never hears of
 * @param link template of a link to an episode; empty: none
 * @param summaryAt time of day (UTC) at which teams get the day before; null: never
 * @param clickHouse where the summary's figures are; asked only where there is one
 */
public record AlertRouterConfig(
    String group,
    Map<String, Endpoint> endpoints,
    DeskRules rules,
    Duration requestTimeout,
    int inFlight,
    int maxPending,
    Duration hold,
    String link,
    @Nullable LocalTime summaryAt,
    ClickHouseAddress clickHouse) {

  /** Name of the application in metrics and health checks. */
  public static final String NAME = "alert-router";

  private static final String KEY = "tributary.alerts.";

  public static final Setting<Map<String, String>> ROUTES =
      Setting.prefix(
          KEY + "route.",
          "Routes: `NAME.kind` is `alertmanager`, `webhook` or `slack`; `NAME.url`, or"
              + " `NAME.secret.url` where the address itself is a secret; `NAME.secret` signs what"
              + " goes to a webhook; `NAME.token` is sent as a bearer token. Without any route the"
              + " router does nothing");

  public static final Setting<List<String>> DEFAULT_ROUTES =
      Setting.list(KEY + "default-routes", "", "Routes of teams that have none");

  public static final Setting<String> GROUP =
      Setting.text(KEY + "group", "tributary-alert-router", "Consumer group; owns the offsets")
          .check(text -> text.matches("[a-zA-Z0-9._-]{1,200}"), "letters, digits, `.`, `_`, `-`");

  public static final Setting<Duration> AGE_LIMIT =
      Setting.duration(
              KEY + "age-limit",
              "1h",
              "An alert whose state is older is not told any more; the end of an episode that was"
                  + " told always is")
          .atLeast(Duration.ofMinutes(1));

  public static final Setting<Duration> MERGE_WINDOW =
      Setting.duration(
              KEY + "merge-window",
              "5min",
              "How long alerts of one cause are collected after the first, which goes at once;"
                  + " 0s: never. Not for Alertmanager, which groups by itself")
          .atLeast(Duration.ZERO)
          .atMost(Duration.ofHours(1));

  public static final Setting<Integer> MERGE_MOST =
      Setting.integer(KEY + "merge-most", 50, "Alerts in one notification").atLeast(1).atMost(1000);

  public static final Setting<Duration> TIMEOUT =
      Setting.duration(KEY + "request-timeout", "10s", "Limit of one request")
          .atLeast(Duration.ofMillis(100))
          .atMost(Duration.ofMinutes(2));

  public static final Setting<Duration> RETRY_FIRST =
      Setting.duration(
              KEY + "retry-first",
              "1s",
              "Pause after a failed attempt; doubles, and is shortened by chance to a half at most")
          .atLeast(Duration.ofMillis(1));

  public static final Setting<Duration> RETRY_MOST =
      Setting.duration(
              KEY + "retry-most",
              "1min",
              "Longest pause between attempts; where the receiver asks for more by `Retry-After`, that,"
                  + " at most 15 minutes")
          .atLeast(Duration.ofMillis(1));

  public static final Setting<Duration> GIVE_UP_AFTER =
      Setting.duration(
              KEY + "give-up-after",
              "1h",
              "How long a notification is tried; then its alerts go to the dead-letter topic")
          .atLeast(Duration.ofSeconds(1));

  public static final Setting<Integer> IN_FLIGHT =
      Setting.integer(KEY + "in-flight", 8, "Requests under way at a time").atLeast(1).atMost(256);

  public static final Setting<Integer> MAX_PENDING =
      Setting.integer(
              KEY + "max-pending", 10_000, "Alerts held at a time; beyond it nothing more is read")
          .atLeast(1);

  public static final Setting<Duration> HOLD =
      Setting.duration(
              KEY + "hold",
              "26h",
              "How long Alertmanager shows an alert whose end it never hears of; an episode ends"
                  + " within a day")
          .atLeast(Duration.ofMinutes(1));

  public static final Setting<String> LINK =
      Setting.text(
          KEY + "link",
          "",
          "Link to an episode in notifications; `{episode}`, `{tenant}` and `{environment}` are"
              + " filled in");

  public static final Setting<Optional<String>> SUMMARY_AT =
      Setting.optionalText(
              KEY + "summary-at",
              "Time of day (UTC) such as `07:00` at which every team gets the money of the day"
                  + " before; empty: never")
          .check(
              text -> text.isEmpty() || text.get().matches("([01]\\d|2[0-3]):[0-5]\\d"),
              "`00:00` to `23:59`, or empty");

  public static final Setting<String> CLICKHOUSE_URL =
      Setting.text(
              KEY + "clickhouse-url",
              "http://localhost:8123",
              "ClickHouse's HTTP interface, only for the summary")
          .check(HttpValues::isAddress, "http://host:port or https://host:port");

  public static final Setting<String> CLICKHOUSE_USER =
      Setting.text(KEY + "clickhouse-user", "default", "ClickHouse user; reads the views")
          .check(HttpValues::isHeader, HttpValues.HEADER);

  public static final Setting<Optional<String>> CLICKHOUSE_PASSWORD =
      Setting.secret(KEY + "clickhouse-password", "Password of the user")
          .check(HttpValues::isHeaderOrAbsent, HttpValues.HEADER_OR_ABSENT);

  public static final Setting<String> DATABASE =
      Setting.text(KEY + "database", "tributary", "Database of the views");

  private static final List<Setting<?>> OWN =
      List.of(
          ROUTES,
          DEFAULT_ROUTES,
          GROUP,
          AGE_LIMIT,
          MERGE_WINDOW,
          MERGE_MOST,
          TIMEOUT,
          RETRY_FIRST,
          RETRY_MOST,
          GIVE_UP_AFTER,
          IN_FLIGHT,
          MAX_PENDING,
          HOLD,
          LINK,
          SUMMARY_AT,
          CLICKHOUSE_URL,
          CLICKHOUSE_USER,
          CLICKHOUSE_PASSWORD,
          DATABASE);

  /**
   * Where the summary's figures are; its text form shows no password.
   *
   * @param url HTTP interface
   * @param user user
   * @param password password; may be empty
   * @param database database of the views
   */
  public record ClickHouseAddress(URI url, String user, String password, String database) {
    @Override
    public String toString() {
      return "ClickHouse " + user + "@" + url.getHost();
    }
  }

  /** Copies the endpoints and checks that default routes are among them. */
  public AlertRouterConfig {
    endpoints = Map.copyOf(endpoints);
    for (String route : rules.defaultRoutes()) {
      if (!endpoints.containsKey(RouteName.of(route).name())) {
        throw new ConfigException(
            DEFAULT_ROUTES.key()
                + " = "
                + route
                + "; configured routes: "
                + new TreeMap<>(endpoints).keySet());
      }
    }
  }

  /** The router's own settings, in the order of the README. */
  public static List<Setting<?>> settings() {
    return OWN;
  }

  /** All settings of a process that runs only the router. */
  public static List<Setting<?>> allSettings() {
    return CommonSettings.ofClient(OWN);
  }

  /**
   * The configuration in the settings.
   *
   * @throws ConfigException naming the setting, its value and what is allowed
   */
  public static AlertRouterConfig from(Settings settings) {
    Duration first = settings.get(RETRY_FIRST);
    Duration most = settings.get(RETRY_MOST);
    if (most.compareTo(first) < 0) {
      throw new ConfigException(
          RETRY_MOST.key() + " = " + most + ": at least " + RETRY_FIRST.key() + " = " + first);
    }
    return new AlertRouterConfig(
        settings.get(GROUP),
        Endpoint.all(ROUTES.key(), settings.get(ROUTES)),
        new DeskRules(
            settings.get(AGE_LIMIT),
            settings.get(MERGE_WINDOW),
            settings.get(MERGE_MOST),
            first,
            most,
            settings.get(GIVE_UP_AFTER),
            settings.get(DEFAULT_ROUTES)),
        settings.get(TIMEOUT),
        settings.get(IN_FLIGHT),
        settings.get(MAX_PENDING),
        settings.get(HOLD),
        settings.get(LINK),
        settings.get(SUMMARY_AT).map(LocalTime::parse).orElse(null),
        new ClickHouseAddress(
            URI.create(settings.get(CLICKHOUSE_URL)),
            settings.get(CLICKHOUSE_USER),
            settings.get(CLICKHOUSE_PASSWORD).orElse(""),
            settings.get(DATABASE)));
  }

  /** What speaks at each route, by name. */
  Map<String, RouteKind> kinds() {
    Map<String, RouteKind> kinds = new TreeMap<>();
    endpoints.forEach((name, endpoint) -> kinds.put(name, endpoint.kind()));
    return kinds;
  }
}
