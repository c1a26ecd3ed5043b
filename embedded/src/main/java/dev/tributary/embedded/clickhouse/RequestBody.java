package dev.tributary.embedded.clickhouse;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The statement of a request and the data behind it. ClickHouse reads the URL's query, a line break
 * and the body as one text; data of an INSERT is never held, everything else is bounded.
 */
final class RequestBody implements AutoCloseable {

  /** Where an INSERT must have said what its data is (ClickHouse's max_query_size). */
  private static final int HEAD_BYTES = 256 * 1024;

  /** The longest statement without data; ours, since it is held on the child's small heap. */
  static final int MAX_STATEMENT_BYTES = 16 << 20;

  /** Each is held some four times over on its way into the engine, on a heap of 192 MiB. */
  private static final Semaphore LARGE = new Semaphore(1, true);

  private static final Duration WAIT_FOR_TURN = Duration.ofSeconds(60);

  private final SqlStatement statement;
  private final byte[] text;
  private final InputStream rest;

  private boolean isLarge;

  private RequestBody(SqlStatement statement, byte[] text, InputStream rest) {
    this.statement = statement;
    this.text = text;
    this.rest = rest;
  }

  /** To be closed when the statement has run: a large one keeps the next large one waiting. */
  static RequestBody read(ClickHouseRequest request, InputStream raw)
      throws IOException, EngineException, InterruptedException {
    InputStream body = decoded(request, raw);
    if (!request.query().isEmpty()) {
      byte[] url = (request.query() + "\n").getBytes(StandardCharsets.UTF_8);
      SqlStatement statement = SqlStatement.parse(url, url.length);
      if (statement.kind() == SqlStatement.Kind.INSERT_DATA) {
        return new RequestBody(statement, url, body);
      }
      return readWith(url, body);
    }
    return readWith(new byte[0], body);
  }

  private static RequestBody readWith(byte[] prefix, InputStream body)
      throws IOException, EngineException, InterruptedException {
    byte[] text = Arrays.copyOf(prefix, prefix.length + HEAD_BYTES);
    int length = prefix.length + body.readNBytes(text, prefix.length, HEAD_BYTES);
    boolean isWhole = length < text.length;
    SqlStatement statement = SqlStatement.parse(text, length);
    boolean isCutAtData = !isWhole && statement.dataOffset() >= length;
    if (statement.kind() == SqlStatement.Kind.INSERT_DATA && !isCutAtData) {
      return new RequestBody(statement, Arrays.copyOf(text, length), body);
    }
    if (isWhole) {
      return new RequestBody(statement, Arrays.copyOf(text, length), InputStream.nullInputStream());
    }
    awaitTurn();
    boolean isRead = false;
    try {
      RequestBody large = readLarge(text, length, body);
      isRead = true;
      return large;
    } finally {
      if (!isRead) {
        LARGE.release();
      }
    }
  }

  private static RequestBody readLarge(byte[] start, int startLength, InputStream body)
      throws IOException, EngineException {
    byte[] more = body.readNBytes(MAX_STATEMENT_BYTES + 1 - startLength);
    byte[] text = Arrays.copyOf(start, startLength + more.length);
    System.arraycopy(more, 0, text, startLength, more.length);
    if (text.length > MAX_STATEMENT_BYTES) {
      throw EngineException.syntax(
          "Max query size exceeded: a statement without data may have "
              + MAX_STATEMENT_BYTES
              + " bytes");
    }
    SqlStatement statement = SqlStatement.parse(text, text.length);
    RequestBody large = new RequestBody(statement, text, InputStream.nullInputStream());
    large.isLarge = true;
    return large;
  }

  private static void awaitTurn() throws EngineException, InterruptedException {
    if (!LARGE.tryAcquire(WAIT_FOR_TURN.toMillis(), TimeUnit.MILLISECONDS)) {
      throw EngineException.of(
          202,
          "TOO_MANY_SIMULTANEOUS_QUERIES",
          "Another statement over " + HEAD_BYTES + " bytes is still running");
    }
  }

  private static InputStream decoded(ClickHouseRequest request, InputStream raw)
      throws IOException {
    InputStream body = raw;
    HttpEncoding encoding = request.bodyEncoding();
    if (encoding != null) {
      PushbackInputStream peek = new PushbackInputStream(raw, 1);
      int first = peek.read();
      if (first < 0) {
        return InputStream.nullInputStream();
      }
      peek.unread(first);
      body = encoding.decode(peek);
    }
    return request.hasBlocksInBody() ? BlockFrames.reader(body) : body;
  }

  SqlStatement statement() {
    return statement;
  }

  /** The statement's text; for an INSERT with data also the data read so far. */
  byte[] text() {
    return text;
  }

  /** The data of an INSERT, from its first byte. Can be read once. */
  InputStream data() {
    int offset = statement.dataOffset();
    InputStream data =
        offset >= text.length
            ? rest
            : new SequenceInputStream(
                new ByteArrayInputStream(text, offset, text.length - offset), rest);
    return isValues() ? new ValuesInput(data) : data;
  }

  /** Whether the data is SQL text: rows of literals and expressions. */
  boolean isValues() {
    return "values".equalsIgnoreCase(statement.format());
  }

  /** Statement and data as one text, for an INSERT whose values refer to query parameters. */
  byte[] wholeText() throws IOException, EngineException, InterruptedException {
    if (!isLarge) {
      awaitTurn();
      isLarge = true;
    }
    byte[] more = rest.readNBytes(MAX_STATEMENT_BYTES + 1 - text.length);
    if (text.length + more.length > MAX_STATEMENT_BYTES) {
      throw EngineException.syntax(
          "Max query size exceeded: an INSERT with query parameters may have "
              + MAX_STATEMENT_BYTES
              + " bytes");
    }
    byte[] whole = Arrays.copyOf(text, text.length + more.length);
    System.arraycopy(more, 0, whole, text.length, more.length);
    return whole;
  }

  /** Lets the next large statement in. */
  @Override
  public void close() {
    if (isLarge) {
      isLarge = false;
      LARGE.release();
    }
  }
}
