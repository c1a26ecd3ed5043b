package dev.tributary.attribution.core;

import dev.tributary.schemas.LedgerLine;

/** Copies lines field by field; nested records are shared, since none is ever changed. */
final class LineCopy {
  private static final int FIELDS = LedgerLine.getClassSchema().getFields().size();

  private LineCopy() {}

  static LedgerLine of(LedgerLine line) {
    LedgerLine copy = new LedgerLine();
    for (int field = 0; field < FIELDS; field++) {
      copy.put(field, line.get(field));
    }
    return copy;
  }
}
