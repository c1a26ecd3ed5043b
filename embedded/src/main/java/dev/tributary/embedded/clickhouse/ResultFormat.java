package dev.tributary.embedded.clickhouse;

import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * How the chunks of a streamed result become one result. libchdb writes every chunk as a document
 * of its own, with the format's header and footer: some formats concatenate, some only without the
 * header of later chunks, and the rest (JSON, Parquet, Pretty) must be made whole by the engine.
 */
final class ResultFormat {

  enum Chunks {
    CONCATENATE,
    SKIP_REPEATED_HEADER,
    WHOLE_RESULT
  }

  static final String DEFAULT = "TabSeparated";

  /** A header longer than this is not searched for; the result is then refused, never garbled. */
  static final int MAX_HEADER_BYTES = 4 << 20;

  private static final Set<String> WITHOUT_HEADER =
      Set.of(
          "native",
          "rowbinary",
          "tabseparated",
          "tsv",
          "tabseparatedraw",
          "tsvraw",
          "csv",
          "jsoneachrow",
          "jsonlines",
          "ndjson",
          "jsonstringseachrow",
          "jsoncompacteachrow",
          "jsoncompactstringseachrow",
          "tskv",
          "msgpack",
          "null");

  /** Formats whose header is this many lines, none with a raw line break in it. */
  private static final Map<String, Integer> HEADER_LINES =
      Map.ofEntries(
          Map.entry("tabseparatedwithnames", 1),
          Map.entry("tsvwithnames", 1),
          Map.entry("tabseparatedwithnamesandtypes", 2),
          Map.entry("tsvwithnamesandtypes", 2),
          Map.entry("jsoncompacteachrowwithnames", 1),
          Map.entry("jsoncompacteachrowwithnamesandtypes", 2),
          Map.entry("jsoncompactstringseachrowwithnames", 1),
          Map.entry("jsoncompactstringseachrowwithnamesandtypes", 2));

  /** Formats whose header is a column count and this many length-prefixed texts per column. */
  private static final Map<String, Integer> BINARY_HEADER_TEXTS =
      Map.of("rowbinarywithnames", 1, "rowbinarywithnamesandtypes", 2);

  private static final Map<String, String> CONTENT_TYPES =
      Map.ofEntries(
          Map.entry("tabseparated", "text/tab-separated-values; charset=UTF-8"),
          Map.entry("tsv", "text/tab-separated-values; charset=UTF-8"),
          Map.entry("tabseparatedraw", "text/tab-separated-values; charset=UTF-8"),
          Map.entry("tabseparatedwithnames", "text/tab-separated-values; charset=UTF-8"),
          Map.entry("tabseparatedwithnamesandtypes", "text/tab-separated-values; charset=UTF-8"),
          Map.entry("csv", "text/csv; charset=UTF-8; header=absent"),
          Map.entry("csvwithnames", "text/csv; charset=UTF-8; header=present"),
          Map.entry("json", "application/json; charset=UTF-8"),
          Map.entry("jsoncompact", "application/json; charset=UTF-8"),
          Map.entry("jsonstrings", "application/json; charset=UTF-8"),
          Map.entry("jsoneachrow", "application/x-ndjson; charset=UTF-8"),
          Map.entry("jsonstringseachrow", "application/x-ndjson; charset=UTF-8"),
          Map.entry("jsoncompacteachrow", "application/x-ndjson; charset=UTF-8"),
          Map.entry("xml", "application/xml; charset=UTF-8"),
          Map.entry("native", "application/octet-stream"),
          Map.entry("rowbinary", "application/octet-stream"),
          Map.entry("rowbinarywithnames", "application/octet-stream"),
          Map.entry("rowbinarywithnamesandtypes", "application/octet-stream"),
          Map.entry("parquet", "application/octet-stream"),
          Map.entry("arrow", "application/octet-stream"),
          Map.entry("arrowstream", "application/octet-stream"),
          Map.entry("msgpack", "application/octet-stream"));

  private ResultFormat() {}

  static Chunks chunksOf(String format) {
    String name = format.toLowerCase(Locale.ROOT);
    if (WITHOUT_HEADER.contains(name)) {
      return Chunks.CONCATENATE;
    }
    return HEADER_LINES.containsKey(name) || BINARY_HEADER_TEXTS.containsKey(name)
        ? Chunks.SKIP_REPEATED_HEADER
        : Chunks.WHOLE_RESULT;
  }

  static String contentType(String format) {
    return CONTENT_TYPES.getOrDefault(format.toLowerCase(Locale.ROOT), "text/plain; charset=UTF-8");
  }

  /**
   * The length of the header at the start of a chunk.
   *
   * @param start the chunk's first bytes, at most {@link #MAX_HEADER_BYTES}
   * @return the length, or -1 when the header does not end within {@code start}
   */
  static int headerLength(String format, byte[] start) {
    String name = format.toLowerCase(Locale.ROOT);
    Integer lines = HEADER_LINES.get(name);
    if (lines != null) {
      return endOfLines(start, lines);
    }
    Integer texts = BINARY_HEADER_TEXTS.get(name);
    return texts == null ? 0 : endOfTexts(start, texts);
  }

  private static int endOfLines(byte[] start, int lines) {
    int left = lines;
    for (int i = 0; i < start.length; i++) {
      if (start[i] == '\n' && --left == 0) {
        return i + 1;
      }
    }
    return -1;
  }

  private static int endOfTexts(byte[] start, int textsPerColumn) {
    VarInts in = new VarInts(start);
    long texts = in.next() * textsPerColumn;
    for (long i = 0; i < texts && in.position <= start.length; i++) {
      long length = in.next();
      if (length > start.length) {
        return -1;
      }
      in.position += (int) length;
    }
    return in.position <= start.length ? in.position : -1;
  }

  /** LEB128 numbers; running over the end only moves the position beyond it. */
  private static final class VarInts {
    private final byte[] bytes;
    private int position;

    VarInts(byte[] bytes) {
      this.bytes = bytes;
    }

    long next() {
      long value = 0;
      for (int shift = 0; shift < 63; shift += 7) {
        int b = position < bytes.length ? bytes[position] : 0;
        position++;
        value |= (long) (b & 0x7f) << shift;
        if ((b & 0x80) == 0) {
          break;
        }
      }
      return value;
    }
  }
}
