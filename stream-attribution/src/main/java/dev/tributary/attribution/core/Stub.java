package dev.tributary.attribution.core;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One chunk of what is left of an old trace: per span id the hash of its content and the revision
 * of its line. Response ids that were counted or told are in it too, as hashes.
 */
final class Stub {
  /** Ids a chunk is made for. */
  static final int CHUNK_IDS = 1024;

  /**
   * A span that was booked.
   *
   * @param isCovered true: its usage is counted on it or on an ancestor
   * @param missing the parent that never came above the span or its ancestors; null: none
   * @param lateOwner the late span that counts it, itself or an ancestor; null: none
   * @param line bytes of a late line that owns usage, so that it can still be retracted; else empty
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared as a whole, never changed
  record Known(
      long hash,
      long revision,
      boolean isCovered,
      @Nullable String missing,
      @Nullable String lateOwner,
      byte[] line) {
    /** What is kept of something that is no span: a response that is counted. */
    static final Known NOTHING = early(0, 0, false, null);

    /** A response that a call without usage has told. */
    static final Known TOLD = early(1, 0, false, null);

    /** A line that was booked before the stub was made. */
    static Known early(long hash, long revision, boolean isCovered, @Nullable String missing) {
      return new Known(hash, revision, isCovered, missing, null, new byte[0]);
    }

    /** The same after another entry. */
    Known revised(long newRevision, byte[] newLine) {
      return new Known(hash, newRevision, isCovered, missing, lateOwner, newLine);
    }
  }

  final Map<String, Known> ids = new TreeMap<>();

  byte[] write() {
    ByteWriter out = new ByteWriter(ids.size() * 30 + 4);
    ids.forEach(
        (id, known) -> {
          out.text(id).fixed(known.hash()).number(known.revision()).flag(known.isCovered());
          out.optional(known.missing()).optional(known.lateOwner()).block(known.line());
        });
    return out.done();
  }

  static Stub read(byte[] stored) {
    Stub stub = new Stub();
    ByteReader in = new ByteReader(stored);
    while (in.hasMore()) {
      String id = in.text();
      stub.ids.put(
          id,
          new Known(
              in.fixed(),
              in.number(),
              in.flag(),
              in.optionalText(),
              in.optionalText(),
              in.block()));
    }
    return stub;
  }

  /** Hash of a response id; never 0. */
  static long responseHash(String responseId) {
    long hash = Hash64.of(responseId.getBytes(StandardCharsets.UTF_8));
    return hash == 0 ? 1 : hash;
  }

  /** Key of a response among the span ids, which are hex digits and never start with 'r'. */
  static String response(long responseHash) {
    return "r" + Long.toHexString(responseHash);
  }

  static String key(String trace, String id, int chunks) {
    return trace + '|' + Math.floorMod(id.hashCode(), chunks);
  }

  /** Key of an id that came late, or whose line was corrected: chunks never grow. */
  static String lateKey(String trace, String id) {
    return trace + "|+" + id;
  }

  static String headKey(String trace) {
    return trace + "|head";
  }
}
