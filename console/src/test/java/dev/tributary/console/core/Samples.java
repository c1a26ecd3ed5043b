package dev.tributary.console.core;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A permitted way to ask each question. */
public final class Samples {
  private static final String DAY_FROM = "2026-03-04T00:00:00Z";
  private static final String DAY_TO = "2026-03-05T00:00:00Z";

  private Samples() {}

  /** Values that the question needs, and no more. */
  public static Map<String, List<String>> of(String name) {
    Map<String, List<String>> given = new TreeMap<>();
    if (allows(name, "from")) {
      given.put("from", List.of(DAY_FROM));
      given.put("to", List.of(DAY_TO));
    }
    if (allows(name, "id")) {
      given.put("id", List.of("some-id"));
    }
    return given;
  }

  /** Whether the question has a parameter of this name. */
  static boolean allows(String name, String key) {
    return !isUnknown(name, key);
  }

  private static boolean isUnknown(String name, String key) {
    try {
      Questions.query(name, Map.of(key, List.of("?")), List.of("default"));
      return false;
    } catch (RefusedException e) {
      return String.valueOf(e.getMessage()).startsWith("unknown parameter");
    }
  }
}
