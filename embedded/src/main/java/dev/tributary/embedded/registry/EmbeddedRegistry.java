package dev.tributary.embedded.registry;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tributary.embedded.http.StalledClients;
import dev.tributary.embedded.registry.RegistryRoutes.Request;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A schema registry with Confluent's REST API on loopback: Avro only, single process. Every change
 * is on disk before it is answered; ids and versions survive a restart and a SIGKILL. Not
 * supported: references, modes, import of ids, contexts, normalisation.
 */
public final class EmbeddedRegistry implements AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(EmbeddedRegistry.class);
  private static final String CONTENT_TYPE = "application/vnd.schemaregistry.v1+json";
  private static final String HOST = "127.0.0.1";

  /** Beyond any schema of ours (the largest is about 30 kB), within any heap. */
  private static final int BODY_BYTES_MAX = 4 * 1024 * 1024;

  static final int THREADS = 2;

  /** With a client that neither sends nor reads. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final HttpServer server;
  private final ExecutorService threads;
  private final StalledClients stalled;
  private final SchemaStore store;
  private final RegistryRoutes routes;
  private final @Nullable String authorization;
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * What a registry is started with.
   *
   * @param dataDir folder of the journal; created when absent; one registry at a time
   * @param port TCP port on 127.0.0.1, 0 for any free one
   * @param defaultCompatibility level of subjects without one, until {@code PUT /config}
   * @param basicAuth {@code user:password} that requests must carry; empty: no authentication
   */
  public record Options(
      Path dataDir, int port, Compatibility defaultCompatibility, Optional<String> basicAuth) {

    /** Checks the port and the shape of the credentials. */
    public Options {
      requireNonNull(dataDir, "dataDir");
      requireNonNull(defaultCompatibility, "defaultCompatibility");
      if (port < 0 || port > 65_535) {
        throw new IllegalArgumentException("port must be 0 (any) to 65535: " + port);
      }
      if (basicAuth.isPresent() && basicAuth.get().indexOf(':') < 1) {
        throw new IllegalArgumentException("basicAuth must be user:password");
      }
    }

    /** Level FULL, no authentication. */
    public Options(Path dataDir, int port) {
      this(dataDir, port, Compatibility.FULL, Optional.empty());
    }

    @Override
    public String toString() {
      return "Options[dataDir=" + dataDir + ", port=" + port + "]";
    }
  }

  private EmbeddedRegistry(
      HttpServer server, SchemaStore store, Options options, Duration patience) {
    this.server = server;
    this.stalled = new StalledClients("embedded-registry-clock", patience);
    this.store = store;
    this.routes = new RegistryRoutes(store);
    this.authorization = options.basicAuth().map(EmbeddedRegistry::authorization).orElse(null);
    this.threads =
        Executors.newFixedThreadPool(
            THREADS,
            task -> {
              Thread thread = new Thread(task, "embedded-registry");
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Opens the journal and serves.
   *
   * @throws UncheckedIOException when the port is in use, or the journal is damaged or in use
   */
  public static EmbeddedRegistry start(Options options) {
    return start(options, PATIENCE);
  }

  /**
   * As {@link #start(Options)}.
   *
   * @param patience how long a client may neither send nor read in the middle of a request
   */
  static EmbeddedRegistry start(Options options, Duration patience) {
    try {
      HttpServer server =
          HttpServer.create(
              new InetSocketAddress(
                  InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), options.port()),
              0);
      EmbeddedRegistry registry;
      try {
        Journal journal = Journal.open(options.dataDir().resolve("registry.journal"));
        SchemaStore store = new SchemaStore(journal, options.defaultCompatibility());
        registry = new EmbeddedRegistry(server, store, options, patience);
      } catch (IOException e) {
        server.stop(0);
        throw e;
      }
      registry.serve();
      return registry;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "embedded registry does not start on port "
              + options.port()
              + ", directory "
              + options.dataDir()
              + ": "
              + e.getMessage(),
          e);
    }
  }

  /** Base address, as {@code http://127.0.0.1:port}. */
  public String url() {
    return "http://" + HOST + ":" + server.getAddress().getPort();
  }

  /** Stops serving and closes the journal; repeated calls do nothing. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      server.stop(0);
      threads.shutdown();
      stalled.close();
      try {
        store.close();
      } catch (IOException e) {
        throw new UncheckedIOException("cannot close the registry's journal", e);
      }
    }
  }

  private void serve() {
    // Interrupted while it writes the journal, a thread would close that.
    server.createContext("/", this::handle).getFilters().add(StalledClients.filter());
    server.setExecutor(task -> threads.execute(stalled.with(task)));
    server.start();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try {
      int status = 200;
      JsonNode body;
      try {
        requireAuthorized(exchange);
        body = routes.answer(request(exchange));
      } catch (RegistryError e) {
        status = e.status();
        body = error(e.code(), String.valueOf(e.getMessage()));
      } catch (RuntimeException e) {
        // The outermost frame of a request: what is not an answer is a fault
        // of ours or of the disk.
        LOGGER.atError().setCause(e).log("registry request failed");
        status = 500;
        body = error(50001, "Error in the backend data store: " + e.getMessage());
      }
      byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", CONTENT_TYPE);
      if (status == 401) {
        exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"registry\"");
      }
      int answered = status;
      StalledClients.await(() -> exchange.sendResponseHeaders(answered, bytes.length));
      exchange.getResponseBody().write(bytes);
    } finally {
      StalledClients.await(exchange::close);
    }
  }

  private void requireAuthorized(HttpExchange exchange) {
    if (authorization == null) {
      return;
    }
    String given = exchange.getRequestHeaders().getFirst("Authorization");
    byte[] expected = authorization.getBytes(StandardCharsets.UTF_8);
    if (given == null || !MessageDigest.isEqual(expected, given.getBytes(StandardCharsets.UTF_8))) {
      throw RegistryError.of(401, "Unauthorized");
    }
  }

  private static Request request(HttpExchange exchange) throws IOException {
    URI uri = exchange.getRequestURI();
    List<String> path =
        Arrays.stream(uri.getRawPath().split("/"))
            .filter(segment -> !segment.isEmpty())
            // Form decoding would read a plus as a blank.
            .map(segment -> decode(segment.replace("+", "%2B")))
            .toList();
    byte[] body = exchange.getRequestBody().readNBytes(BODY_BYTES_MAX + 1);
    if (body.length > BODY_BYTES_MAX) {
      throw RegistryError.of(413, "the request's body is over " + BODY_BYTES_MAX + " bytes");
    }
    return new Request(
        exchange.getRequestMethod(),
        path,
        query(uri.getRawQuery()),
        new String(body, StandardCharsets.UTF_8));
  }

  private static Map<String, String> query(@Nullable String raw) {
    Map<String, String> query = new HashMap<>();
    if (raw != null) {
      for (String pair : raw.split("&")) {
        int equals = pair.indexOf('=');
        if (equals > 0) {
          query.put(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
        }
      }
    }
    return query;
  }

  private static String decode(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private static JsonNode error(int code, String message) {
    return JsonNodeFactory.instance.objectNode().put("error_code", code).put("message", message);
  }

  private static String authorization(String userAndPassword) {
    byte[] bytes = userAndPassword.getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(bytes);
  }
}
