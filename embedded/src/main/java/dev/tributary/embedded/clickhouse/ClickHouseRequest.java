package dev.tributary.embedded.clickhouse;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a request asks for beside its statement: URL parameters and headers, sorted by meaning.
 *
 * @param query the statement in the URL, may be empty
 * @param database null where the request names none
 * @param parameters values of {@code {name:Type}} placeholders, in ClickHouse's escaped text form
 * @param settings every URL parameter without a meaning of its own
 * @param hasCompressedBlocks whether the response is to be in ClickHouse's compressed blocks
 * @param hasBlocksInBody whether the body is in ClickHouse's compressed blocks
 * @param acceptedEncoding the HTTP encoding of the response, or null for none
 */
record ClickHouseRequest(
    String query,
    String queryId,
    @Nullable String database,
    @Nullable String format,
    Map<String, String> parameters,
    Map<String, String> settings,
    @Nullable String sessionId,
    Duration sessionTimeout,
    boolean mustSessionExist,
    boolean hasCompressedBlocks,
    boolean hasBlocksInBody,
    @Nullable HttpEncoding acceptedEncoding,
    @Nullable HttpEncoding bodyEncoding,
    boolean isGet,
    String user,
    String password) {

  /** Parameters that steer this interface, or that have no meaning for a single local engine. */
  private static final Set<String> RESERVED =
      Set.of(
          "query",
          "query_id",
          "database",
          "default_format",
          "session_id",
          "session_timeout",
          "session_check",
          "compress",
          "decompress",
          "enable_http_compression",
          "http_zlib_compression_level",
          "user",
          "password",
          "quota_key",
          "stacktrace",
          "buffer_size",
          "wait_end_of_query",
          "close_session",
          "client_protocol_version",
          "http_make_head_request",
          "send_progress_in_http_headers",
          "http_headers_progress_interval_ms",
          "add_http_cors_header");

  private static final Pattern SETTING_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.]*");
  private static final String PARAMETER_PREFIX = "param_";
  private static final long DEFAULT_SESSION_SECONDS = 60;
  private static final long MAX_SESSION_SECONDS = 3600;

  /**
   * Reads a request.
   *
   * @throws EngineException for a parameter that no ClickHouse setting can have, a malformed number
   *     or query id, a role, or an unknown encoding
   */
  static ClickHouseRequest of(HttpExchange exchange) throws EngineException {
    Map<String, String> url = urlParameters(exchange.getRequestURI().getRawQuery());
    Headers headers = exchange.getRequestHeaders();
    Map<String, String> parameters = new TreeMap<>();
    Map<String, String> settings = new TreeMap<>();
    sort(url, parameters, settings);
    String[] credentials = credentials(url, headers);
    return new ClickHouseRequest(
        url.getOrDefault("query", ""),
        queryId(
            firstOf(url.get("query_id"), headers.getFirst("X-ClickHouse-Query-Id"), newQueryId())),
        emptyToNull(firstOf(url.get("database"), headers.getFirst("X-ClickHouse-Database"), "")),
        emptyToNull(
            firstOf(headers.getFirst("X-ClickHouse-Format"), url.get("default_format"), "")),
        parameters,
        settings,
        emptyToNull(url.getOrDefault("session_id", "")),
        sessionTimeout(url.get("session_timeout")),
        isTrue(url.get("session_check")),
        isTrue(url.get("compress")),
        isTrue(url.get("decompress")),
        isTrue(url.get("enable_http_compression"))
            ? HttpEncoding.accepted(headers.getFirst("Accept-Encoding"))
            : null,
        HttpEncoding.ofRequest(headers.getFirst("Content-Encoding")),
        exchange.getRequestMethod().equals("GET"),
        credentials[0],
        credentials[1]);
  }

  private static void sort(
      Map<String, String> url, Map<String, String> parameters, Map<String, String> settings)
      throws EngineException {
    for (Map.Entry<String, String> entry : url.entrySet()) {
      String name = entry.getKey();
      if (name.startsWith(PARAMETER_PREFIX)) {
        parameters.put(name.substring(PARAMETER_PREFIX.length()), entry.getValue());
      } else if (name.equals("role")) {
        throw EngineException.of(
            511, "UNKNOWN_ROLE", "There is no role '" + entry.getValue() + "': no access control");
      } else if (!RESERVED.contains(name)) {
        if (!SETTING_NAME.matcher(name).matches()) {
          throw EngineException.of(115, "UNKNOWN_SETTING", "Unknown setting '" + name + "'");
        }
        settings.put(name, entry.getValue());
      }
    }
  }

  private static Map<String, String> urlParameters(@Nullable String rawQuery)
      throws EngineException {
    Map<String, String> result = new LinkedHashMap<>();
    if (rawQuery == null) {
      return result;
    }
    for (String pair : rawQuery.split("&")) {
      if (pair.isEmpty()) {
        continue;
      }
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      String value = equals < 0 ? "" : pair.substring(equals + 1);
      try {
        result.put(
            URLDecoder.decode(name, StandardCharsets.UTF_8),
            URLDecoder.decode(value, StandardCharsets.UTF_8));
      } catch (IllegalArgumentException e) {
        throw EngineException.badArguments("Malformed URL parameter '" + name + "'");
      }
    }
    return result;
  }

  /** User and password by URL, ClickHouse's headers, or basic authentication, in this order. */
  private static String[] credentials(Map<String, String> url, Headers headers) {
    String headerUser = headers.getFirst("X-ClickHouse-User");
    String headerKey = headers.getFirst("X-ClickHouse-Key");
    if (headerUser != null || headerKey != null) {
      return new String[] {orDefault(headerUser), headerKey == null ? "" : headerKey};
    }
    String authorization = headers.getFirst("Authorization");
    if (authorization != null && authorization.toLowerCase(Locale.ROOT).startsWith("basic ")) {
      String decoded;
      try {
        byte[] bytes = Base64.getDecoder().decode(authorization.substring(6).strip());
        decoded = new String(bytes, StandardCharsets.UTF_8);
      } catch (IllegalArgumentException e) {
        decoded = "";
      }
      int colon = decoded.indexOf(':');
      return colon < 0
          ? new String[] {orDefault(decoded), ""}
          : new String[] {decoded.substring(0, colon), decoded.substring(colon + 1)};
    }
    return new String[] {orDefault(url.get("user")), url.getOrDefault("password", "")};
  }

  private static String orDefault(@Nullable String user) {
    return user == null || user.isEmpty() ? "default" : user;
  }

  private static Duration sessionTimeout(@Nullable String text) throws EngineException {
    if (text == null || text.isEmpty()) {
      return Duration.ofSeconds(DEFAULT_SESSION_SECONDS);
    }
    try {
      long seconds = Long.parseLong(text);
      if (seconds >= 0 && seconds <= MAX_SESSION_SECONDS) {
        return Duration.ofSeconds(seconds);
      }
    } catch (NumberFormatException e) {
      throw EngineException.of(
          374, "INVALID_SESSION_TIMEOUT", "Invalid session timeout: '" + text + "'");
    }
    throw EngineException.of(
        374,
        "INVALID_SESSION_TIMEOUT",
        "Session timeout '" + text + "' is not within 0.." + MAX_SESSION_SECONDS + " seconds");
  }

  private static boolean isTrue(@Nullable String value) {
    return value != null && (value.equals("1") || value.equalsIgnoreCase("true"));
  }

  private static String firstOf(@Nullable String a, @Nullable String b, String otherwise) {
    if (a != null && !a.isEmpty()) {
      return a;
    }
    return b != null && !b.isEmpty() ? b : otherwise;
  }

  private static @Nullable String emptyToNull(String text) {
    return text.isEmpty() ? null : text;
  }

  /** It goes back as a header. */
  private static String queryId(String id) throws EngineException {
    if (id.chars().anyMatch(Character::isISOControl)) {
      throw EngineException.badArguments("A query_id must not have control characters");
    }
    return id;
  }

  private static String newQueryId() {
    return UUID.randomUUID().toString();
  }
}
