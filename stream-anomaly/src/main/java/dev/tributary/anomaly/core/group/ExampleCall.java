package dev.tributary.anomaly.core.group;

import dev.tributary.anomaly.core.StateReader;
import dev.tributary.anomaly.core.StateWriter;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * A call by which a cell is shown.
 *
 * @param traceId its trace
 * @param cost as booked, ledger currency; 0 where none was known
 */
public record ExampleCall(String traceId, BigDecimal cost) {
  static void save(StateWriter to, @Nullable ExampleCall call) {
    to.text(call == null ? "" : call.traceId());
    if (call != null) {
      to.amount(call.cost());
    }
  }

  static @Nullable ExampleCall load(StateReader from) {
    String traceId = from.text();
    return traceId.isEmpty() ? null : new ExampleCall(traceId, from.amount());
  }
}
