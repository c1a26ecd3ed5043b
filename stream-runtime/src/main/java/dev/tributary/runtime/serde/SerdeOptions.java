package dev.tributary.runtime.serde;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where schemas are registered, and which classes encode values.
 *
 * @param registryUrls base addresses of registries with Confluent's API, tried in order; {@code
 *     mock://name} alone is a registry in this process's memory
 * @param basicAuth user and password; empty: none
 * @param trustStore authorities the registry's certificate is checked against; empty: the JVM's
 * @param keyStore our client certificate; empty: none
 * @param autoRegister true: a schema is registered at first use; false: it must be there
 * @param compatibility level set for a subject before its schema is registered; empty: whatever the
 *     server has
 * @param requestTimeout limit of one HTTP request
 * @param retryFor how long a registry that does not answer is asked again before giving up
 * @param valueSerializerClass class that encodes values instead of ours, such as {@code
 *     io.confluent.kafka.serializers.KafkaAvroSerializer}; empty: ours
 * @param valueDeserializerClass its counterpart; both or none
 * @param extra further settings, handed to the named classes as they are
 */
public record SerdeOptions(
    List<String> registryUrls,
    Optional<BasicAuth> basicAuth,
    Optional<Store> trustStore,
    Optional<Store> keyStore,
    boolean autoRegister,
    Optional<CompatibilityLevel> compatibility,
    Duration requestTimeout,
    Duration retryFor,
    Optional<String> valueSerializerClass,
    Optional<String> valueDeserializerClass,
    Map<String, String> extra) {

  /** User name and password; never printed. */
  public record BasicAuth(String user, String password) {

    @Override
    public String toString() {
      return "BasicAuth[user=" + user + ", password=****]";
    }
  }

  /**
   * A key or trust store.
   *
   * @param file PKCS12 or JKS
   * @param password empty: none
   */
  public record Store(Path file, Optional<String> password) {

    @Override
    public String toString() {
      return "Store[file=" + file + ", password=****]";
    }
  }

  /** Checks addresses, durations and that both classes are named or none. */
  public SerdeOptions {
    registryUrls = List.copyOf(registryUrls);
    extra = Map.copyOf(extra);
    requireNonNull(basicAuth, "basicAuth");
    requireNonNull(trustStore, "trustStore");
    requireNonNull(keyStore, "keyStore");
    if (registryUrls.isEmpty()) {
      throw new IllegalArgumentException("schema.registry.url is empty: at least one address");
    }
    for (String url : registryUrls) {
      if (!url.matches("(https?|mock)://.+")) {
        throw new IllegalArgumentException(
            "schema.registry.url must start with http://, https:// or mock://: " + url);
      }
    }
    if (requestTimeout.isNegative() || requestTimeout.isZero() || retryFor.isNegative()) {
      throw new IllegalArgumentException(
          "request timeout must be positive, retry time not negative: "
              + requestTimeout
              + ", "
              + retryFor);
    }
    if (valueSerializerClass.isPresent() != valueDeserializerClass.isPresent()) {
      throw new IllegalArgumentException(
          "value serializer and value deserializer class go together: "
              + valueSerializerClass.orElse("(none)")
              + ", "
              + valueDeserializerClass.orElse("(none)"));
    }
  }

  /** Our serde against registries at these addresses, everything else by default. */
  public static SerdeOptions of(String... registryUrls) {
    return new SerdeOptions(
        List.of(registryUrls),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        true,
        Optional.of(CompatibilityLevel.FULL),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Optional.empty(),
        Optional.empty(),
        Map.of());
  }

  /** The same for a caller that asks an absent registry again by itself. */
  public SerdeOptions withoutRetries() {
    return with(Duration.ZERO, valueSerializerClass, valueDeserializerClass, extra);
  }

  /** The same with other classes for values, which get Confluent's settings and {@code more}. */
  public SerdeOptions withValueClasses(
      String serializerClass, String deserializerClass, Map<String, String> more) {
    return with(retryFor, Optional.of(serializerClass), Optional.of(deserializerClass), more);
  }

  private SerdeOptions with(
      Duration newRetryFor,
      Optional<String> serializerClass,
      Optional<String> deserializerClass,
      Map<String, String> more) {
    return new SerdeOptions(
        registryUrls,
        basicAuth,
        trustStore,
        keyStore,
        autoRegister,
        compatibility,
        requestTimeout,
        newRetryFor,
        serializerClass,
        deserializerClass,
        more);
  }

  /**
   * Reads Confluent's own settings; keys of other purposes are kept for the named classes.
   *
   * @throws IllegalArgumentException where a value asks for what our serde does not do
   */
  public static SerdeOptions fromConfluent(Map<String, ?> settings) {
    return ConfluentSettings.read(settings);
  }
}
