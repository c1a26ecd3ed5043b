package dev.tributary.embedded.clickhouse;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An error in ClickHouse's terms: a code and a text. The text never carries the engine's version;
 * the HTTP front appends it.
 */
final class EngineException extends Exception {

  private static final Pattern CODE = Pattern.compile("Code: (\\d+)\\.");

  /** Some engine paths append {@code (version 26.7.2.1)} themselves; the front appends its own. */
  private static final Pattern VERSION_SUFFIX =
      Pattern.compile("\\s*\\(version [0-9.]+(?: \\([^)]*\\))?\\)\\s*$");

  /** Errors of calls that reached the engine without a code: ClickHouse's UNKNOWN_EXCEPTION. */
  private static final int UNKNOWN_EXCEPTION = 1002;

  private final int code;

  private EngineException(int code, String text) {
    super(text);
    this.code = code;
  }

  /** An error raised by the front; {@code name} is ClickHouse's constant for the code. */
  static EngineException of(int code, String name, String message) {
    return new EngineException(
        code, "Code: " + code + ". DB::Exception: " + message + " (" + name + ")");
  }

  /** An error text as the engine returned it. */
  static EngineException ofEngine(String text) {
    String stripped = VERSION_SUFFIX.matcher(text).replaceFirst("").strip();
    Matcher matcher = CODE.matcher(stripped);
    if (matcher.find()) {
      return new EngineException(Integer.parseInt(matcher.group(1)), stripped);
    }
    return of(UNKNOWN_EXCEPTION, "UNKNOWN_EXCEPTION", stripped);
  }

  static EngineException badArguments(String message) {
    return of(36, "BAD_ARGUMENTS", message);
  }

  static EngineException syntax(String message) {
    return of(62, "SYNTAX_ERROR", message);
  }

  static EngineException notImplemented(String message) {
    return of(48, "NOT_IMPLEMENTED", message);
  }

  int code() {
    return code;
  }

  /** The error text; never null. */
  String text() {
    return String.valueOf(getMessage());
  }
}
