package dev.tributary.embedded.clickhouse;

import com.sun.jna.Pointer;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A result, or a chunk of one, in the engine's memory; freed by {@link #close}. It is the caller's
 * own: later statements of its connection do not touch it.
 */
final class NativeResult implements AutoCloseable {

  private static final int COPY_BYTES = 64 * 1024;

  private final Pointer result;

  private NativeResult(Pointer result) {
    this.result = result;
  }

  /** Takes ownership of a result; an error in it becomes the exception. */
  static NativeResult checked(@Nullable Pointer result) throws EngineException {
    if (result == null) {
      throw EngineException.of(1002, "UNKNOWN_EXCEPTION", "The engine returned no result");
    }
    Pointer error = Chdb.chdb_result_error(result);
    if (error == null) {
      return new NativeResult(result);
    }
    String text = error.getString(0, "UTF-8");
    Chdb.chdb_destroy_query_result(result);
    throw EngineException.ofEngine(text);
  }

  Pointer pointer() {
    return result;
  }

  long length() {
    return Chdb.chdb_result_length(result);
  }

  /** Bytes {@code from} to {@code to}; both within the length. */
  byte[] bytes(long from, int count) {
    Pointer buffer = Chdb.chdb_result_buffer(result);
    return buffer == null || count == 0 ? new byte[0] : buffer.getByteArray(from, count);
  }

  /** Writes the bytes from {@code from} to the end. */
  void writeTo(OutputStream out, long from) throws IOException {
    Pointer buffer = Chdb.chdb_result_buffer(result);
    long length = length();
    if (buffer == null || length <= from) {
      return;
    }
    byte[] copy = new byte[(int) Math.min(COPY_BYTES, length - from)];
    for (long position = from; position < length; position += copy.length) {
      int count = (int) Math.min(copy.length, length - position);
      buffer.read(position, copy, 0, count);
      out.write(copy, 0, count);
    }
  }

  /** The counters of this result alone. */
  Summary summary() {
    return new Summary(
        Chdb.chdb_result_storage_rows_read(result),
        Chdb.chdb_result_storage_bytes_read(result),
        Chdb.chdb_result_rows_written(result),
        Chdb.chdb_result_bytes_written(result),
        Chdb.chdb_result_rows_read(result),
        length(),
        (long) (Chdb.chdb_result_elapsed(result) * 1e9));
  }

  @Override
  public void close() {
    Chdb.chdb_destroy_query_result(result);
  }
}
