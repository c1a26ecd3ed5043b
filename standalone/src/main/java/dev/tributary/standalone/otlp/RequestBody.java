package dev.tributary.standalone.otlp;

import com.sun.net.httpserver.HttpExchange;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Reads request bodies with a bound on what they unpack to. */
final class RequestBody {
  private RequestBody() {}

  /**
   * The whole body, decompressed.
   *
   * @throws RefusedRequestException for an unknown encoding, broken gzip, or too many bytes
   */
  static byte[] read(HttpExchange exchange, int maxBytes)
      throws IOException, RefusedRequestException {
    String encoding = exchange.getRequestHeaders().getFirst("Content-Encoding");
    if (encoding == null || encoding.equalsIgnoreCase("identity")) {
      return bounded(exchange.getRequestBody(), maxBytes);
    }
    if (!encoding.equalsIgnoreCase("gzip")) {
      throw new RefusedRequestException(415, "Content-Encoding must be gzip or identity");
    }
    try (InputStream unpacked = new GZIPInputStream(exchange.getRequestBody(), 1 << 16)) {
      return bounded(unpacked, maxBytes);
    } catch (ZipException | EOFException e) {
      throw new RefusedRequestException(400, "the body is not valid gzip: " + e.getMessage());
    }
  }

  private static byte[] bounded(InputStream in, int maxBytes)
      throws IOException, RefusedRequestException {
    byte[] body = in.readNBytes(maxBytes);
    if (body.length == maxBytes && in.read() >= 0) {
      throw new RefusedRequestException(413, "a body may have at most " + maxBytes + " bytes");
    }
    return body;
  }
}
