package dev.tributary.embedded.clickhouse;

import java.util.Set;

/** The HTTP status of a ClickHouse error code, as clients expect it. */
final class ErrorStatus {

  private static final Set<Integer> NOT_FOUND = Set.of(46, 47, 60, 81);
  private static final Set<Integer> FORBIDDEN = Set.of(192, 193, 194, 497, 516);

  /** Errors of parsing and of types: the request is wrong, not the server. */
  private static final Set<Integer> BAD_REQUEST =
      Set.of(
          6, 25, 26, 27, 33, 36, 38, 41, 43, 53, 62, 69, 70, 72, 89, 117, 130, 131, 190, 307, 321,
          349, 374, 427, 441, 456, 457, 467, 675, 676);

  private ErrorStatus() {}

  static int of(int code) {
    if (NOT_FOUND.contains(code)) {
      return 404;
    }
    if (FORBIDDEN.contains(code)) {
      return 403;
    }
    return BAD_REQUEST.contains(code) ? 400 : 500;
  }
}
