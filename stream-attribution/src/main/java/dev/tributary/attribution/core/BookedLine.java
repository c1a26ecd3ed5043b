package dev.tributary.attribution.core;

import dev.tributary.schemas.LedgerLine;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A line as it stands in the ledger: the bytes of its last {@code +1} entry, so that a retraction
 * repeats them exactly.
 *
 * @param item span id, or {@code trace}
 * @param revision of the last entry, from 1
 * @param bytes the line's Avro bytes; empty where a correction removed the line
 * @param isFixed true: a correction replaced the line, and bookings leave it alone
 * @param isCovered true: its usage is counted here or on an ancestor
 * @param missing the parent that never came above the span or its ancestors; null: none
 * @param response that the call is a record of
 * @param override reference versions of its own; null: the trace's
 */
@SuppressWarnings("ArrayRecordComponent") // never compared as a whole, never changed
public record BookedLine(
    String item,
    long revision,
    byte[] bytes,
    boolean isFixed,
    boolean isCovered,
    @Nullable String missing,
    CallResponse response,
    @Nullable LineOverride override) {

  /** The same line with other content and the next revision. */
  BookedLine revised(byte[] content, Place place) {
    return new BookedLine(
        item,
        revision + 1,
        content,
        isFixed,
        place.isCovered(),
        place.missing(),
        place.response(),
        override);
  }

  /** The same line in another place of the tree. */
  BookedLine at(Place place) {
    return new BookedLine(
        item,
        revision,
        bytes,
        isFixed,
        place.isCovered(),
        place.missing(),
        place.response(),
        override);
  }

  /** Where a line stands in the tree, as far as late spans have to know: as in the line. */
  record Place(boolean isCovered, @Nullable String missing, CallResponse response) {
    /** A line that is in no tree. */
    static final Place NONE = new Place(false, null, CallResponse.NONE);
  }

  boolean isAt(Place place) {
    return isCovered == place.isCovered()
        && response.equals(place.response())
        && Objects.equals(missing, place.missing());
  }

  /** A line's first revision. */
  static BookedLine first(LedgerLine line, byte[] bytes, Place place) {
    return new BookedLine(
        line.getItem(),
        1,
        bytes,
        false,
        place.isCovered(),
        place.missing(),
        place.response(),
        null);
  }

  /** False where a correction removed the line: its signs sum to 0. */
  boolean isPresent() {
    return bytes.length > 0;
  }

  void write(ByteWriter out) {
    out.text(item).number(revision);
    int flags = (isFixed ? 1 : 0) | (isCovered ? 2 : 0) | (missing != null ? 16 : 0);
    int told = response.isKnown() && !response.isCounted() ? 32 : 0;
    out.one(flags | (override != null ? 4 : 0) | (response.isKnown() ? 8 : 0) | told);
    if (missing != null) {
      out.text(missing);
    }
    if (response.isKnown()) {
      out.fixed(response.hash());
    }
    if (override != null) {
      out.optional(override.priceVersion())
          .optional(override.ruleVersion())
          .number(override.lastVersion());
    }
    out.block(bytes);
  }

  static BookedLine read(ByteReader in) {
    String item = in.text();
    long revision = in.number();
    int flags = in.one();
    String missing = (flags & 16) == 0 ? null : in.text();
    CallResponse response =
        (flags & 8) == 0 ? CallResponse.NONE : new CallResponse(in.fixed(), (flags & 32) == 0);
    LineOverride override =
        (flags & 4) == 0
            ? null
            : new LineOverride(in.optionalNumber(), in.optionalNumber(), in.number());
    return new BookedLine(
        item,
        revision,
        in.block(),
        (flags & 1) != 0,
        (flags & 2) != 0,
        missing,
        response,
        override);
  }
}
