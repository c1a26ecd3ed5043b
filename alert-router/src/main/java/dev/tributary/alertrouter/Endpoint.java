package dev.tributary.alertrouter;

import dev.tributary.alertrouter.core.RouteKind;
import dev.tributary.runtime.config.ConfigException;
import dev.tributary.runtime.http.HttpValues;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Where a route leads. Its text form shows no secret.
 *
 * @param name as ownership tables name it
 * @param kind what speaks there
 * @param url address; of Alertmanager without {@code /api/v2/alerts}
 * @param secret signs what is sent to a webhook; null: not signed
 * @param token sent as {@code Authorization: Bearer}; null: none
 */
record Endpoint(
    String name, RouteKind kind, URI url, @Nullable String secret, @Nullable String token) {
  private static final String KIND = "kind";
  private static final String URL = "url";
  private static final String SECRET_URL = "secret.url";
  private static final String SECRET = "secret";
  private static final String TOKEN = "token";
  private static final Set<String> PROPERTIES =
      new TreeSet<>(Set.of(KIND, URL, SECRET_URL, SECRET, TOKEN));

  @Override
  public String toString() {
    return kind + " " + name;
  }

  /**
   * The endpoints in the settings.
   *
   * @param prefix what all keys begin with, for messages
   * @param given value by {@code NAME.PROPERTY}
   * @throws ConfigException naming every wrong key, and never a secret
   */
  static Map<String, Endpoint> all(String prefix, Map<String, String> given) {
    Map<String, Map<String, String>> byName = new TreeMap<>();
    List<String> problems = new ArrayList<>();
    new TreeMap<>(given)
        .forEach(
            (key, value) -> {
              int dot = key.indexOf('.');
              String property = key.substring(dot + 1);
              if (dot <= 0 || !PROPERTIES.contains(property)) {
                problems.add(prefix + key + ": after the route's name comes one of " + PROPERTIES);
              } else {
                byName
                    .computeIfAbsent(key.substring(0, dot), name -> new TreeMap<>())
                    .put(property, value);
              }
            });
    Map<String, Endpoint> endpoints = new TreeMap<>();
    byName.forEach(
        (name, properties) -> {
          try {
            endpoints.put(name, read(prefix + name + ".", name, properties));
          } catch (ConfigException e) {
            problems.addAll(e.problems());
          }
        });
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    return endpoints;
  }

  private static Endpoint read(String prefix, String name, Map<String, String> properties) {
    String kindText = properties.getOrDefault(KIND, "");
    RouteKind kind;
    try {
      kind = RouteKind.valueOf(kindText.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new ConfigException(
          prefix + KIND + " = \"" + kindText + "\"; allowed: alertmanager, webhook, slack", e);
    }
    boolean isSecret = properties.containsKey(SECRET_URL);
    if (isSecret == properties.containsKey(URL)) {
      throw new ConfigException(
          prefix + URL + " or " + prefix + SECRET_URL + " must be given, and not both");
    }
    if (properties.containsKey(SECRET) && kind != RouteKind.WEBHOOK) {
      throw new ConfigException(prefix + SECRET + ": only what goes to a webhook is signed");
    }
    String secret = properties.get(SECRET);
    if (secret != null && secret.isEmpty()) {
      throw new ConfigException(prefix + SECRET + " is empty; allowed: any text, or no such key");
    }
    String token = properties.get(TOKEN);
    if (token != null && !HttpValues.isHeader(token)) {
      throw new ConfigException(prefix + TOKEN + " = ****; allowed: " + HttpValues.HEADER);
    }
    String text = properties.getOrDefault(isSecret ? SECRET_URL : URL, "");
    return new Endpoint(
        name, kind, url(prefix + (isSecret ? SECRET_URL : URL), text, isSecret), secret, token);
  }

  private static URI url(String key, String text, boolean isSecret) {
    if (!HttpValues.isAddress(text)) {
      throw new ConfigException(
          key
              + " = "
              + (isSecret ? "****" : "\"" + text + "\"")
              + "; allowed: "
              + HttpValues.ADDRESS);
    }
    return URI.create(text);
  }
}
