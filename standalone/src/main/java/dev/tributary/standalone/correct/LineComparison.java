package dev.tributary.standalone.correct;

import dev.tributary.attribution.SchemaCodec;
import dev.tributary.schemas.LedgerLine;
import java.util.Arrays;

/** Compares lines by their bytes, leaving out which versions they are stamped with. */
final class LineComparison {
  private final SchemaCodec codec = new SchemaCodec();

  /** True where the lines say the same; versions and the step that found the model aside. */
  boolean isAlike(LedgerLine a, LedgerLine b) {
    return Arrays.equals(unstamped(a), unstamped(b));
  }

  private byte[] unstamped(LedgerLine line) {
    LedgerLine copy = LedgerLine.newBuilder(line).build();
    copy.setReferenceVersion(0);
    copy.setCatalogueVersion(null);
    copy.setModelStep(null);
    return codec.encode(copy);
  }
}
