package dev.tributary.embedded.clickhouse;

import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * The chunks of a running SELECT. Closing it before its end cancels the query; after its end the
 * connection is free for the next statement.
 */
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
      chunk.close();
      finish();
      return null;
    } catch (EngineException e) {
      finish();
      throw e;
    }
  }

  private void finish() {
    isFinished = true;
    stream.close();
  }

  @Override
  public void close() {
    if (!isFinished) {
      Chdb.chdb_stream_cancel_query(connection, stream.pointer());
      finish();
    }
  }
}
