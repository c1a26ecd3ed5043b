package dev.tributary.runtime.errors;

import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.errors.ApplicationRecoverableException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TransactionAbortedException;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/** Tells what kind of fault an exception is, by its chain of causes. */
public final class Faults {
  private Faults() {}

  /**
   * An outside service did not answer: the record is not to blame and a later try may work. Other
   * I/O exceptions are not meant: a truncated record ends in one, too.
   */
  public static boolean isTransient(Throwable thrown) {
    return find(thrown, RetriableException.class) != null
        || find(thrown, SocketException.class) != null
        || find(thrown, SocketTimeoutException.class) != null
        || find(thrown, UnknownHostException.class) != null
        || find(thrown, HttpTimeoutException.class) != null;
  }

  /**
   * A stream thread that starts again can go on: the fault is transient, its transaction ended
   * without it, or its local state cannot be read.
   *
   * <p>An instance that stands still for longer than the transaction timeout finds it aborted;
   * where that was in the middle of a commit, Kafka Streams takes it for fatal (KAFKA-19690). What
   * was aborted is read and done again. State that is damaged is deleted as the thread ends, since
   * it ends uncleanly under exactly-once, and restored from its changelog.
   */
  public static boolean isRecoverable(Throwable thrown) {
    return isTransient(thrown)
        || find(thrown, ApplicationRecoverableException.class) != null
        || find(thrown, InvalidTxnStateException.class) != null
        || find(thrown, OutOfOrderSequenceException.class) != null
        || find(thrown, TransactionAbortedException.class) != null
        || isDamagedState(thrown);
  }

  /** Local state cannot be read as it was written. A disk that is full or away is not meant. */
  public static boolean isDamagedState(Throwable thrown) {
    RocksDBException fault = find(thrown, RocksDBException.class);
    return fault != null
        && fault.getStatus() != null
        && fault.getStatus().getCode() == Status.Code.Corruption;
  }

  /** A record was larger than what may be produced. */
  public static boolean isTooLarge(Throwable thrown) {
    return find(thrown, RecordTooLargeException.class) != null;
  }

  /** The first cause of a type, the exception itself included; null when there is none. */
  public static <T extends Throwable> @Nullable T find(Throwable thrown, Class<T> type) {
    for (Throwable cause : chain(thrown)) {
      if (type.isInstance(cause)) {
        return type.cast(cause);
      }
    }
    return null;
  }

  /** The class names of the chain, outermost first; safe to log, since it holds no message. */
  public static String describe(Throwable thrown) {
    List<String> names = new ArrayList<>();
    for (Throwable cause : chain(thrown)) {
      names.add(cause.getClass().getSimpleName());
    }
    return String.join(" <- ", names);
  }

  private static List<Throwable> chain(Throwable thrown) {
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    List<Throwable> chain = new ArrayList<>();
    Throwable cause = thrown;
    while (cause != null && seen.add(cause)) {
      chain.add(cause);
      cause = cause.getCause();
    }
    return chain;
  }
}
