package dev.tributary.standalone.backtest;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tributary.anomaly.core.Episode;
import dev.tributary.anomaly.core.EpisodeId;
import java.io.BufferedWriter;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Episodes as JSON lines. */
public final class EpisodeLines {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Beyond, the baseline is next to nothing. */
  private static final double MOST_RATIO = 1e9;

  private EpisodeLines() {}

  /** Writes a line per episode, oldest first. */
  public static void write(Path file, String series, List<Episode> episodes) throws IOException {
    try (BufferedWriter out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
      for (Episode episode : episodes) {
        out.write(line(series, episode));
        out.newLine();
      }
    }
  }

  /** The same for episodes of several series, in the given order. */
  public static void write(Path file, List<WindowBacktest.Found> found) throws IOException {
    try (BufferedWriter out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
      for (WindowBacktest.Found one : found) {
        out.write(line(one.name(), one.episode()));
        out.newLine();
      }
    }
  }

  private static String line(String series, Episode episode) throws IOException {
    ObjectNode node = JSON.createObjectNode();
    node.put("episode_id", EpisodeId.of("backtest", "backtest", series, episode.firstUs()));
    node.put("series", series);
    node.put("again", episode.goesOn());
    node.put("opened_at", time(episode.openedUs()));
    if (episode.end() == Episode.End.STILL_OPEN) {
      node.putNull("ended_at");
    } else {
      node.put("ended_at", time(episode.lastUs()));
    }
    node.put("end", episode.end().name().toLowerCase(Locale.ROOT));
    node.put("windows", episode.windows());
    node.put("baseline", number(episode.baseline()));
    node.put("peak_value", number(episode.peakValue()));
    node.put("peak_at", time(episode.peakUs()));
    node.put("peak_ratio", isRatio(episode.peakRatio()) ? number(episode.peakRatio()) : null);
    node.put("excess", number(episode.excess()));
    node.put("score", number(episode.score()));
    return JSON.writeValueAsString(node);
  }

  /**
   * Whether a ratio says something: what comes after nothing is not so many times as much. The rule
   * has a number for it all the same.
   */
  static boolean isRatio(double ratio) {
    return ratio <= MOST_RATIO && ratio >= 1 / MOST_RATIO;
  }

  private static @Nullable BigDecimal number(double number) {
    return Double.isFinite(number) ? new BigDecimal(ReadingLines.plain(number)) : null;
  }

  private static String time(long timeUs) {
    return Instant.EPOCH.plus(timeUs, ChronoUnit.MICROS).toString();
  }
}
