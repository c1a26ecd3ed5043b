package dev.tributary.attribution.core;

import dev.tributary.schemas.Span;
import org.jspecify.annotations.Nullable;

/** What the store of spans holds under a span's id. */
sealed interface SpanSlot {
  /** First byte of the stored form. */
  int JOINED = 1;

  int OVER_LIMIT = 2;
  int AWAITED = 3;

  /** A response id that a span over the limit told or counted; older versions knew no better. */
  int RESPONSE = 4;

  /** A response id that a span over the limit counts. */
  int RESPONSE_COUNTED = 6;

  /** A response id that a span over the limit told, whose usage nobody counts. */
  int RESPONSE_TOLD = 7;

  /** A joined span below which spans over the limit own usage. */
  int USAGE_BELOW = 5;

  /** Before the id of the span in the key of a {@link #USAGE_BELOW} mark. */
  String USAGE_BELOW_MARK = "+";

  /**
   * A span of the join.
   *
   * @param hash of its content
   * @param arrivedUs partition clock at the first arrival of its id
   * @param touchedUs partition clock at the arrival of this content
   * @param sequence number of this change within the trace, from 1
   */
  record Joined(Span span, long hash, long arrivedUs, long touchedUs, int sequence)
      implements SpanSlot {}

  /**
   * A span that came over the trace's limit and was booked for itself.
   *
   * @param parentId as stated
   * @param owns true: its line owns usage
   * @param usageBelow true: spans below it own usage
   */
  record OverLimit(
      long hash, @Nullable String parentId, boolean owns, boolean usageBelow, BookedLine line)
      implements SpanSlot {}

  /** A span that has not come, above one that came over the limit and owns usage. */
  record Awaited() implements SpanSlot {}

  /** Stored form of a joined span; {@code content} is its Avro form. */
  static byte[] write(Joined slot, byte[] content) {
    return new ByteWriter(content.length + 32)
        .one(JOINED)
        .fixed(slot.hash())
        .number(slot.arrivedUs())
        .number(slot.touchedUs() - slot.arrivedUs())
        .number(slot.sequence())
        .rest(content)
        .done();
  }

  static byte[] write(OverLimit slot) {
    ByteWriter out = new ByteWriter(slot.line().bytes().length + 64);
    out.one(OVER_LIMIT).fixed(slot.hash()).optional(slot.parentId());
    out.flag(slot.owns()).flag(slot.usageBelow());
    slot.line().write(out);
    return out.done();
  }

  static byte[] writeAwaited() {
    return new byte[] {AWAITED};
  }

  /** True for the stored form of a joined span. */
  static boolean isJoined(byte[] stored) {
    return stored[0] == JOINED;
  }

  /** The content hash, without decoding the rest; 0 where there is no content. */
  static long hashOf(byte[] stored) {
    return stored[0] == JOINED || stored[0] == OVER_LIMIT
        ? new ByteReader(stored).skip(1).fixed()
        : 0;
  }

  static Joined readJoined(byte[] stored, RecordCodec codec) {
    ByteReader in = new ByteReader(stored).skip(1);
    long hash = in.fixed();
    long arrived = in.number();
    long touched = arrived + in.number();
    int sequence = in.count();
    return new Joined(codec.decodeSpan(in.rest()), hash, arrived, touched, sequence);
  }

  static SpanSlot read(byte[] stored, RecordCodec codec) {
    return switch (stored[0]) {
      case JOINED -> readJoined(stored, codec);
      case OVER_LIMIT -> {
        ByteReader in = new ByteReader(stored).skip(1);
        long hash = in.fixed();
        yield new OverLimit(hash, in.optionalText(), in.flag(), in.flag(), BookedLine.read(in));
      }
      case AWAITED -> new Awaited();
      default -> throw new IllegalStateException("unknown slot type " + stored[0]);
    };
  }
}
