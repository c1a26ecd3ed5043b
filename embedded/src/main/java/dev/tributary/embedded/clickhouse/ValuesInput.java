package dev.tributary.embedded.clickhouse;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * The rows behind VALUES up to their end or semicolon. The engine ignores whatever follows the
 * semicolon; a client must hear that its second statement was not run.
 */
final class ValuesInput extends FilterInputStream {

  /** More than this behind the semicolon is no comment. */
  private static final int MAX_TAIL_BYTES = 64 * 1024;

  /** Carries an {@link EngineException} through code that knows only streams. */
  static final class SecondStatement extends IOException {
    private final EngineException error;

    SecondStatement(EngineException error) {
      super(error);
      this.error = error;
    }

    EngineException error() {
      return error;
    }
  }

  private byte quote;
  private boolean isEscaped;
  private int depth;
  private boolean isAtEnd;

  ValuesInput(InputStream in) {
    super(in);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (isAtEnd) {
      return -1;
    }
    int read = in.read(bytes, offset, length);
    for (int i = 0; i < read; i++) {
      if (isSemicolon(bytes[offset + i])) {
        checkTail(bytes, offset + i + 1, read - i - 1);
        isAtEnd = true;
        return i == 0 ? -1 : i;
      }
    }
    return read;
  }

  private boolean isSemicolon(byte c) {
    if (quote != 0) {
      if (isEscaped) {
        isEscaped = false;
      } else if (c == '\\') {
        isEscaped = true;
      } else if (c == quote) {
        // A doubled quote closes and opens again, which comes to the same.
        quote = 0;
      }
      return false;
    }
    switch (c) {
      case '\'', '"', '`' -> quote = c;
      case '(', '[', '{' -> depth++;
      case ')', ']', '}' -> depth--;
      case ';' -> {
        return depth == 0;
      }
      default -> {}
    }
    return false;
  }

  private void checkTail(byte[] bytes, int offset, int length) throws IOException {
    byte[] more = in.readNBytes(MAX_TAIL_BYTES + 1);
    byte[] tail = new byte[length + more.length];
    System.arraycopy(bytes, offset, tail, 0, length);
    System.arraycopy(more, 0, tail, length, more.length);
    SqlLexer lexer = new SqlLexer(tail, tail.length);
    do {
      lexer.next();
    } while (lexer.isSymbol(';'));
    if (lexer.kind() != SqlLexer.Kind.END || more.length > MAX_TAIL_BYTES) {
      throw new SecondStatement(
          EngineException.syntax("Multi-statements are not allowed: text after VALUES (...);"));
    }
  }
}
