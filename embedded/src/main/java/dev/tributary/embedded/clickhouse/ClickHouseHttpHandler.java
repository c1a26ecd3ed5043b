package dev.tributary.embedded.clickhouse;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.tributary.embedded.clickhouse.ChdbConnection.Analysis;
import dev.tributary.embedded.http.StalledClients;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** ClickHouse's HTTP interface over the engine of this process. */
final class ClickHouseHttpHandler implements HttpHandler {

  /** HEAD, OPTIONS and others are sent by machines that mean to change nothing. */
  private static final Set<String> STATEMENT_METHODS = Set.of("GET", "POST", "PUT");

  private final ChdbEngine engine;
  private final String user;
  private final @Nullable String password;

  /**
   * A handler.
   *
   * @param password null to accept every caller
   */
  ClickHouseHttpHandler(ChdbEngine engine, String user, @Nullable String password) {
    this.engine = engine;
    this.user = user;
    this.password = password;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    Response response = new Response(exchange, engine.version(), engine.timezone());
    try {
      route(exchange, response);
    } catch (EngineException e) {
      response.fail(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      response.fail(EngineException.of(210, "NETWORK_ERROR", "The server is shutting down"));
    }
    StalledClients.await(exchange::close);
  }

  private void route(HttpExchange exchange, Response response)
      throws IOException, EngineException, InterruptedException {
    WebPages.refuseForeign(exchange.getRequestHeaders());
    String path = exchange.getRequestURI().getPath();
    String method = exchange.getRequestMethod();
    boolean isRead = method.equals("GET") || method.equals("HEAD");
    boolean isBareRead = isRead && exchange.getRequestURI().getRawQuery() == null;
    if (path.equals("/ping") || (path.equals("/") && isBareRead)) {
      response.text(200, "Ok.\n");
      return;
    }
    if (!path.equals("/")) {
      response.text(404, "There is no handle " + path + "\n");
      return;
    }
    if (!STATEMENT_METHODS.contains(method)) {
      response.text(405, "A statement comes by GET, POST or PUT, not by " + method + "\n");
      return;
    }
    ClickHouseRequest request = ClickHouseRequest.of(exchange);
    response.describe(request);
    authenticate(request);
    try (RequestBody body = read(request, exchange.getRequestBody())) {
      run(request, body, response);
    }
  }

  private static RequestBody read(ClickHouseRequest request, InputStream raw)
      throws EngineException, InterruptedException {
    try {
      return RequestBody.read(request, raw);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /** A body that is not what its headers say is the client's error, with ClickHouse's own code. */
  private static EngineException unreadable(IOException e) {
    return EngineException.of(
        271,
        "CANNOT_DECOMPRESS",
        "Cannot read the request's body: " + (e.getMessage() == null ? e : e.getMessage()));
  }

  private void authenticate(ClickHouseRequest request) throws EngineException {
    if (password == null) {
      return;
    }
    // The user is no secret; only the password's comparison must not tell how far it matched.
    if (!equalInConstantTime(password, request.password()) || !user.equals(request.user())) {
      throw EngineException.of(
          516,
          "AUTHENTICATION_FAILED",
          request.user()
              + ": Authentication failed: password is incorrect, or there is no user with such name.");
    }
  }

  private static boolean equalInConstantTime(String expected, String given) {
    return MessageDigest.isEqual(
        expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
  }

  private void run(ClickHouseRequest request, RequestBody body, Response response)
      throws IOException, EngineException, InterruptedException {
    if (body.statement().kind() == SqlStatement.Kind.EMPTY) {
      throw EngineException.syntax(
          "Syntax error: failed at position 1 (end of query): Empty query");
    }
    try (ChdbEngine.Lease lease =
        engine.acquire(request.sessionId(), request.sessionTimeout(), request.mustSessionExist())) {
      response.beforeEnd(lease::freeSession);
      ChdbConnection connection = lease.connection();
      String database = request.database();
      connection.prepare(
          database == null && !lease.isSession() ? "default" : database, request.settings());
      if (body.statement().kind() == SqlStatement.Kind.INSERT_DATA) {
        insert(request, body, connection, response);
      } else {
        query(request, body, lease, response);
      }
    }
  }

  private void insert(
      ClickHouseRequest request, RequestBody body, ChdbConnection connection, Response response)
      throws IOException, EngineException, InterruptedException {
    if (request.isGet()) {
      throw readOnly();
    }
    String format = String.valueOf(body.statement().format());
    Summary summary =
        body.isValues() && !request.parameters().isEmpty()
            ? insertValuesWithParameters(request, body, connection)
            : insertData(request, body, format, connection);
    response.describe(format, summary);
    response.empty();
  }

  private static Summary insertData(
      ClickHouseRequest request, RequestBody body, String format, ChdbConnection connection)
      throws EngineException {
    byte[] head = Arrays.copyOf(body.text(), body.statement().headLength());
    try (NativeResult result = connection.insert(head, format, request.parameters(), body.data())) {
      return result.summary();
    } catch (ValuesInput.SecondStatement e) {
      throw e.error();
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /**
   * Placeholders within VALUES are replaced while the statement is parsed, so it goes as a whole.
   */
  private static Summary insertValuesWithParameters(
      ClickHouseRequest request, RequestBody body, ChdbConnection connection)
      throws EngineException, InterruptedException {
    byte[] sql;
    try {
      sql = body.wholeText();
    } catch (IOException e) {
      throw unreadable(e);
    }
    refuseSeveral(connection.analyse(sql));
    try (NativeResult result = connection.query(sql, ResultFormat.DEFAULT, request.parameters())) {
      return result.summary();
    }
  }

  private void query(
      ClickHouseRequest request, RequestBody body, ChdbEngine.Lease lease, Response response)
      throws IOException, EngineException {
    ChdbConnection connection = lease.connection();
    SqlStatement statement = body.statement();
    byte[] sql = body.text();
    Analysis analysis = connection.analyse(sql);
    refuseSeveral(analysis);
    if (analysis.control()) {
      // Before it runs: also a statement that fails half way may have left something behind.
      lease.taint();
    }
    if (request.isGet() && !analysis.readOnly() && statement.kind() != SqlStatement.Kind.SESSION) {
      throw readOnly();
    }
    String format = formatOf(request, statement);
    boolean isStreamed =
        statement.kind() == SqlStatement.Kind.SELECT
            && !statement.needsWholeResult()
            && !hasArrayOfRows(request, sql)
            && ResultFormat.chunksOf(format) != ResultFormat.Chunks.WHOLE_RESULT;
    if (isStreamed) {
      try (ResultStream stream = connection.stream(sql, format, request.parameters())) {
        response.stream(format, stream);
        return;
      } catch (EngineException e) {
        // WITH ... INSERT begins like a SELECT; the engine refused it before it ran anything.
        if (!ChdbConnection.isNotStreamable(e)) {
          throw e;
        }
      }
    }
    try (NativeResult result = connection.query(sql, format, request.parameters())) {
      response.whole(format, result);
    }
  }

  private static String formatOf(ClickHouseRequest request, SqlStatement statement) {
    String inStatement = statement.format();
    if (inStatement != null) {
      return inStatement;
    }
    String inRequest = request.format();
    return inRequest == null ? ResultFormat.DEFAULT : inRequest;
  }

  /** This setting puts brackets around all rows, which chunks would repeat. */
  private static boolean hasArrayOfRows(ClickHouseRequest request, byte[] sql) {
    String setting = "output_format_json_array_of_rows";
    return request.settings().containsKey(setting)
        || new String(sql, StandardCharsets.ISO_8859_1).contains(setting);
  }

  private static void refuseSeveral(Analysis analysis) throws EngineException {
    if (analysis.statements() > 1) {
      throw EngineException.syntax(
          "Multi-statements are not allowed: the text holds "
              + analysis.statements()
              + " statements");
    }
  }

  private static EngineException readOnly() {
    return EngineException.of(
        164,
        "READONLY",
        "Cannot execute query in readonly mode. For queries over HTTP, method GET implies"
            + " readonly. You should use method POST for modifying queries");
  }
}
