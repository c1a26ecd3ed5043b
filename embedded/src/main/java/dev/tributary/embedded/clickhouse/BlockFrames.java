package dev.tributary.embedded.clickhouse;

import com.clickhouse.data.ClickHouseCityHash;
import com.github.luben.zstd.Zstd;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;

/**
 * ClickHouse's own compressed blocks, asked for by {@code compress=1} and announced by {@code
 * decompress=1}. A frame is CityHash128 (two little-endian longs) over the rest; method byte (0x82
 * LZ4, 0x90 ZSTD, 0x02 none); int32 LE compressed size including the 9 header bytes; int32 LE
 * uncompressed size; payload.
 */
final class BlockFrames {

  private static final int HASH_BYTES = 16;
  private static final int HEADER_BYTES = 9;
  private static final byte METHOD_NONE = 0x02;
  private static final byte METHOD_LZ4 = (byte) 0x82;
  private static final byte METHOD_ZSTD = (byte) 0x90;

  /** ClickHouse's own block size for output (max_compress_block_size). */
  private static final int OUTPUT_BLOCK_BYTES = 1 << 20;

  /** ClickHouse's DBMS_MAX_COMPRESSED_SIZE is 1 GiB; the child's heap allows far less. */
  private static final int MAX_BLOCK_BYTES = 32 << 20;

  private BlockFrames() {}

  static OutputStream writer(OutputStream out) {
    return new Writer(out);
  }

  /** Reads frames; a bad hash, method or size is an {@link IOException} that says so. */
  static InputStream reader(InputStream in) {
    return new Reader(in);
  }

  /** The module carries the only published CityHash 1.0.2 in Java; its deprecation is a move. */
  @SuppressWarnings("deprecation")
  private static long[] hash(byte[] bytes, int offset, int length) {
    return ClickHouseCityHash.cityHash128(bytes, offset, length);
  }

  private static final class Writer extends OutputStream {
    private final OutputStream out;
    private final LZ4Compressor compressor = LZ4Factory.fastestInstance().fastCompressor();
    private final byte[] block = new byte[OUTPUT_BLOCK_BYTES];
    private final byte[] frame =
        new byte[HASH_BYTES + HEADER_BYTES + compressor.maxCompressedLength(OUTPUT_BLOCK_BYTES)];
    private int filled;

    Writer(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      int from = offset;
      int left = length;
      while (left > 0) {
        int count = Math.min(left, block.length - filled);
        System.arraycopy(bytes, from, block, filled, count);
        filled += count;
        from += count;
        left -= count;
        if (filled == block.length) {
          writeBlock();
        }
      }
    }

    private void writeBlock() throws IOException {
      if (filled == 0) {
        return;
      }
      int compressed = compressor.compress(block, 0, filled, frame, HASH_BYTES + HEADER_BYTES);
      ByteBuffer buffer = ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN);
      buffer.put(HASH_BYTES, METHOD_LZ4);
      buffer.putInt(HASH_BYTES + 1, compressed + HEADER_BYTES);
      buffer.putInt(HASH_BYTES + 5, filled);
      long[] hash = hash(frame, HASH_BYTES, compressed + HEADER_BYTES);
      buffer.putLong(0, hash[0]);
      buffer.putLong(8, hash[1]);
      out.write(frame, 0, HASH_BYTES + HEADER_BYTES + compressed);
      filled = 0;
    }

    @Override
    public void flush() throws IOException {
      writeBlock();
      out.flush();
    }

    @Override
    public void close() throws IOException {
      writeBlock();
      out.close();
    }
  }

  private static final class Reader extends InputStream {
    private final InputStream in;
    private final byte[] header = new byte[HASH_BYTES + HEADER_BYTES];
    private byte[] frame = new byte[0];
    private byte[] block = new byte[0];
    private int position;
    private int limit;

    Reader(InputStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      return position < limit || nextBlock() ? block[position++] & 0xff : -1;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (position == limit && !nextBlock()) {
        return -1;
      }
      int count = Math.min(length, limit - position);
      System.arraycopy(block, position, bytes, offset, count);
      position += count;
      return count;
    }

    private boolean nextBlock() throws IOException {
      do {
        int read = in.readNBytes(header, 0, header.length);
        if (read == 0) {
          return false;
        }
        if (read < header.length) {
          throw new EOFException("compressed block cut off in its header");
        }
        decode();
      } while (limit == 0);
      return true;
    }

    private void decode() throws IOException {
      ByteBuffer fields = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
      byte method = header[HASH_BYTES];
      int size = fields.getInt(HASH_BYTES + 1);
      int uncompressed = fields.getInt(HASH_BYTES + 5);
      if (size < HEADER_BYTES || size > MAX_BLOCK_BYTES) {
        throw new IOException("compressed block has an impossible size: " + size);
      }
      if (uncompressed < 0 || uncompressed > MAX_BLOCK_BYTES) {
        throw new IOException("compressed block has an impossible size: " + uncompressed);
      }
      if (frame.length < size) {
        frame = new byte[size];
      }
      System.arraycopy(header, HASH_BYTES, frame, 0, HEADER_BYTES);
      int payload = size - HEADER_BYTES;
      if (in.readNBytes(frame, HEADER_BYTES, payload) < payload) {
        throw new EOFException("compressed block cut off in its payload");
      }
      long[] hash = hash(frame, 0, size);
      if (hash[0] != fields.getLong(0) || hash[1] != fields.getLong(8)) {
        throw new IOException("compressed block has a wrong checksum");
      }
      if (block.length < uncompressed) {
        block = new byte[uncompressed];
      }
      decompress(method, payload, uncompressed);
      position = 0;
      limit = uncompressed;
    }

    private void decompress(byte method, int payload, int uncompressed) throws IOException {
      int written;
      try {
        written =
            switch (method) {
              case METHOD_LZ4 ->
                  LZ4Factory.fastestInstance()
                      .safeDecompressor()
                      .decompress(frame, HEADER_BYTES, payload, block, 0, uncompressed);
              case METHOD_ZSTD ->
                  (int)
                      Zstd.decompressByteArray(
                          block, 0, uncompressed, frame, HEADER_BYTES, payload);
              case METHOD_NONE -> {
                System.arraycopy(frame, HEADER_BYTES, block, 0, Math.min(payload, uncompressed));
                yield payload;
              }
              default ->
                  throw new IOException(
                      "compressed block has an unknown method: 0x"
                          + Integer.toHexString(method & 0xff));
            };
      } catch (LZ4Exception | com.github.luben.zstd.ZstdException e) {
        throw new IOException("compressed block is corrupt: " + e.getMessage(), e);
      }
      if (written != uncompressed) {
        throw new IOException(
            "compressed block holds " + written + " bytes, its header says " + uncompressed);
      }
    }
  }
}
