package dev.tributary.anomaly.core.group;

import dev.tributary.anomaly.core.StateReader;
import dev.tributary.anomaly.core.StateWriter;
import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A cause of an episode.
 *
 * @param driver factor of the split, {@code slice}, or what was seen for the first time
 * @param slice dimension values; empty: all
 * @param amount part of the change, ledger currency per step; null: not money
 * @param share part of the change; NaN: unknown
 * @param evidence in words
 */
public record NamedCause(
    String driver,
    Map<String, String> slice,
    @Nullable BigDecimal amount,
    double share,
    String evidence) {
  /** Driver of what the search on cells found. */
  public static final String SLICE = "slice";

  public NamedCause {
    slice = new TreeMap<>(slice);
  }

  void save(StateWriter to) {
    to.text(driver).texts(slice).flag(amount != null);
    if (amount != null) {
      to.amount(amount);
    }
    to.number(share).text(evidence);
  }

  static NamedCause load(StateReader from) {
    return new NamedCause(
        from.text(), from.texts(), from.flag() ? from.amount() : null, from.number(), from.text());
  }
}
