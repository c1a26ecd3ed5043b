package dev.tributary.attribution.core;

import dev.tributary.schemas.Span;
import org.jspecify.annotations.Nullable;

/** What the parts of the join share. */
final class JoinContext {
  final JoinTimes times;
  final JoinLimits limits;
  final JoinStores stores;
  final Deadlines deadlines;
  final JoinOutput output;
  final References references;
  final RecordCodec codec;

  JoinContext(
      JoinTimes times,
      JoinLimits limits,
      JoinStores stores,
      JoinOutput output,
      References references,
      RecordCodec codec) {
    this.times = times;
    this.limits = limits;
    this.stores = stores;
    this.deadlines = new Deadlines(stores.deadlines());
    this.output = output;
    this.references = references;
    this.codec = codec;
  }

  void putHeader(String trace, TraceHeader header) {
    stores.traces().put(trace, header.write());
  }

  @Nullable TraceHeader header(String trace) {
    byte[] stored = stores.traces().get(trace);
    return stored == null ? null : TraceHeader.read(stored);
  }

  /** Moves the trace's one entry in the index; the caller puts the header back. */
  void reschedule(String trace, TraceHeader header, long deadlineUs) {
    if (header.deadlineUs != deadlineUs) {
      deadlines.unschedule(trace, header.deadlineUs);
      header.deadlineUs = deadlineUs;
    }
    deadlines.schedule(trace, deadlineUs);
  }

  /** The version the trace keeps from its first booking on. */
  ReferenceView view(TraceHeader header, String tenant) {
    if (header.referenceVersion < 0) {
      ReferenceView current = references.current(tenant);
      header.referenceVersion = current.version();
      return current;
    }
    return references.version(tenant, header.referenceVersion);
  }

  static String slotKey(String trace, String spanId) {
    return trace + '|' + spanId;
  }

  /** Keeps what a span over the limit knows of its response; what is counted stays so. */
  void putResponse(String trace, CallResponse response) {
    String key = responseKey(trace, response.hash());
    byte[] known = stores.spans().get(key);
    if (response.isCounted() || known == null) {
      int mark = response.isCounted() ? SpanSlot.RESPONSE_COUNTED : SpanSlot.RESPONSE_TOLD;
      stores.spans().put(key, new byte[] {(byte) mark});
    }
  }

  /** What spans over the limit know of a response. */
  CallResponse responseOverLimit(String trace, String responseId) {
    long hash = Stub.responseHash(responseId);
    byte[] known = stores.spans().get(responseKey(trace, hash));
    return known == null
        ? CallResponse.NONE
        : new CallResponse(hash, known[0] != SpanSlot.RESPONSE_TOLD);
  }

  /**
   * Whether a span over the limit counts the response, and no joined one. What an older version
   * kept may as well be a double of a joined one, which must not lose its usage to it.
   */
  boolean isCountedOverLimit(String trace, String responseId) {
    byte[] known = stores.spans().get(responseKey(trace, Stub.responseHash(responseId)));
    return known != null && known[0] == SpanSlot.RESPONSE_COUNTED;
  }

  private static String responseKey(String trace, long responseHash) {
    return slotKey(trace, Stub.response(responseHash));
  }

  /** True where every tag that is required is the span's own. */
  boolean statesRequiredTags(Span span) {
    for (TagField field : limits.requiredTags()) {
      if (field.stated(span.getTags()) == null) {
        return false;
      }
    }
    return true;
  }
}
