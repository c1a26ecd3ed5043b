package dev.tributary.standalone.platform;

import dev.tributary.runtime.config.Settings;
import dev.tributary.sink.clickhouse.SinkConfig;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Runs SQL over ClickHouse's HTTP interface. */
public final class SqlClient {
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI base;
  private final String database;
  private final String user;
  private final String password;

  private SqlClient(URI base, String database, String user, String password) {
    this.base = base;
    this.database = database;
    this.user = user;
    this.password = password;
  }

  /**
   * A client without credentials.
   *
   * @param base address of ClickHouse's HTTP interface
   * @param database default database of statements
   */
  public SqlClient(URI base, String database) {
    this(base, database, "default", "");
  }

  /** A client for the ClickHouse that settings name, with the user and password they state. */
  public static SqlClient of(Settings settings) {
    return new SqlClient(
        URI.create(settings.get(SinkConfig.URL)),
        settings.get(SinkConfig.DATABASE),
        settings.get(SinkConfig.USER),
        settings.get(SinkConfig.PASSWORD).orElse(""));
  }

  /** A client for a running instance. */
  public static SqlClient of(Addresses addresses) {
    return new SqlClient(URI.create(addresses.clickHouse()), addresses.database());
  }

  /**
   * Runs one statement.
   *
   * @param format ClickHouse's name of the output format
   * @return the result as text
   * @throws IOException with ClickHouse's message when it refuses
   */
  public String run(String sql, String format) throws IOException, InterruptedException {
    try (InputStream result = open(sql, format)) {
      return new String(result.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /**
   * The same as it comes, for results of any size and formats that are no text.
   *
   * @return to be closed; reading fails where the server breaks off
   */
  public InputStream open(String sql, String format) throws IOException, InterruptedException {
    String query = "/?database=%s&default_format=%s".formatted(escape(database), escape(format));
    HttpRequest request =
        HttpRequest.newBuilder(base.resolve(query))
            .header("X-ClickHouse-User", user)
            .header("X-ClickHouse-Key", password)
            .POST(HttpRequest.BodyPublishers.ofString(sql))
            .build();
    HttpResponse<InputStream> answer;
    try {
      answer = client.send(request, BodyHandlers.ofInputStream());
    } catch (ConnectException e) {
      throw new IOException("ClickHouse does not answer at " + base, e);
    }
    if (answer.statusCode() != 200) {
      try (InputStream refusal = answer.body()) {
        String words = new String(refusal.readAllBytes(), StandardCharsets.UTF_8);
        throw new IOException("ClickHouse: " + words.strip());
      }
    }
    return answer.body();
  }

  /** Rows of a statement, each a list of its columns as text; NULL is {@code \N}. */
  public List<List<String>> rows(String sql) throws IOException, InterruptedException {
    List<List<String>> rows = new ArrayList<>();
    run(sql, "TSV").lines().forEach(line -> rows.add(List.of(line.split("\t", -1))));
    return rows;
  }

  private static String escape(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
