package dev.tributary.standalone.otlp;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * Unpacks gzip, of one member or several, and refuses bytes behind it: the stream of the JDK takes
 * what is no further member for the end, and half of what a client meant to send would be missing
 * behind an answer that all was taken. What is left in the request can still be skipped after a
 * close.
 */
final class GzipBody extends GZIPInputStream {
  /** CRC and length. */
  private static final int TRAILER_BYTES = 8;

  private final Packed packed;

  /** Packed bytes that came until the unpacker was last filled. */
  private long filled;

  GzipBody(InputStream in, int bufferBytes) throws IOException {
    this(new Packed(in), bufferBytes);
  }

  private GzipBody(Packed packed, int bufferBytes) throws IOException {
    super(packed, bufferBytes);
    this.packed = packed;
  }

  @Override
  protected void fill() throws IOException {
    super.fill();
    filled = packed.count;
  }

  /**
   * As of a stream.
   *
   * @throws ZipException for broken gzip, and where bytes follow it
   */
  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    int read = super.read(into, offset, length);
    if (read < 0) {
      long end = filled - inf.getRemaining() + TRAILER_BYTES;
      if (packed.count > end || packed.read() >= 0) {
        throw new ZipException("bytes follow the end of it");
      }
    }
    return read;
  }

  /** Counts what is read; says that there is more only if there is. Is not closed. */
  private static final class Packed extends FilterInputStream {
    private static final int NONE = -2;

    private long count;
    private int next = NONE;

    Packed(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int read = next == NONE ? in.read() : next;
      next = NONE;
      count += read < 0 ? 0 : 1;
      return read;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      if (next != NONE && length > 0) {
        int first = read();
        if (first < 0) {
          return -1;
        }
        into[offset] = (byte) first;
        return 1;
      }
      int read = in.read(into, offset, length);
      count += Math.max(0, read);
      return read;
    }

    /** Asked for whether another member follows; a network may have it only later. */
    @Override
    public int available() throws IOException {
      if (next == NONE) {
        next = in.read();
      }
      return next < 0 ? 0 : 1;
    }

    @Override
    public void close() {}
  }
}
