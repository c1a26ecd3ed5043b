package dev.tributary.sink.clickhouse;

import com.clickhouse.client.api.ClickHouseException;
import com.clickhouse.client.api.Client;
import com.clickhouse.client.api.ServerException;
import com.clickhouse.client.api.insert.InsertResponse;
import com.clickhouse.client.api.insert.InsertSettings;
import dev.tributary.sink.clickhouse.LostRows.Found;
import dev.tributary.sink.clickhouse.core.BlockData;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Inserts blocks over ClickHouse's HTTP interface. One insert per table, one Native block per
 * insert, synchronous, with the deduplication token as setting; the client's own retries are off,
 * because only the protocol knows whether the block is still ours.
 */
final class ClickHouseBlockWriter implements BlockWriter {
  /**
   * ClickHouse's codes for "the data is wrong" (ErrorCodes.cpp, 26.7): a value, a type or a
   * constraint. Every other code is a state of the server or of the tables, which can change.
   */
  private static final Set<Integer> REFUSALS =
      Set.of(
          6, // CANNOT_PARSE_TEXT
          26, // CANNOT_PARSE_QUOTED_STRING
          27, // CANNOT_PARSE_INPUT_ASSERTION_FAILED
          33, // CANNOT_READ_ALL_DATA
          36, // BAD_ARGUMENTS
          41, // CANNOT_PARSE_DATETIME
          53, // TYPE_MISMATCH
          69, // ARGUMENT_OUT_OF_BOUND
          70, // CANNOT_CONVERT_TYPE
          72, // CANNOT_PARSE_NUMBER
          117, // INCORRECT_DATA
          128, // TOO_LARGE_ARRAY_SIZE
          131, // TOO_LARGE_STRING_SIZE
          190, // SIZES_OF_ARRAYS_DONT_MATCH
          321, // VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE
          349, // CANNOT_INSERT_NULL_IN_ORDINARY_COLUMN
          407, // DECIMAL_OVERFLOW
          469); // VIOLATED_CONSTRAINT

  private final Client client;
  private final LostRows lost;
  private final SinkMetrics metrics;
  private final BlockFormat format;
  private final FaultPoints faults;
  private final long timeoutMs;

  /**
   * A writer with a client of its own.
   *
   * @param leastContent how long text is kept at least, where a workspace keeps it shorter than the
   *     table
   */
  ClickHouseBlockWriter(
      ClickHouseOptions options,
      Optional<Duration> leastContent,
      BlockFormat format,
      SinkMetrics metrics,
      FaultPoints faults) {
    this.format = format;
    this.metrics = metrics;
    this.faults = faults;
    this.timeoutMs = options.timeout().toMillis();
    this.client = options.client();
    this.lost = new LostRows(client, leastContent, timeoutMs);
  }

  @Override
  public void write(BlockData block, String token) {
    for (String table : block.layout().tables()) {
      if (block.rows(table) > 0) {
        faults.reach(FaultPoints.BEFORE_INSERT);
        insert(block, table, token);
        faults.reach(FaultPoints.AFTER_INSERT);
      }
    }
  }

  @Override
  public void writeAgain(BlockData block, String token, BlockRange range, boolean mustKnow) {
    write(block, token);
    // Only when all is acknowledged: an insert that fails is made again, with what comes after it.
    for (String table : block.layout().tables()) {
      if (block.rows(table) > 0) {
        restore(block, table, token, range, mustKnow);
      }
    }
  }

  private void restore(
      BlockData block, String table, String token, BlockRange range, boolean mustKnow) {
    LostRows.Answer answer = look(block, table, range, mustKnow);
    if (answer.found() == Found.NONE) {
      // Whoever else repeats this block restores it under the same token.
      insert(block, table, token + "#1");
      metrics.restored(table, range);
      // Once: rows that no look sees would come once more under each further token.
      answer = look(block, table, range, mustKnow);
    }
    if (answer.found() == Found.REPEATABLE) {
      insert(block, table, token + "#" + UUID.randomUUID());
    }
    metrics.looked(table, range, answer);
  }

  private LostRows.Answer look(BlockData block, String table, BlockRange range, boolean mustKnow) {
    try {
      return lost.look(block, table, range);
    } catch (LookFailedException e) {
      if (mustKnow) {
        throw e;
      }
      return LostRows.unknown(String.valueOf(e.getMessage()));
    }
  }

  private void insert(BlockData block, String table, String token) {
    List<String> columns = block.columns(table).stream().map(BlockData.TableColumn::name).toList();
    try (InsertResponse response =
        client
            .insert(
                table,
                columns,
                out -> {
                  format.write(block, table, out);
                  out.flush();
                },
                format.name(),
                settings(token))
            .get(timeoutMs, TimeUnit.MILLISECONDS)) {
      if (response == null) {
        throw new WriteFailedException("no answer to the insert into " + table);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new WriteFailedException("interrupted while inserting into " + table, e);
    } catch (ExecutionException | TimeoutException | ClickHouseException e) {
      throw failure(table, e);
    } catch (WriteFailedException e) {
      throw e;
    } catch (Exception e) { // closing the response declares it; and whatever the client throws
      throw failure(table, e);
    }
  }

  private static InsertSettings settings(String token) {
    return new InsertSettings()
        .setInputStreamCopyBufferSize(1 << 16)
        .serverSetting("insert_deduplication_token", token)
        .serverSetting("insert_deduplicate", "1")
        // On by default since 26: an asynchronous insert has other rules for tokens.
        .serverSetting("async_insert", "0")
        // A replay may hold more months than the default of 100 partitions.
        .serverSetting("max_partitions_per_insert_block", "0");
  }

  private static RuntimeException failure(String table, Exception e) {
    ServerException refusal = serverException(e);
    if (refusal != null && REFUSALS.contains(refusal.getCode())) {
      return new BlockRefusedException(table, refusal.getCode(), e);
    }
    return new WriteFailedException("insert into " + table + " failed: " + why(e), e);
  }

  /** Why the server did not do what it was asked for, without its own words. */
  static String why(Exception e) {
    ServerException refusal = serverException(e);
    return refusal != null
        ? "code " + refusal.getCode() + ", HTTP " + refusal.getTransportProtocolCode()
        : rootCause(e).toString();
  }

  /** Of the client or the network; the server's own words may quote a record and stay out. */
  private static Throwable rootCause(Throwable thrown) {
    Throwable root = thrown;
    for (Throwable cause = root.getCause(); cause != null; cause = root.getCause()) {
      root = cause;
    }
    return root;
  }

  private static @Nullable ServerException serverException(@Nullable Throwable thrown) {
    for (Throwable each = thrown; each != null; each = each.getCause()) {
      if (each instanceof ServerException found) {
        return found;
      }
    }
    return null;
  }

  @Override
  public void close() {
    client.close();
  }
}
