package dev.tributary.standalone.platform;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Values inside SQL, and what comes back as text. */
public final class SqlLiteral {
  private static final String NULL = "\\N";
  private static final BigDecimal CENT = new BigDecimal("0.01");

  private SqlLiteral() {}

  /** A text. */
  public static String text(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }

  /** A time. */
  public static String time(long us) {
    return "fromUnixTimestamp64Micro(toInt64(" + us + "))";
  }

  /** True where a column is NULL. */
  public static boolean isNull(String cell) {
    return cell.equals(NULL);
  }

  /** A column of free text as it was before TSV escaped it. */
  public static String unescaped(String cell) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < cell.length(); i++) {
      char c = cell.charAt(i);
      if (c != '\\' || i + 1 == cell.length()) {
        text.append(c);
        continue;
      }
      char next = cell.charAt(++i);
      text.append(
          switch (next) {
            case 't' -> '\t';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 'b' -> '\b';
            case 'f' -> '\f';
            case '0' -> '\0';
            default -> next;
          });
    }
    return text.toString();
  }

  /** An amount to the cent, {@code unknown} for NULL. */
  public static String money(String cell) {
    if (isNull(cell)) {
      return "unknown";
    }
    BigDecimal amount = new BigDecimal(cell);
    boolean isSmall = amount.abs().compareTo(CENT) < 0 && amount.signum() != 0;
    BigDecimal shown =
        isSmall
            ? amount.round(new MathContext(2, RoundingMode.HALF_EVEN))
            : amount.setScale(2, RoundingMode.HALF_EVEN);
    return "$" + shown.toPlainString();
  }
}
