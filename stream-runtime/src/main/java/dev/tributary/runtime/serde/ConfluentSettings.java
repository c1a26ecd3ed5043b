package dev.tributary.runtime.serde;

import dev.tributary.runtime.serde.SerdeOptions.BasicAuth;
import dev.tributary.runtime.serde.SerdeOptions.Store;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Translates between Confluent's configuration keys and {@link SerdeOptions}, both ways. */
final class ConfluentSettings {

  private static final String URL = "schema.registry.url";
  private static final String AUTO_REGISTER = "auto.register.schemas";
  private static final String SPECIFIC_READER = "specific.avro.reader";
  private static final String LATEST = "use.latest.version";
  private static final String VALUE_STRATEGY = "value.subject.name.strategy";
  private static final String AUTH_SOURCE = "basic.auth.credentials.source";
  private static final String AUTH_USER_INFO = "basic.auth.user.info";
  private static final String AUTH_USER_INFO_OLD = "schema.registry.basic.auth.user.info";
  private static final String TLS = "schema.registry.ssl.";
  private static final String VALUE_SERIALIZER = "value.serializer";
  private static final String VALUE_DESERIALIZER = "value.deserializer";

  private final Map<String, String> left = new HashMap<>();

  private ConfluentSettings(Map<String, ?> settings) {
    settings.forEach((key, value) -> left.put(key, String.valueOf(value)));
  }

  static SerdeOptions read(Map<String, ?> settings) {
    return new ConfluentSettings(settings).options();
  }

  private SerdeOptions options() {
    String urls = left.remove(URL);
    if (urls == null) {
      throw new IllegalArgumentException(URL + " is missing");
    }
    Optional<BasicAuth> auth = auth(urls);
    boolean autoRegister = flag(AUTO_REGISTER, true);
    Optional<String> serializer = Optional.ofNullable(left.remove(VALUE_SERIALIZER));
    Optional<String> deserializer = Optional.ofNullable(left.remove(VALUE_DESERIALIZER));
    if (serializer.isEmpty()) {
      requireWhatOurSerdeDoes();
    }
    Optional<Store> trust = store("truststore");
    Optional<Store> key = store("keystore");
    SerdeOptions defaults = SerdeOptions.of("mock://defaults");
    return new SerdeOptions(
        withoutUserInfo(urls),
        auth,
        trust,
        key,
        autoRegister,
        defaults.compatibility(),
        millis("http.read.timeout.ms", defaults.requestTimeout()),
        defaults.retryFor(),
        serializer,
        deserializer,
        left);
  }

  private void requireWhatOurSerdeDoes() {
    if (!flag(SPECIFIC_READER, true)) {
      throw new IllegalArgumentException(
          SPECIFIC_READER + "=false: our serde makes generated records only; allowed: true");
    }
    if (flag(LATEST, false)) {
      throw new IllegalArgumentException(
          LATEST + "=true: our serde writes the schema of the generated class; allowed: false");
    }
    String strategy = left.remove(VALUE_STRATEGY);
    if (strategy != null && !strategy.endsWith("TopicNameStrategy")) {
      throw new IllegalArgumentException(
          VALUE_STRATEGY + "=" + strategy + ": allowed with our serde: TopicNameStrategy");
    }
  }

  private Optional<BasicAuth> auth(String urls) {
    String source = left.remove(AUTH_SOURCE);
    String current = left.remove(AUTH_USER_INFO);
    String old = left.remove(AUTH_USER_INFO_OLD);
    if (source == null || source.equals("URL")) {
      return split(URI.create(urls.split(",")[0].trim()).getUserInfo(), URL);
    }
    if (source.equals("USER_INFO")) {
      return split(current != null ? current : old, AUTH_USER_INFO);
    }
    throw new IllegalArgumentException(AUTH_SOURCE + "=" + source + ": allowed: USER_INFO, URL");
  }

  private static Optional<BasicAuth> split(@Nullable String userInfo, String key) {
    if (userInfo == null) {
      return Optional.empty();
    }
    int colon = userInfo.indexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException(key + " must hold user:password");
    }
    return Optional.of(new BasicAuth(userInfo.substring(0, colon), userInfo.substring(colon + 1)));
  }

  private static List<String> withoutUserInfo(String urls) {
    return Arrays.stream(urls.split(","))
        .map(url -> url.trim().replaceFirst("//[^/@]*@", "//"))
        .toList();
  }

  private Optional<Store> store(String kind) {
    String file = left.remove(TLS + kind + ".location");
    String password = left.remove(TLS + kind + ".password");
    return Optional.ofNullable(file)
        .map(path -> new Store(Path.of(path), Optional.ofNullable(password)));
  }

  private boolean flag(String key, boolean byDefault) {
    String value = left.remove(key);
    if (value == null) {
      return byDefault;
    }
    if (!value.equals("true") && !value.equals("false")) {
      throw new IllegalArgumentException(key + "=" + value + ": allowed: true, false");
    }
    return value.equals("true");
  }

  private Duration millis(String key, Duration byDefault) {
    String value = left.remove(key);
    if (value == null) {
      return byDefault;
    }
    try {
      return Duration.ofMillis(Long.parseLong(value));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(key + "=" + value + ": allowed: milliseconds", e);
    }
  }

  /** What Confluent's classes are configured with. */
  static Map<String, Object> write(SerdeOptions options) {
    Map<String, Object> settings = new HashMap<>();
    settings.put(URL, String.join(",", options.registryUrls()));
    settings.put(AUTO_REGISTER, options.autoRegister());
    settings.put(SPECIFIC_READER, true);
    options
        .basicAuth()
        .ifPresent(
            auth -> {
              settings.put(AUTH_SOURCE, "USER_INFO");
              settings.put(AUTH_USER_INFO, auth.user() + ":" + auth.password());
            });
    options.trustStore().ifPresent(store -> putStore(settings, "truststore", store));
    options.keyStore().ifPresent(store -> putStore(settings, "keystore", store));
    settings.putAll(options.extra());
    return settings;
  }

  private static void putStore(Map<String, Object> settings, String kind, Store store) {
    settings.put(TLS + kind + ".location", store.file().toString());
    store.password().ifPresent(password -> settings.put(TLS + kind + ".password", password));
  }
}
