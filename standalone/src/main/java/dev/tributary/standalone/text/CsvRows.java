package dev.tributary.standalone.text;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows of separated values: blank lines are skipped, the separator is that of the first row, and a
 * quoted field may go over several lines. A quote that is not closed within so many lines is taken
 * for a stray one of its line.
 */
public final class CsvRows {
  private static final int MOST_LINES = 50;

  private final BufferedReader reader;
  private final ArrayDeque<String> read = new ArrayDeque<>();
  private char separator;
  private long line;
  private long lines;
  private boolean isOpen;

  public CsvRows(BufferedReader reader) {
    this.reader = reader;
  }

  /** Line on which the last row begins, from 1. */
  public long line() {
    return line;
  }

  /** Whether the last row has a quote that is not closed. */
  public boolean isOpen() {
    return isOpen;
  }

  /** Fields of the next row; null: there is none. */
  public @Nullable List<String> next() throws IOException {
    String text = take();
    while (text != null && text.isBlank()) {
      text = take();
    }
    if (text == null) {
      return null;
    }
    boolean isFirst = line == 0;
    line = lines;
    String whole = closed(text);
    if (isFirst) {
      separator = CsvLine.separatorOf(whole);
    }
    return CsvLine.split(whole, separator);
  }

  private @Nullable String take() throws IOException {
    String next = read.isEmpty() ? reader.readLine() : read.poll();
    if (next != null && ++lines == 1 && next.startsWith("\uFEFF")) {
      return next.substring(1);
    }
    return next;
  }

  /** The line, with those after it up to where its last quote is closed. */
  private String closed(String text) throws IOException {
    isOpen = isOdd(text);
    ArrayDeque<String> more = new ArrayDeque<>();
    StringBuilder whole = new StringBuilder(text);
    while (isOpen && more.size() < MOST_LINES) {
      String next = take();
      if (next == null) {
        break;
      }
      more.add(next);
      whole.append('\n').append(next);
      isOpen = isOdd(next) != isOpen;
    }
    if (isOpen) {
      lines -= more.size();
      more.descendingIterator().forEachRemaining(read::addFirst);
      return text;
    }
    return whole.toString();
  }

  private static boolean isOdd(String text) {
    return text.chars().filter(c -> c == '"').count() % 2 == 1;
  }
}
