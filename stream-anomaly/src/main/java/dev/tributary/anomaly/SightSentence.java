package dev.tributary.anomaly;

import dev.tributary.anomaly.core.group.Change;
import org.jspecify.annotations.Nullable;

/** First sights that are alarms, in plain words. */
final class SightSentence {
  private SightSentence() {}

  /** What follows the feature; null: the sight is an event and no alarm. */
  static @Nullable String of(Change change) {
    return switch (change.kind()) {
      case "unpriced_model" ->
          " calls " + change.value() + ", which has no price: its cost is unknown";
      case Change.RETURNED_MODEL ->
          " asks for "
              + change.subject()
              + " and "
              + change.value()
              + " answers, which never did before: its price, length and quality may differ";
      default -> null;
    };
  }
}
