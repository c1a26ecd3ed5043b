package dev.tributary.embedded.clickhouse;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * ClickHouse's lexical rules as far as finding statement borders needs them: words, quoted text
 * with backslash and doubled-quote escapes, heredocs, comments, and the nesting of brackets. It
 * works on bytes, since a statement may be followed by binary data.
 */
final class SqlLexer {

  enum Kind {
    WORD,
    QUOTED,
    SYMBOL,
    END
  }

  private final byte[] text;
  private final int length;

  private Kind kind = Kind.END;
  private int start;
  private int end;
  private int depth;

  SqlLexer(byte[] text, int length) {
    this.text = text;
    this.length = length;
  }

  Kind kind() {
    return kind;
  }

  int start() {
    return start;
  }

  /** The offset behind the current token. */
  int end() {
    return end;
  }

  /** How many brackets are open around the current token. */
  int depth() {
    return depth;
  }

  boolean isWord(String upperCase) {
    return kind == Kind.WORD && word().equals(upperCase);
  }

  boolean isSymbol(char symbol) {
    return kind == Kind.SYMBOL && text[start] == symbol;
  }

  /** The current word in upper case. */
  String word() {
    return raw().toUpperCase(Locale.ROOT);
  }

  String raw() {
    return new String(text, start, end - start, StandardCharsets.UTF_8);
  }

  /** Moves to the next token. */
  void next() {
    if (kind == Kind.SYMBOL && isOpening(text[start])) {
      depth++;
    }
    skipBlanks();
    start = end;
    if (start >= length) {
      kind = Kind.END;
      return;
    }
    byte c = text[start];
    if (c == '\'' || c == '"' || c == '`') {
      end = endOfQuoted(start, c);
      kind = Kind.QUOTED;
    } else if (c == '$' && heredocEnd(start) > 0) {
      end = heredocEnd(start);
      kind = Kind.QUOTED;
    } else if (isWordByte(c)) {
      end = start + 1;
      while (end < length && isWordByte(text[end])) {
        end++;
      }
      kind = Kind.WORD;
    } else {
      end = start + 1;
      kind = Kind.SYMBOL;
      if (isClosing(c)) {
        depth--;
      }
    }
  }

  private void skipBlanks() {
    while (end < length) {
      byte c = text[end];
      if (c == ' ' || (c >= '\t' && c <= '\r')) {
        end++;
      } else if (c == '-' && at(end + 1) == '-') {
        end = endOfLine(end);
      } else if (c == '#' && (at(end + 1) == ' ' || at(end + 1) == '!')) {
        end = endOfLine(end);
      } else if (c == '/' && at(end + 1) == '*') {
        end = endOfComment(end + 2);
      } else {
        return;
      }
    }
  }

  private int endOfLine(int from) {
    int i = from;
    while (i < length && text[i] != '\n') {
      i++;
    }
    return i;
  }

  private int endOfComment(int from) {
    for (int i = from; i + 1 < length; i++) {
      if (text[i] == '*' && text[i + 1] == '/') {
        return i + 2;
      }
    }
    return length;
  }

  private int endOfQuoted(int from, byte quote) {
    int i = from + 1;
    while (i < length) {
      if (text[i] == '\\') {
        i += 2;
      } else if (text[i] == quote) {
        if (at(i + 1) != quote) {
          return i + 1;
        }
        i += 2;
      } else {
        i++;
      }
    }
    return length;
  }

  /** The end of {@code $tag$ ... $tag$} starting at {@code from}, or -1. */
  private int heredocEnd(int from) {
    int tagEnd = from + 1;
    while (tagEnd < length && isWordByte(text[tagEnd]) && text[tagEnd] != '$') {
      tagEnd++;
    }
    if (at(tagEnd) != '$') {
      return -1;
    }
    int tagLength = tagEnd + 1 - from;
    for (int i = tagEnd + 1; i + tagLength <= length; i++) {
      if (matches(from, i, tagLength)) {
        return i + tagLength;
      }
    }
    return -1;
  }

  private boolean matches(int first, int second, int count) {
    for (int i = 0; i < count; i++) {
      if (text[first + i] != text[second + i]) {
        return false;
      }
    }
    return true;
  }

  private int at(int index) {
    return index < length ? text[index] : -1;
  }

  private static boolean isWordByte(byte c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '_'
        || c == '$'
        || c < 0; // a byte of a non-ASCII character
  }

  private static boolean isOpening(byte c) {
    return c == '(' || c == '[' || c == '{';
  }

  private static boolean isClosing(byte c) {
    return c == ')' || c == ']' || c == '}';
  }
}
