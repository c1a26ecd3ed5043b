package dev.tributary.embedded.clickhouse;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The C functions of libchdb 26.7.3 by JNA direct mapping. Names and order of arguments are the
 * library's own. Every {@code chdb_result} must go to {@link #chdb_destroy_query_result}, every
 * insert stream to {@link #chdb_destroy_insert_stream}.
 */
@SuppressWarnings({"checkstyle:MethodName", "MemberName"}) // the names are the library's symbols
final class Chdb {

  private Chdb() {}

  /**
   * Loads the library into this process and switches its signal handlers off, which must happen
   * before the first connection: with libchdb's handlers on, a JVM's implicit null check or stack
   * overflow hangs the process.
   */
  static void load(Path library) {
    Native.register(Chdb.class, library.toString());
    chdb_set_signal_handlers_enabled(0);
  }

  private static native void chdb_set_signal_handlers_enabled(int enabled);

  static native @Nullable Pointer chdb_connect(int argc, Pointer argv);

  static native void chdb_close_conn(Pointer connection);

  static native Pointer chdb_query_with_params_n(
      Pointer connection,
      byte[] sql,
      long sqlLength,
      byte[] format,
      long formatLength,
      @Nullable Pointer names,
      @Nullable Pointer nameLengths,
      @Nullable Pointer values,
      @Nullable Pointer valueLengths,
      long count);

  static native Pointer chdb_stream_query_with_params_n(
      Pointer connection,
      byte[] sql,
      long sqlLength,
      byte[] format,
      long formatLength,
      @Nullable Pointer names,
      @Nullable Pointer nameLengths,
      @Nullable Pointer values,
      @Nullable Pointer valueLengths,
      long count);

  static native @Nullable Pointer chdb_stream_fetch_result(Pointer connection, Pointer stream);

  static native void chdb_stream_cancel_query(Pointer connection, Pointer stream);

  static native void chdb_destroy_query_result(Pointer result);

  static native Pointer chdb_stream_insert_with_params_n(
      Pointer connection,
      byte[] sql,
      long sqlLength,
      byte[] format,
      long formatLength,
      @Nullable Pointer names,
      @Nullable Pointer nameLengths,
      @Nullable Pointer values,
      @Nullable Pointer valueLengths,
      long count);

  static native @Nullable Pointer chdb_stream_insert_error(Pointer stream);

  static native int chdb_stream_append(Pointer stream, Pointer bytes, long length);

  static native @Nullable Pointer chdb_stream_done(Pointer stream);

  static native void chdb_stream_cancel_insert(Pointer stream);

  static native void chdb_destroy_insert_stream(Pointer stream);

  static native @Nullable Pointer chdb_result_error(Pointer result);

  static native @Nullable Pointer chdb_result_buffer(Pointer result);

  static native long chdb_result_length(Pointer result);

  static native long chdb_result_rows_read(Pointer result);

  static native long chdb_result_storage_rows_read(Pointer result);

  static native long chdb_result_storage_bytes_read(Pointer result);

  static native long chdb_result_rows_written(Pointer result);

  static native long chdb_result_bytes_written(Pointer result);

  static native double chdb_result_elapsed(Pointer result);

  static native int chdb_classify_query_n(
      Pointer connection,
      byte[] sql,
      long sqlLength,
      @Nullable Pointer database,
      long databaseLength,
      Pointer analysis);
}
