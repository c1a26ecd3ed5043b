package dev.tributary.embedded.clickhouse;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import dev.tributary.embedded.clickhouse.ResultFormat.Chunks;
import dev.tributary.embedded.http.StalledClients;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The response to one request: its headers, its encodings, and what becomes of errors. */
final class Response {

  private static final String DISPLAY_NAME = hostName();

  private final HttpExchange exchange;
  private final String version;
  private @Nullable ClickHouseRequest request;
  private Runnable beforeEnd = () -> {};
  private boolean areHeadersSent;

  Response(HttpExchange exchange, String version, String timezone) {
    this.exchange = exchange;
    this.version = version;
    headers().set("X-ClickHouse-Server-Display-Name", DISPLAY_NAME);
    headers().set("X-ClickHouse-Timezone", timezone);
  }

  /** Takes the encodings and the id of the request. */
  void describe(ClickHouseRequest of) {
    request = of;
    headers().set("X-ClickHouse-Query-Id", of.queryId());
  }

  /**
   * What is run once the engine has nothing more to do for a response that is no error, before its
   * last bytes go out. It may be run while earlier bytes are still on their way.
   */
  void beforeEnd(Runnable run) {
    beforeEnd = run;
  }

  /** Sets the headers that tell format and counters. */
  void describe(String format, Summary summary) {
    headers().set("X-ClickHouse-Format", format);
    headers().set("Content-Type", ResultFormat.contentType(format));
    headers().set("X-ClickHouse-Summary", summary.toJson());
  }

  /** A short plain text. */
  void text(int status, String text) throws IOException {
    headers().set("Content-Type", "text/plain; charset=UTF-8");
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    boolean hasBody = bytes.length > 0 && !exchange.getRequestMethod().equals("HEAD");
    send(status, hasBody ? bytes.length : -1);
    if (hasBody) {
      exchange.getResponseBody().write(bytes);
    }
  }

  /** Success without a body. */
  void empty() throws IOException {
    beforeEnd.run();
    send(200, -1);
  }

  /** A result that the engine holds as a whole. */
  void whole(String format, NativeResult result) throws IOException {
    describe(format, result.summary());
    long length = result.length();
    if (length == 0) {
      empty();
      return;
    }
    beforeEnd.run();
    try (OutputStream out = open(isEncoded() ? 0 : length)) {
      result.writeTo(out, 0);
    }
  }

  /**
   * A streamed result. One chunk is looked ahead, so that an error in the first two still becomes a
   * proper status and a small result has complete counters; a later error breaks the body off.
   */
  void stream(String format, ResultStream stream) throws IOException, EngineException {
    NativeResult current = stream.next();
    if (current == null) {
      describe(format, Summary.EMPTY);
      empty();
      return;
    }
    OutputStream out = null;
    Summary summary = Summary.EMPTY;
    boolean isFirst = true;
    boolean isSkipping = ResultFormat.chunksOf(format) == Chunks.SKIP_REPEATED_HEADER;
    try {
      while (current != null) {
        summary = summary.plusChunk(current.summary());
        NativeResult following = stream.next();
        if (following == null) {
          beforeEnd.run();
        }
        try (NativeResult chunk = current) {
          current = following;
          if (out == null) {
            describe(format, summary);
            out = open(following == null && !isEncoded() ? chunk.length() : 0);
          }
          chunk.writeTo(out, isSkipping && !isFirst ? headerLength(format, chunk) : 0);
          isFirst = false;
        }
      }
    } finally {
      if (current != null) {
        current.close();
      }
    }
    if (out != null) {
      out.close();
    }
  }

  private static int headerLength(String format, NativeResult chunk) throws EngineException {
    int length = (int) Math.min(chunk.length(), ResultFormat.MAX_HEADER_BYTES);
    int header = ResultFormat.headerLength(format, chunk.bytes(0, length));
    if (header < 0) {
      throw EngineException.notImplemented("A header of " + format + " is too long to stream");
    }
    return header;
  }

  /**
   * An error. When headers were sent already, the connection is broken off without the body's end,
   * so that no client takes half a result for a whole one.
   */
  void fail(EngineException e) throws IOException {
    if (areHeadersSent) {
      throw new IOException("failed after the headers were sent: " + e.text(), e);
    }
    headers().remove("Content-Encoding");
    headers().set("X-ClickHouse-Exception-Code", Integer.toString(e.code()));
    text(ErrorStatus.of(e.code()), e.text() + " (version " + version + " (official build))\n");
  }

  private boolean isEncoded() {
    return request != null && (request.hasCompressedBlocks() || request.acceptedEncoding() != null);
  }

  private OutputStream open(long length) throws IOException {
    HttpEncoding encoding = request == null ? null : request.acceptedEncoding();
    if (encoding != null) {
      headers().set("Content-Encoding", encoding.token());
    }
    send(200, length);
    OutputStream out = exchange.getResponseBody();
    if (encoding != null) {
      out = encoding.encode(out);
    }
    return request != null && request.hasCompressedBlocks() ? BlockFrames.writer(out) : out;
  }

  private void send(int status, long length) throws IOException {
    areHeadersSent = true;
    StalledClients.await(() -> exchange.sendResponseHeaders(status, length));
  }

  private Headers headers() {
    return exchange.getResponseHeaders();
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }
}
