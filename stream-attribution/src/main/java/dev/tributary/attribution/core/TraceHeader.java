package dev.tributary.attribution.core;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a trace beside its spans and lines. Mutable; whoever changes it puts it back into
 * the store before the next record.
 */
final class TraceHeader {
  /** How far a trace has come. */
  enum Status {
    OPEN(0),
    CLOSED(1),
    STUB(2);

    /** How it is stored. */
    final int code;

    Status(int code) {
      this.code = code;
    }

    static Status of(int code) {
      for (Status status : values()) {
        if (status.code == code) {
          return status;
        }
      }
      throw new IllegalStateException("trace header of unknown status " + code);
    }
  }

  /** Set in {@link #signals} where anything was ever sent. */
  static final int SIGNALLED = 1 << 6;

  private static final int FORMAT = 2;

  Status status = Status.OPEN;
  long openedUs;
  long closedUs;
  String closeReason = "";

  /** Version of the first booking; -1: not booked yet. */
  long referenceVersion = -1;

  long lastBookedUs = Long.MIN_VALUE;

  /** Partition clock at the last change of a span. */
  long lastTouchedUs;

  /** Number of the last change. */
  int lastSequence;

  /** Stored bytes of the spans. */
  long spanBytes;

  /** The root by start and id, as of the last booking; null: none has come. */
  @Nullable String rootSpanId;

  /** Changes up to this sequence number are booked. */
  int bookedSequence;

  int lineCount;
  long summaryRevision;
  long summaryHash;
  @Nullable String sessionId;
  long duplicates;

  /** Time under which the deadline index holds the trace. */
  long deadlineUs;

  boolean hasAggregate;
  boolean isOverLimit;

  /** A command admitted the line of a span that had not come. */
  boolean hasAdmitted;

  /** Flags on the signals topic, two bits for each kind; see {@link OpenTraceWatch}. */
  int signals;

  OverLimitTotals overLimit = new OverLimitTotals();

  /** Latest end of a span; deadlines do not count from it, but memory reaches beyond it. */
  long latestEndUs;

  /** Parents that never came and below which usage is counted, as of the last booking. */
  final Set<String> awaited = new TreeSet<>();

  /** Late spans of a stub that own usage, by the missing parent above them. */
  final Map<String, Set<String>> lateOwners = new TreeMap<>();

  int stubChunks;

  /** Bytes held beyond the revisable time because no root has come; 0: none. */
  long rootlessBytes;

  boolean isClosed() {
    return status != Status.OPEN;
  }

  /** True where a change has not been booked yet. */
  boolean isDirty() {
    return lastSequence > bookedSequence;
  }

  void sawEnd(long endUs) {
    latestEndUs = Math.max(latestEndUs, endUs);
  }

  /**
   * When nothing of the trace needs to be known any more: from then on, every span that was booked
   * ended before what is remembered, and is refused if it comes again.
   */
  long memoryEndsUs(JoinTimes times) {
    return Math.max(lastTouchedUs, latestEndUs) + times.memoryUs() + 1;
  }

  byte[] write() {
    ByteWriter out = new ByteWriter(64);
    out.one(FORMAT).one(status.code).number(openedUs).number(closedUs - openedUs);
    out.text(closeReason).number(referenceVersion).number(lastBookedUs == Long.MIN_VALUE ? 0 : 1);
    out.number(lastBookedUs == Long.MIN_VALUE ? 0 : lastBookedUs - openedUs);
    out.number(lastTouchedUs - openedUs).number(lastSequence).number(spanBytes);
    out.optional(rootSpanId);
    out.number(bookedSequence).number(lineCount).number(summaryRevision).fixed(summaryHash);
    out.optional(sessionId).number(duplicates).number(deadlineUs - openedUs);
    out.number(latestEndUs - openedUs);
    out.one((hasAggregate ? 1 : 0) | (isOverLimit ? 2 : 0) | (hasAdmitted ? 4 : 0));
    out.one(signals);
    if (isOverLimit) {
      overLimit.write(out);
    }
    texts(out, awaited);
    out.number(lateOwners.size());
    lateOwners.forEach((missing, owners) -> texts(out.text(missing), owners));
    return out.number(stubChunks).number(rootlessBytes).done();
  }

  private static void texts(ByteWriter out, Set<String> texts) {
    out.number(texts.size());
    texts.forEach(out::text);
  }

  static TraceHeader read(byte[] stored) {
    ByteReader in = new ByteReader(stored);
    int format = in.one();
    if (format != FORMAT) {
      throw new IllegalStateException("trace header of unknown format " + format);
    }
    TraceHeader header = new TraceHeader();
    header.status = Status.of(in.one());
    header.openedUs = in.number();
    header.closedUs = header.openedUs + in.number();
    header.closeReason = in.text();
    header.referenceVersion = in.number();
    boolean booked = in.number() == 1;
    long lastBooked = in.number();
    header.lastBookedUs = booked ? header.openedUs + lastBooked : Long.MIN_VALUE;
    header.lastTouchedUs = header.openedUs + in.number();
    header.lastSequence = in.count();
    header.spanBytes = in.number();
    header.rootSpanId = in.optionalText();
    header.bookedSequence = in.count();
    header.lineCount = in.count();
    header.summaryRevision = in.number();
    header.summaryHash = in.fixed();
    header.sessionId = in.optionalText();
    header.duplicates = in.number();
    header.deadlineUs = header.openedUs + in.number();
    header.latestEndUs = header.openedUs + in.number();
    int flags = in.one();
    header.hasAggregate = (flags & 1) != 0;
    header.isOverLimit = (flags & 2) != 0;
    header.hasAdmitted = (flags & 4) != 0;
    header.signals = in.one();
    if (header.isOverLimit) {
      header.overLimit = OverLimitTotals.read(in);
    }
    texts(in, header.awaited);
    for (int left = in.count(); left > 0; left--) {
      texts(in, header.lateOwners.computeIfAbsent(in.text(), unused -> new TreeSet<>()));
    }
    header.stubChunks = in.count();
    header.rootlessBytes = in.number();
    return header;
  }

  private static void texts(ByteReader in, Set<String> into) {
    int count = in.count();
    for (int i = 0; i < count; i++) {
      into.add(in.text());
    }
  }
}
