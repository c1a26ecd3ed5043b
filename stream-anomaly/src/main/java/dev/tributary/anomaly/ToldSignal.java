package dev.tributary.anomaly;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * What was told of a signal. What is told of it later goes to the same people as news of the same
 * episode, whatever is known and whoever owns it by then.
 *
 * @param sinceUs when it began
 * @param environment part of the episode's name
 * @param team that was told
 * @param routes by which
 * @param severity the highest that was told; null: an older version told it
 * @param revision of the last state that was told, from 1
 * @param dimensions of the episode, which receivers know it by
 */
record ToldSignal(
    long sinceUs,
    String environment,
    String team,
    List<String> routes,
    @Nullable String severity,
    long revision,
    Map<String, String> dimensions) {
  /** Between texts; sorts before everything that a name holds. */
  private static final String BETWEEN = "\0";

  /** Before what follows the routes; older versions end with them. */
  private static final String AFTER_ROUTES = "\1";

  /** Texts between the routes and the dimensions. */
  private static final int FIXED = 3;

  ToldSignal {
    routes = List.copyOf(routes);
    dimensions = new TreeMap<>(dimensions);
  }

  /** What has no course beside its beginning and its end. */
  static ToldSignal of(long sinceUs, String environment, String team, List<String> routes) {
    return new ToldSignal(sinceUs, environment, team, routes, null, 1, Map.of());
  }

  /** The same with the next thing that is told of it. */
  ToldSignal next(String nowSeverity) {
    return new ToldSignal(
        sinceUs, environment, team, routes, nowSeverity, revision + 1, dimensions);
  }

  byte[] toBytes() {
    List<String> texts = new ArrayList<>(List.of(environment, team));
    texts.addAll(routes);
    if (severity != null) {
      texts.addAll(List.of(AFTER_ROUTES, severity, Long.toString(revision)));
      dimensions.forEach(
          (name, value) -> {
            texts.add(name.replace(BETWEEN, ""));
            texts.add(value.replace(BETWEEN, ""));
          });
    }
    return StoreKeys.of(sinceUs, String.join(BETWEEN, texts)).get();
  }

  /** What {@link #toBytes} gave; null: an older version kept only since when. */
  static @Nullable ToldSignal of(byte[] stored) {
    Bytes bytes = Bytes.wrap(stored);
    List<String> texts = List.of(StoreKeys.textAfterTime(bytes).split(BETWEEN, -1));
    if (texts.size() < 2) {
      return null;
    }
    int end = texts.indexOf(AFTER_ROUTES);
    if (end < 0) {
      return of(StoreKeys.time(bytes), texts.get(0), texts.get(1), texts.subList(2, texts.size()));
    }
    Map<String, String> dimensions = new TreeMap<>();
    for (int i = end + FIXED; i + 1 < texts.size(); i += 2) {
      dimensions.put(texts.get(i), texts.get(i + 1));
    }
    return new ToldSignal(
        StoreKeys.time(bytes),
        texts.get(0),
        texts.get(1),
        texts.subList(2, end),
        texts.get(end + 1),
        Long.parseLong(texts.get(end + 2)),
        dimensions);
  }
}
