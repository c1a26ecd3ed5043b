package dev.tributary.embedded.clickhouse;

import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.ZstdOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.util.Locale;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.InflaterInputStream;
import net.jpountz.lz4.LZ4FrameInputStream;
import net.jpountz.lz4.LZ4FrameOutputStream;
import org.jspecify.annotations.Nullable;

/** The HTTP content encodings that ClickHouse's clients use, in the order the server prefers. */
enum HttpEncoding {
  LZ4("lz4"),
  ZSTD("zstd"),
  GZIP("gzip"),
  DEFLATE("deflate");

  private static final int BUFFER_BYTES = 64 * 1024;

  private final String token;

  HttpEncoding(String token) {
    this.token = token;
  }

  String token() {
    return token;
  }

  /** The best encoding an {@code Accept-Encoding} header allows, or null for none of ours. */
  static @Nullable HttpEncoding accepted(@Nullable String header) {
    if (header == null) {
      return null;
    }
    String list = "," + header.toLowerCase(Locale.ROOT).replace(" ", "") + ",";
    for (HttpEncoding encoding : values()) {
      if (list.contains("," + encoding.token + ",") || list.contains("," + encoding.token + ";")) {
        return encoding;
      }
    }
    return null;
  }

  /**
   * The encoding of a request's body, or null for {@code identity} and none.
   *
   * @throws EngineException for an encoding this server does not know
   */
  static @Nullable HttpEncoding ofRequest(@Nullable String header) throws EngineException {
    if (header == null || header.isBlank() || header.strip().equalsIgnoreCase("identity")) {
      return null;
    }
    for (HttpEncoding encoding : values()) {
      if (encoding.token.equalsIgnoreCase(header.strip())) {
        return encoding;
      }
    }
    throw EngineException.of(
        89,
        "UNKNOWN_COMPRESSION_METHOD",
        "Unknown Content-Encoding '" + header + "'; known are lz4, zstd, gzip, deflate");
  }

  InputStream decode(InputStream in) throws IOException {
    return switch (this) {
      case LZ4 -> new LZ4FrameInputStream(in);
      case ZSTD -> new ZstdInputStream(in);
      case GZIP -> new GZIPInputStream(new UntilItsEnd(in), BUFFER_BYTES);
      case DEFLATE -> new InflaterInputStream(in);
    };
  }

  OutputStream encode(OutputStream out) throws IOException {
    return switch (this) {
      case LZ4 -> new LZ4FrameOutputStream(out, LZ4FrameOutputStream.BLOCKSIZE.SIZE_64KB);
      case ZSTD -> new ZstdOutputStream(out, 1);
      case GZIP -> new GZIPOutputStream(out, BUFFER_BYTES);
      case DEFLATE -> new DeflaterOutputStream(out);
    };
  }

  /**
   * Has more available until its end. Java's reader takes a gzip body for finished when a member
   * ends and nothing of the next one has arrived yet.
   */
  private static final class UntilItsEnd extends PushbackInputStream {
    UntilItsEnd(InputStream in) {
      super(in, 1);
    }

    @Override
    public int available() throws IOException {
      int next = read();
      if (next < 0) {
        return 0;
      }
      unread(next);
      return 1;
    }
  }
}
