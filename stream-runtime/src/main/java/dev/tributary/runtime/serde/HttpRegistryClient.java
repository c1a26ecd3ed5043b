package dev.tributary.runtime.serde;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tributary.runtime.http.HttpLimit;
import dev.tributary.runtime.serde.SerdeOptions.BasicAuth;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/**
 * Client of a registry with Confluent's REST API, on the JDK's HTTP client.
 *
 * <p>Addresses are tried in order, starting with the one that answered last; a refused connection,
 * a timeout, 429 and 5xx go on to the next. After a round without an answer it waits 100 ms,
 * doubling up to 2 s, until {@code retryFor} is used up. Any other status is an answer.
 */
public final class HttpRegistryClient implements SchemaRegistryClient {

  private static final String CONTENT_TYPE = "application/vnd.schemaregistry.v1+json";
  private static final long FIRST_WAIT_MS = 100;
  private static final long LONGEST_WAIT_MS = 2_000;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final List<String> urls;
  private final Duration requestTimeout;
  private final Duration retryFor;
  private final @Nullable String authorization;
  private final HttpClient http;

  /** Index of the address that answered last; a race costs one more attempt at most. */
  private volatile int preferred;

  /**
   * Connects at the first call.
   *
   * @throws org.apache.kafka.common.config.ConfigException where a key or trust store cannot be
   *     read
   */
  public HttpRegistryClient(SerdeOptions options) {
    this.urls = options.registryUrls().stream().map(url -> url.replaceFirst("/+$", "")).toList();
    this.requestTimeout = options.requestTimeout();
    this.retryFor = options.retryFor();
    this.authorization =
        options.basicAuth().map(HttpRegistryClient::basicAuthorization).orElse(null);
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .connectTimeout(requestTimeout);
    RegistryTls.context(options).ifPresent(builder::sslContext);
    this.http = builder.build();
  }

  @Override
  public int register(String subject, String schema) {
    return answer("POST", "/subjects/" + encode(subject) + "/versions", schemaBody(schema))
        .id("register a schema under subject " + subject);
  }

  @Override
  public Optional<Integer> lookup(String subject, String schema) {
    Answer answer = answer("POST", "/subjects/" + encode(subject), schemaBody(schema));
    return answer.isNotFound()
        ? Optional.empty()
        : Optional.of(answer.id("look up a schema under subject " + subject));
  }

  @Override
  public boolean hasVersions(String subject) {
    Answer answer = answer("GET", "/subjects/" + encode(subject) + "/versions", null);
    return !answer.isNotFound() && answer.hasItems("list the versions of subject " + subject);
  }

  @Override
  public Optional<String> schemaById(int id) {
    Answer answer = answer("GET", "/schemas/ids/" + id, null);
    return answer.isNotFound()
        ? Optional.empty()
        : Optional.of(answer.field("schema", "get schema id " + id).asText());
  }

  @Override
  public boolean isCompatible(String subject, String schema) {
    Answer answer =
        answer(
            "POST",
            "/compatibility/subjects/" + encode(subject) + "/versions/latest",
            schemaBody(schema));
    // A subject without versions accepts anything.
    return answer.isNotFound()
        || answer.field("is_compatible", "check a schema against subject " + subject).asBoolean();
  }

  @Override
  public void setCompatibility(String subject, CompatibilityLevel level) {
    ObjectNode body = JSON.createObjectNode().put("compatibility", level.name());
    answer("PUT", "/config/" + encode(subject), body)
        .field("compatibility", "set compatibility " + level + " of subject " + subject);
  }

  @Override
  public void close() {
    // java.net.http.HttpClient of JDK 17 has no close; its threads are daemons and end with it.
  }

  private Answer answer(String method, String path, @Nullable ObjectNode body) {
    long startNs = System.nanoTime();
    long waitMs = FIRST_WAIT_MS;
    while (true) {
      IOException last = null;
      for (int i = 0; i < urls.size(); i++) {
        int index = (preferred + i) % urls.size();
        try {
          Answer answer = send(urls.get(index), method, path, body);
          preferred = index;
          return answer;
        } catch (IOException e) {
          last = e;
        }
      }
      Duration spent = Duration.ofNanos(System.nanoTime() - startNs).plusMillis(waitMs);
      if (last != null && spent.compareTo(retryFor) > 0) {
        throw new SchemaRegistryUnavailableException(
            "no schema registry answers at " + urls + " (" + method + " " + path + "): " + last,
            last);
      }
      sleep(waitMs);
      waitMs = Math.min(LONGEST_WAIT_MS, 2 * waitMs);
    }
  }

  /** Throws IOException where another attempt may help. */
  private Answer send(String url, String method, String path, @Nullable ObjectNode body)
      throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + path))
            .timeout(requestTimeout)
            .header("Accept", CONTENT_TYPE + ", application/json")
            .method(
                method,
                body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body.toString()));
    if (body != null) {
      request.header("Content-Type", CONTENT_TYPE);
    }
    if (authorization != null) {
      request.header("Authorization", authorization);
    }
    HttpResponse<String> response;
    try {
      response =
          HttpLimit.send(
              http,
              request.build(),
              BodyHandlers.ofString(StandardCharsets.UTF_8),
              requestTimeout.multipliedBy(2));
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
    int status = response.statusCode();
    if (status == 429 || status >= 500) {
      throw new IOException("HTTP " + status + " from " + url + ": " + shorten(response.body()));
    }
    return new Answer(url, status, response.body());
  }

  private static void sleep(long ms) {
    try {
      Thread.sleep(ms);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  private static ObjectNode schemaBody(String schema) {
    return JSON.createObjectNode().put("schema", schema);
  }

  private static String basicAuthorization(BasicAuth auth) {
    byte[] credentials = (auth.user() + ":" + auth.password()).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(credentials);
  }

  /** A subject in a path: form encoding writes a blank as plus. */
  private static String encode(String subject) {
    return URLEncoder.encode(subject, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static String shorten(String body) {
    return body.length() <= 300 ? body : body.substring(0, 300) + "…";
  }

  private record Answer(String url, int status, String body) {

    /** Only the registry's own "no such …" counts: a proxy's 404 has no error code. */
    boolean isNotFound() {
      return status == 404 && errorCode() >= 40_400;
    }

    int id(String what) {
      return field("id", what).asInt();
    }

    boolean hasItems(String what) {
      return !accepted(what).isEmpty();
    }

    JsonNode field(String name, String what) {
      JsonNode field = accepted(what).get(name);
      if (field == null) {
        throw new SchemaRegistryException(
            status, status, url + ": cannot " + what + ": the answer has no '" + name + "'");
      }
      return field;
    }

    private JsonNode accepted(String what) {
      if (status < 200 || status > 299) {
        throw refused(what);
      }
      return json();
    }

    private SchemaRegistryException refused(String what) {
      String reason =
          status == 401 || status == 403
              ? "user or password refused (HTTP " + status + ")"
              : "HTTP " + status + ": " + shorten(body);
      return new SchemaRegistryException(
          status, errorCode(), url + ": cannot " + what + ": " + reason);
    }

    private int errorCode() {
      try {
        return JSON.readTree(body).path("error_code").asInt(status);
      } catch (JsonProcessingException e) {
        // Not the registry's own answer; the status says what there is to say.
        return status;
      }
    }

    private JsonNode json() {
      try {
        return JSON.readTree(body);
      } catch (JsonProcessingException e) {
        throw new SchemaRegistryException(
            status, status, url + ": not a schema registry, its answer is not JSON");
      }
    }
  }
}
