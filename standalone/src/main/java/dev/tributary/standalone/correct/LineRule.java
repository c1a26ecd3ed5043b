package dev.tributary.standalone.correct;

import dev.tributary.attribution.core.Corrected;
import dev.tributary.attribution.core.ReferenceView;
import dev.tributary.schemas.LedgerLine;
import org.jspecify.annotations.Nullable;

/**
 * What a line should be by reference data, by the same functions as the ledger's owner uses. A line
 * that differs in nothing but stamped versions stays as it is: correcting to the same prices
 * changes nothing.
 */
interface LineRule {
  /** The line as it should be; null: as it is. */
  @Nullable LedgerLine corrected(LedgerLine line);

  /** Prices of a reference version. */
  static LineRule prices(ReferenceView view) {
    LineComparison comparison = new LineComparison();
    return line -> {
      LedgerLine priced = Corrected.priced(line, view);
      return comparison.isAlike(line, priced) ? null : priced;
    };
  }

  /** The ownership table of a reference version. */
  static LineRule owners(ReferenceView view) {
    LineComparison comparison = new LineComparison();
    return line -> {
      LedgerLine attributed = Corrected.attributed(line, view);
      return comparison.isAlike(line, attributed) ? null : attributed;
    };
  }
}
