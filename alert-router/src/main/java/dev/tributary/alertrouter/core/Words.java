package dev.tributary.alertrouter.core;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** How values read in a message to people; machines get them exactly. */
final class Words {
  private static final BigDecimal CENT = new BigDecimal("0.01");
  private static final HexFormat HEX = HexFormat.of().withUpperCase();
  private static final String UNRESERVED =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

  private Words() {}

  /** An amount, to the cent, or to two digits where it is less. */
  static String money(BigDecimal amount) {
    if (amount.signum() != 0 && amount.abs().compareTo(CENT) < 0) {
      return "$" + amount.round(new MathContext(2, RoundingMode.HALF_EVEN)).toPlainString();
    }
    return "$" + amount.setScale(2, RoundingMode.HALF_EVEN).toPlainString();
  }

  /** A change against an earlier amount, as {@code +12 %}; empty where there is none to compare. */
  static String change(@Nullable BigDecimal now, @Nullable BigDecimal before) {
    if (now == null || before == null || before.signum() <= 0) {
      return "";
    }
    BigDecimal percent =
        now.subtract(before)
            .multiply(BigDecimal.valueOf(100))
            .divide(before, 0, RoundingMode.HALF_EVEN);
    return (percent.signum() >= 0 ? "+" : "") + percent.toPlainString() + " %";
  }

  /** A number of any size, to four digits. */
  static String number(@Nullable Double value) {
    if (value == null || value.isNaN() || value.isInfinite()) {
      return "unknown";
    }
    return new BigDecimal(value)
        .round(new MathContext(4, RoundingMode.HALF_EVEN))
        .stripTrailingZeros()
        .toPlainString();
  }

  /**
   * Traces to open, with what each of them is where an episode's explanation named them.
   *
   * @param ids the dearest, a typical one before (may be left out), a typical one since; others as
   *     they come
   */
  static String traces(List<String> ids) {
    List<String> roles =
        switch (ids.size()) {
          case 2 -> List.of("dearest ", "typical ");
          case 3 -> List.of("dearest ", "typical before ", "typical now ");
          default -> Collections.nCopies(ids.size(), "");
        };
    return IntStream.range(0, ids.size())
        .mapToObj(i -> roles.get(i) + ids.get(i))
        .collect(Collectors.joining(", "));
  }

  /**
   * A link made from a template, its values escaped for any part of an address; empty for an empty
   * one.
   */
  static String link(String template, Notice notice) {
    return template
        .replace("{episode}", escaped(notice.episodeId()))
        .replace("{tenant}", escaped(notice.tenant()))
        .replace("{environment}", escaped(notice.environment()));
  }

  /** RFC 3986 2.1: everything but what it leaves unreserved, as the bytes of UTF-8. */
  private static String escaped(String text) {
    StringBuilder escaped = new StringBuilder();
    for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
      if (UNRESERVED.indexOf(each) >= 0) {
        escaped.append((char) each);
      } else {
        escaped.append('%').append(HEX.toHexDigits(each));
      }
    }
    return escaped.toString();
  }
}
