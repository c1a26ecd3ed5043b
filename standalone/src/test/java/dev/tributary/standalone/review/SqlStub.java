package dev.tributary.standalone.review;

import dev.tributary.runtime.testing.LocalServer;
import dev.tributary.standalone.platform.SqlClient;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/** A ClickHouse that answers as it is told, and remembers what it was asked. */
public final class SqlStub implements AutoCloseable {
  private final LocalServer server;
  private final List<String> asked = new CopyOnWriteArrayList<>();

  /** Answers each statement with what the function makes of it. */
  public SqlStub(UnaryOperator<String> answers) throws IOException {
    server =
        LocalServer.start(
            "/",
            exchange -> {
              String sql =
                  new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
              asked.add(sql + " FORMAT " + exchange.getRequestURI().getQuery());
              byte[] answer = answers.apply(sql).getBytes(StandardCharsets.UTF_8);
              LocalServer.answer(exchange, 200, answer);
            });
  }

  /** A client of it. */
  public SqlClient client() {
    return new SqlClient(base(), "any");
  }

  /** Where it listens. */
  public URI base() {
    return server.base();
  }

  /** The statements, in order. */
  public List<String> asked() {
    return asked;
  }

  @Override
  public void close() {
    server.close();
  }
}
