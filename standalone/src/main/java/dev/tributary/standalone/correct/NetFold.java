package dev.tributary.standalone.correct;

import dev.tributary.schemas.LedgerEntry;
import dev.tributary.schemas.LedgerLine;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The net of each line, folded from the entries of one partition in their order. Only lines that
 * somebody wants are kept, so that memory follows what a correction would change and not what the
 * ledger holds.
 */
final class NetFold<T> {
  private record Kept<T>(long revision, T value) {}

  private final Function<LedgerEntry, @Nullable T> wanted;
  private final Map<String, Kept<T>> kept = new HashMap<>();

  /**
   * A fold of nothing.
   *
   * @param wanted what to keep of a booked line; null: nothing. Also asked for lines that later
   *     entries retract.
   */
  NetFold(Function<LedgerEntry, @Nullable T> wanted) {
    this.wanted = wanted;
  }

  /** Takes the next entry. */
  void add(LedgerEntry entry) {
    String key = key(entry.getLine());
    if (entry.getSign() < 0) {
      Kept<T> booked = kept.get(key);
      if (booked != null && booked.revision == entry.getRevision()) {
        kept.remove(key);
      }
      return;
    }
    T value = wanted.apply(entry);
    if (value == null) {
      kept.remove(key);
    } else {
      kept.put(key, new Kept<>(entry.getRevision(), value));
    }
  }

  /** Identity of a line. */
  static String key(LedgerLine line) {
    return line.getTenant() + '|' + line.getKind() + '|' + line.getSource() + '|' + line.getItem();
  }

  /** Hands out what is kept by the line's key, in no order. */
  void forEach(BiConsumer<String, T> consumer) {
    kept.forEach((key, value) -> consumer.accept(key, value.value));
  }

  /** What is kept of a line; null: nothing. */
  @Nullable T get(String key) {
    Kept<T> found = kept.get(key);
    return found == null ? null : found.value;
  }
}
