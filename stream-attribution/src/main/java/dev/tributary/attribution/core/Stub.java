package dev.tributary.attribution.core;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One chunk of what is left of an old trace: per span id the hash of its content and the revision
 * of its line. Response ids that were counted are in it too, as hashes.
 */
final class Stub {
  /** Ids a chunk is made for; late spans may add a few. */
  static final int CHUNK_IDS = 1024;

  /**
   * A span that was booked.
   *
   * @param isCovered true: its usage is counted on it or on an ancestor
   * @param missing the parent that never came above the span or its ancestors; null: none
   */
  record Known(long hash, long revision, boolean isCovered, @Nullable String missing) {
    /** What is kept of something that is no span. */
    static final Known NOTHING = new Known(0, 0, false, null);
  }

  final Map<String, Known> ids = new TreeMap<>();

  byte[] write() {
    ByteWriter out = new ByteWriter(ids.size() * 30 + 4);
    ids.forEach(
        (id, known) ->
            out.text(id)
                .fixed(known.hash())
                .number(known.revision())
                .flag(known.isCovered())
                .optional(known.missing()));
    return out.done();
  }

  static Stub read(byte[] stored) {
    Stub stub = new Stub();
    ByteReader in = new ByteReader(stored);
    while (in.hasMore()) {
      stub.ids.put(in.text(), new Known(in.fixed(), in.number(), in.flag(), in.optionalText()));
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

  static String headKey(String trace) {
    return trace + "|head";
  }
}
