package dev.tributary.embedded.clickhouse;

import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;

/** The chunks of a running SELECT. Closing it before its end cancels the query. */
final class ResultStream implements AutoCloseable {

  private final Pointer connection;
  private final NativeResult stream;
  private boolean isFinished;

  ResultStream(Pointer connection, NativeResult stream) {
    this.connection = connection;
    this.stream = stream;
  }

  /** The next chunk, or null at the end. The caller closes it. */
  @Nullable NativeResult next() throws EngineException {
    if (isFinished) {
      return null;
    }
    try {
      NativeResult chunk =
          NativeResult.checked(Chdb.chdb_stream_fetch_result(connection, stream.pointer()));
      if (chunk.length() > 0) {
        return chunk;
      }
      isFinished = true;
      chunk.close();
      return null;
    } catch (EngineException e) {
      isFinished = true;
      throw e;
    }
  }

  @Override
  public void close() {
    if (!isFinished) {
      Chdb.chdb_stream_cancel_query(connection, stream.pointer());
      isFinished = true;
    }
    stream.close();
  }
}
