package dev.tributary.cost.core;

import dev.tributary.schemas.LedgerEntry;
import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.LineKind;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** The call of an entry, as an example of its cell. Reused from entry to entry, for one thread. */
final class LineExample {
  /** Longer texts are no trace ids. */
  private static final int LONGEST = 64;

  private Examples.@Nullable Example call;

  /** Reads an entry: what is taken back is no example, nor is a line of no call or no trace. */
  void read(LedgerEntry entry) {
    LedgerLine line = entry.getLine();
    boolean isCall = line.getKind() == LineKind.USAGE && line.getCalls() > 0;
    String traceId = line.getSource();
    boolean isShown = isCall && entry.getSign() > 0 && traceId.length() <= LONGEST;
    BigDecimal cost = line.getCost();
    call = isShown ? new Examples.Example(traceId, cost == null ? BigDecimal.ZERO : cost) : null;
  }

  void addTo(PartialWindow cell) {
    if (call != null) {
      cell.examples().offer(call);
    }
  }
}
