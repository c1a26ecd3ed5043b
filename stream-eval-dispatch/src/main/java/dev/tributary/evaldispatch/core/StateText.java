package dev.tributary.evaldispatch.core;

/** Keys and values of the controller's state: parts with a separator that no tag can hold. */
final class StateText {
  /** Unit separator; normalisation takes control characters out of tags. */
  private static final String SEPARATOR = "\u001f";

  private StateText() {}

  static String key(char kind, String... parts) {
    return kind + SEPARATOR + join(parts);
  }

  static String join(String... parts) {
    return String.join(SEPARATOR, parts);
  }

  static String[] split(String text) {
    return text.split(SEPARATOR, -1);
  }
}
