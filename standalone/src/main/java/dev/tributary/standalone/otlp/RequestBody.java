package dev.tributary.standalone.otlp;

import com.sun.net.httpserver.HttpExchange;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.zip.ZipException;

/**
 * Reads request bodies, with a bound on what one unpacks to and on the bytes of all of them
 * together: a few kilobytes of gzip are megabytes here, and sixteen clients may send at a time.
 */
final class RequestBody {
  private static final int CHUNK_BYTES = 1 << 16;

  private final int maxBytes;
  private final Semaphore room;

  /**
   * A reader.
   *
   * @param maxBytes largest body after decompression, and most of all that were read and not {@link
   *     #release released}
   */
  RequestBody(int maxBytes) {
    this.maxBytes = maxBytes;
    this.room = new Semaphore(maxBytes);
  }

  /**
   * The whole body, decompressed; to be released.
   *
   * @throws RefusedRequestException for an unknown encoding, broken gzip, too many bytes, or while
   *     others take the room
   */
  byte[] read(HttpExchange exchange) throws IOException, RefusedRequestException {
    String encoding = exchange.getRequestHeaders().getFirst("Content-Encoding");
    if (encoding == null || encoding.equalsIgnoreCase("identity")) {
      return bounded(exchange.getRequestBody());
    }
    if (!encoding.equalsIgnoreCase("gzip")) {
      throw new RefusedRequestException(415, "Content-Encoding must be gzip or identity");
    }
    try (GzipBody unpacked = new GzipBody(exchange.getRequestBody(), CHUNK_BYTES)) {
      return bounded(unpacked);
    } catch (ZipException | EOFException e) {
      throw new RefusedRequestException(400, "the body is not valid gzip: " + e.getMessage());
    }
  }

  /** Gives the room of a body back. */
  void release(byte[] body) {
    room.release(body.length);
  }

  /** Reads the rest of what a client sends: it looks for an answer only when all is sent. */
  void skipRest(HttpExchange exchange) throws IOException {
    InputStream rest = exchange.getRequestBody();
    byte[] chunk = new byte[CHUNK_BYTES];
    long skipped = 0;
    for (int read = rest.read(chunk); read >= 0 && skipped < maxBytes; read = rest.read(chunk)) {
      skipped += read;
    }
  }

  private byte[] bounded(InputStream in) throws IOException, RefusedRequestException {
    List<byte[]> chunks = new ArrayList<>();
    int taken = 0;
    boolean isWhole = false;
    try {
      for (byte[] chunk = in.readNBytes(CHUNK_BYTES);
          chunk.length > 0;
          chunk = in.readNBytes(CHUNK_BYTES)) {
        if (chunk.length > maxBytes - taken) {
          throw new RefusedRequestException(413, "a body may have at most " + maxBytes + " bytes");
        }
        if (!room.tryAcquire(chunk.length)) {
          throw RefusedRequestException.tryAgain("too much is sent at a time, try again");
        }
        taken += chunk.length;
        chunks.add(chunk);
      }
      byte[] body = joined(chunks, taken);
      isWhole = true;
      return body;
    } finally {
      if (!isWhole) {
        room.release(taken);
      }
    }
  }

  private static byte[] joined(List<byte[]> chunks, int bytes) {
    if (chunks.size() == 1) {
      return chunks.get(0);
    }
    ByteBuffer joined = ByteBuffer.allocate(bytes);
    chunks.forEach(joined::put);
    return joined.array();
  }
}
