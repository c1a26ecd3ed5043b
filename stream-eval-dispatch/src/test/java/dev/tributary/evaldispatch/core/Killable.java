package dev.tributary.evaldispatch.core;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** A controller that can be killed: its state is what went through the log. */
final class Killable {
  private final ControllerOptions options;
  private final Map<String, String> saved = new TreeMap<>();
  private RateController controller;

  Killable(ControllerOptions options) {
    this.options = options;
    this.controller = fresh();
  }

  private RateController fresh() {
    return new RateController(
        options,
        (key, value) -> {
          if (value == null) {
            saved.remove(key);
          } else {
            saved.put(key, value);
          }
        });
  }

  RateController controller() {
    return controller;
  }

  void restart() {
    Map<String, String> before = new HashMap<>(saved);
    controller = fresh();
    before.forEach(controller::restore);
  }

  /** How many entries of a kind are kept. */
  long kept(char kind) {
    return saved.keySet().stream().filter(key -> key.charAt(0) == kind).count();
  }
}
