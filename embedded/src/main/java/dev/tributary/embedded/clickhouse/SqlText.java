package dev.tributary.embedded.clickhouse;

/** Writes names and values into SQL so that they stay names and values. */
final class SqlText {

  private SqlText() {}

  static String identifier(String name) {
    return "`" + escape(name).replace("`", "\\`") + "`";
  }

  static String quote(String value) {
    return "'" + escape(value).replace("'", "\\'") + "'";
  }

  private static String escape(String text) {
    return text.replace("\\", "\\\\");
  }
}
