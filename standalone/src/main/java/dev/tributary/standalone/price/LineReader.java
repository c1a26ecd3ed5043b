package dev.tributary.standalone.price;

import java.io.IOException;
import java.io.Reader;
import org.jspecify.annotations.Nullable;

/** Reads lines of bounded length: one that is too long is skipped, not kept. */
final class LineReader {
  private final Reader in;
  private final int maxLength;
  private final char[] buffer = new char[1 << 16];
  private final StringBuilder text = new StringBuilder();
  private int at;
  private int end;
  private long number;
  private boolean isTooLong;

  LineReader(Reader in, int maxLength) {
    this.in = in;
    this.maxLength = maxLength;
  }

  /** Goes to the next line; false: there is none. */
  boolean next() throws IOException {
    text.setLength(0);
    isTooLong = false;
    boolean isAnyRead = false;
    while (true) {
      if (at == end) {
        at = 0;
        end = in.read(buffer);
        if (end <= 0) {
          end = 0;
          number += isAnyRead ? 1 : 0;
          return isAnyRead;
        }
      }
      isAnyRead = true;
      int from = at;
      while (at < end && buffer[at] != '\n') {
        at++;
      }
      keep(from, at);
      if (at < end) {
        at++;
        number++;
        return true;
      }
    }
  }

  private void keep(int from, int to) {
    if (text.length() + (to - from) > maxLength) {
      isTooLong = true;
      text.setLength(0);
      text.trimToSize();
    }
    if (!isTooLong) {
      text.append(buffer, from, to - from);
    }
  }

  /** The line; null: it was too long. */
  @Nullable String line() {
    return isTooLong ? null : text.toString();
  }

  /** Its position, from 1. */
  long number() {
    return number;
  }
}
