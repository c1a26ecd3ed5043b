package dev.tributary.embedded.clickhouse;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the front must know of a request's text before the engine sees it.
 *
 * @param kind how it is run
 * @param headLength for {@link Kind#INSERT_DATA}: where the INSERT without FORMAT clause and data
 *     ends in the text
 * @param format the FORMAT clause's name, {@code Values} for an INSERT with VALUES, or null
 * @param dataOffset for {@link Kind#INSERT_DATA}: where data starts in the text
 * @param needsWholeResult whether the result must not be cut into chunks (WITH TOTALS)
 */
record SqlStatement(
    Kind kind, int headLength, @Nullable String format, int dataOffset, boolean needsWholeResult) {

  enum Kind {
    /** An INSERT followed by data in a format. */
    INSERT_DATA,
    /** A statement that can have a large result: streamed. */
    SELECT,
    /** SET and USE, which change the connection and nothing else. */
    SESSION,
    /** Anything else. */
    OTHER,
    /** An INSERT whose text ends before it says where its data is. */
    INSERT_INCOMPLETE,
    /** Nothing but blanks and comments. */
    EMPTY
  }

  private static final Set<String> SELECT_WORDS = Set.of("SELECT", "WITH", "FROM", "VALUES");

  /**
   * Reads a text.
   *
   * @throws EngineException for what this engine must refuse: a second statement, {@code INSERT ...
   *     SELECT ... FROM input()}, and reading or writing files of the host beside the statement
   */
  static SqlStatement parse(byte[] text, int length) throws EngineException {
    SqlLexer lexer = new SqlLexer(text, length);
    lexer.next();
    if (lexer.kind() == SqlLexer.Kind.END) {
      return new SqlStatement(Kind.EMPTY, 0, null, 0, false);
    }
    if (lexer.isWord("INSERT")) {
      return insert(lexer, text, length);
    }
    boolean isSelect =
        lexer.isSymbol('(')
            || (lexer.kind() == SqlLexer.Kind.WORD && SELECT_WORDS.contains(lexer.word()));
    Kind other = lexer.isWord("SET") || lexer.isWord("USE") ? Kind.SESSION : Kind.OTHER;
    return scanQuery(lexer, isSelect ? Kind.SELECT : other, false);
  }

  private static SqlStatement insert(SqlLexer lexer, byte[] text, int length)
      throws EngineException {
    skipTarget(lexer);
    while (lexer.kind() != SqlLexer.Kind.END) {
      if (lexer.depth() > 0) {
        lexer.next();
        continue;
      }
      if (lexer.isSymbol(';')) {
        refuseMoreAfterSemicolon(lexer);
        break;
      }
      if (lexer.isWord("FORMAT")) {
        return insertWithFormat(lexer, text, length);
      }
      if (lexer.isWord("VALUES")) {
        int head = lexer.start();
        return new SqlStatement(Kind.INSERT_DATA, head, "Values", lexer.end(), false);
      }
      if (lexer.isWord("INFILE")) {
        throw EngineException.notImplemented("INSERT FROM INFILE is not possible over HTTP");
      }
      if (lexer.isWord("SELECT") || lexer.isWord("WITH") || lexer.isWord("WATCH")) {
        return scanQuery(lexer, Kind.OTHER, true);
      }
      if (lexer.isSymbol('(') && opensSelect(text, length, lexer.end())) {
        return scanQuery(lexer, Kind.OTHER, true);
      }
      lexer.next();
    }
    return new SqlStatement(Kind.INSERT_INCOMPLETE, 0, null, length, false);
  }

  /** Passes {@code INSERT [INTO] [TABLE | FUNCTION] name}, whose words are no keywords. */
  private static void skipTarget(SqlLexer lexer) {
    lexer.next();
    if (lexer.isWord("INTO")) {
      lexer.next();
    }
    if (lexer.isWord("TABLE") || lexer.isWord("FUNCTION")) {
      lexer.next();
    }
    skipNamePart(lexer);
    while (lexer.isSymbol('.')) {
      lexer.next();
      skipNamePart(lexer);
    }
  }

  private static void skipNamePart(SqlLexer lexer) {
    if (lexer.isSymbol('{')) {
      int outside = lexer.depth();
      do {
        lexer.next();
      } while (lexer.kind() != SqlLexer.Kind.END
          && !(lexer.isSymbol('}') && lexer.depth() == outside));
    }
    lexer.next();
  }

  private static boolean opensSelect(byte[] text, int length, int from) {
    SqlLexer ahead = new SqlLexer(Arrays.copyOfRange(text, from, length), length - from);
    do {
      ahead.next();
    } while (ahead.isSymbol('('));
    return ahead.isWord("SELECT") || ahead.isWord("WITH");
  }

  private static SqlStatement insertWithFormat(SqlLexer lexer, byte[] text, int length)
      throws EngineException {
    int head = lexer.start();
    lexer.next();
    if (lexer.kind() == SqlLexer.Kind.END) {
      return new SqlStatement(Kind.INSERT_INCOMPLETE, 0, null, length, false);
    }
    if (lexer.kind() != SqlLexer.Kind.WORD) {
      throw EngineException.syntax("Expected the name of a format after FORMAT");
    }
    String format = lexer.raw();
    int data = dataOffset(text, length, lexer.end());
    lexer.next();
    if (lexer.isWord("SETTINGS")) {
      throw EngineException.notImplemented(
          "SETTINGS after FORMAT is not supported by the embedded engine; write it before FORMAT");
    }
    return new SqlStatement(Kind.INSERT_DATA, head, format, data, false);
  }

  /**
   * Where the data of an INSERT starts behind the format's name: after the first line break if only
   * blanks precede it, else after the blanks.
   */
  private static int dataOffset(byte[] text, int length, int from) throws EngineException {
    int i = from;
    if (i < length && text[i] == ';') {
      throw EngineException.syntax("You have excessive ';' symbol before data for INSERT");
    }
    while (i < length && (text[i] == ' ' || text[i] == '\t' || text[i] == '\f')) {
      i++;
    }
    if (i < length && text[i] == '\r') {
      i++;
    }
    if (i < length && text[i] == '\n') {
      i++;
    }
    return i;
  }

  private static SqlStatement scanQuery(SqlLexer lexer, Kind kind, boolean isInsert)
      throws EngineException {
    String format = null;
    boolean hasTotals = false;
    String before = "";
    while (lexer.kind() != SqlLexer.Kind.END) {
      boolean isTop = lexer.depth() == 0;
      if (isTop && lexer.isSymbol(';')) {
        refuseMoreAfterSemicolon(lexer);
        break;
      }
      String word = lexer.kind() == SqlLexer.Kind.WORD ? lexer.word() : "";
      if (isTop && before.equals("INTO") && word.equals("OUTFILE")) {
        throw EngineException.of(
            358, "INTO_OUTFILE_NOT_ALLOWED", "INTO OUTFILE is not allowed over HTTP");
      }
      hasTotals |= before.equals("WITH") && Set.of("TOTALS", "ROLLUP", "CUBE").contains(word);
      boolean wasFormat = isTop && before.equals("FORMAT") && !word.isEmpty();
      String name = wasFormat ? lexer.raw() : "";
      boolean wasInput = word.equals("INPUT");
      before = word.toUpperCase(Locale.ROOT);
      lexer.next();
      if (isInsert && wasInput && lexer.isSymbol('(')) {
        throw EngineException.notImplemented(
            "INSERT ... SELECT ... FROM input() is not supported by the embedded engine,"
                + " which would insert nothing; insert into the table directly");
      }
      if (wasFormat && endsQuery(lexer)) {
        format = name;
      }
    }
    return new SqlStatement(kind, 0, format, 0, hasTotals);
  }

  private static boolean endsQuery(SqlLexer lexer) {
    return lexer.kind() == SqlLexer.Kind.END || lexer.isSymbol(';') || lexer.isWord("SETTINGS");
  }

  private static void refuseMoreAfterSemicolon(SqlLexer lexer) throws EngineException {
    while (lexer.isSymbol(';')) {
      lexer.next();
    }
    if (lexer.kind() != SqlLexer.Kind.END) {
      throw EngineException.syntax(
          "Multi-statements are not allowed: failed at position " + (lexer.start() + 1));
    }
  }
}
