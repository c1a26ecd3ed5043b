package dev.tributary.standalone.text;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Fields of a line of separated values; a field in double quotes may hold the separator. */
public final class CsvLine {
  private static final int MOST_DIGITS = 400;
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d+)?");

  private CsvLine() {}

  /** NaN for what is no decimal number; Java alone would take "0x1p3" and "5d" too. */
  public static double number(String text) {
    return text.length() <= MOST_DIGITS && NUMBER.matcher(text).matches()
        ? Double.parseDouble(text)
        : Double.NaN;
  }

  /**
   * Comma, semicolon or tab: the first of them that a line has outside quotes; comma without one.
   */
  public static char separatorOf(String line) {
    boolean isQuoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"') {
        isQuoted = !isQuoted;
      } else if (!isQuoted && (c == ',' || c == ';' || c == '\t')) {
        return c;
      }
    }
    return ',';
  }

  /** The fields, trimmed and without their quotes. */
  public static List<String> split(String line, char separator) {
    List<String> fields = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    boolean isQuoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"' && isQuoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
        field.append('"');
        i++;
      } else if (c == '"') {
        isQuoted = !isQuoted;
      } else if (c == separator && !isQuoted) {
        fields.add(field.toString().trim());
        field.setLength(0);
      } else {
        field.append(c);
      }
    }
    fields.add(field.toString().trim());
    return fields;
  }
}
