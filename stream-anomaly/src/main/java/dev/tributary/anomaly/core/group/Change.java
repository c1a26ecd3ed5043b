package dev.tributary.anomaly.core.group;

import dev.tributary.anomaly.core.StateReader;
import dev.tributary.anomaly.core.StateWriter;

/**
 * Something seen for the first time in a feature.
 *
 * @param kind prompt_version, model or rate_card
 * @param feature where
 * @param value what
 * @param seenUs start of the first cell with it
 */
public record Change(String kind, String feature, String value, long seenUs) {

  void save(StateWriter to) {
    to.text(kind).text(feature).text(value).whole(seenUs);
  }

  static Change load(StateReader from) {
    return new Change(from.text(), from.text(), from.text(), from.whole());
  }
}
