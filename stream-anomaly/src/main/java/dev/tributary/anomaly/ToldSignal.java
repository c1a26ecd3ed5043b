package dev.tributary.anomaly;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * What was told of a signal when it began. Its end goes to the same people as the end of the same
 * episode, whatever is known and whoever owns it by then.
 *
 * @param sinceUs when it began
 * @param environment part of the episode's name
 * @param team that was told
 * @param routes by which
 */
record ToldSignal(long sinceUs, String environment, String team, List<String> routes) {
  /** Between texts; sorts before everything that a name holds. */
  private static final String BETWEEN = "\0";

  ToldSignal {
    routes = List.copyOf(routes);
  }

  byte[] toBytes() {
    List<String> texts = new ArrayList<>(List.of(environment, team));
    texts.addAll(routes);
    return StoreKeys.of(sinceUs, String.join(BETWEEN, texts)).get();
  }

  /** What {@link #toBytes} gave; null: an older version kept only since when. */
  static @Nullable ToldSignal of(byte[] stored) {
    Bytes bytes = Bytes.wrap(stored);
    String[] texts = StoreKeys.textAfterTime(bytes).split(BETWEEN, -1);
    return texts.length < 2
        ? null
        : new ToldSignal(
            StoreKeys.time(bytes), texts[0], texts[1], List.of(texts).subList(2, texts.length));
  }
}
