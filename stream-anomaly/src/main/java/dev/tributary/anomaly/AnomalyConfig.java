package dev.tributary.anomaly;

import dev.tributary.anomaly.core.group.Desk;
import dev.tributary.runtime.config.CommonSettings;
import dev.tributary.runtime.config.ConfigException;
import dev.tributary.runtime.config.Setting;
import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.config.StoreType;
import dev.tributary.schemas.Topics;
import java.time.Duration;
import java.util.List;

/**
 * How windows are watched.
 *
 * @param step length of what a series is judged by: windows of a minute are added up to it
 * @param lookBack time before an episode that it is compared with, and in which changes count
 * @param silentAfter event time without a value after which an open episode ends
 * @param amendable event time after its end in which late windows still amend an episode
 * @param maxSeries series that a task watches; further ones are counted and left out
 * @param seriesIdle event time after which the state of a series that nothing comes of is deleted
 * @param judgedAtOnce series of a closed step that are judged in one go
 * @param store where state lives
 * @param partitions partitions of llm.windows and of the repartition topic
 */
public record AnomalyConfig(
    Duration step,
    Duration lookBack,
    Duration silentAfter,
    Duration amendable,
    int maxSeries,
    Duration seriesIdle,
    int judgedAtOnce,
    StoreType store,
    int partitions) {

  static final Setting<Duration> STEP =
      Setting.duration(
              "tributary.anomaly.step",
              "5m",
              "What a series is judged by: one-minute windows are added up to it. Shorter finds"
                  + " sooner and needs more traffic; a change starts every baseline anew")
          .atLeast(Duration.ofMinutes(1));

  static final Setting<Duration> LOOK_BACK =
      Setting.duration(
              "tributary.anomaly.look-back",
              "1h",
              "Time before an episode that its cells are compared with, and in which a first sight"
                  + " of a prompt version, model or rate card counts as one that came with it")
          .atLeast(Duration.ofMinutes(10));

  static final Setting<Duration> SILENT_AFTER =
      Setting.duration(
              "tributary.anomaly.silent-after",
              "1h",
              "Event time without a value after which an open episode ends")
          .atLeast(Duration.ofMinutes(5));

  static final Setting<Duration> AMENDABLE =
      Setting.duration(
              "tributary.anomaly.amendable",
              "1h",
              "Event time after its end in which late windows amend an episode; windows of series"
                  + " with episodes are kept so long")
          .atLeast(Duration.ZERO);

  static final Setting<Integer> MAX_SERIES =
      Setting.integer(
              "tributary.anomaly.max-series",
              50_000,
              "Series that a task watches; further ones are counted and left out. About 1.2 KB for"
                  + " each metric that a series shows, at most 64")
          .atLeast(1);

  static final Setting<Duration> SERIES_IDLE =
      Setting.duration(
              "tributary.anomaly.series-idle",
              "21d",
              "Event time after which the state of a series that nothing comes of is deleted")
          .atLeast(Duration.ofDays(1));

  static final Setting<Integer> JUDGED_AT_ONCE =
      Setting.integer(
              "tributary.anomaly.judged-at-once",
              1_000,
              "Series of a closed step that a task judges in one go; a step of more is judged in"
                  + " several, with commits and other records between them. Says nothing about what"
                  + " is found")
          .atLeast(1);

  /** The module's own settings. */
  public static final List<Setting<?>> SETTINGS =
      List.of(STEP, LOOK_BACK, SILENT_AFTER, AMENDABLE, MAX_SERIES, SERIES_IDLE, JUDGED_AT_ONCE);

  /** Checks what no single setting can. */
  public AnomalyConfig {
    if (Duration.ofHours(1).toSeconds() % step.toSeconds() != 0 || step.toSeconds() % 60 != 0) {
      throw new ConfigException(
          STEP.key()
              + " = "
              + step
              + " is not allowed; allowed: whole minutes that divide an hour");
    }
    if (partitions < 1) {
      throw new ConfigException("partitions must be at least 1: " + partitions);
    }
  }

  /**
   * The configuration of these settings.
   *
   * @throws ConfigException naming key, value and what is allowed
   */
  public static AnomalyConfig from(Settings settings) {
    int configured = settings.get(CommonSettings.PARTITIONS);
    return new AnomalyConfig(
        settings.get(STEP),
        settings.get(LOOK_BACK),
        settings.get(SILENT_AFTER),
        settings.get(AMENDABLE),
        settings.get(MAX_SERIES),
        settings.get(SERIES_IDLE),
        settings.get(JUDGED_AT_ONCE),
        settings.get(CommonSettings.STORE),
        configured == 0 ? Topics.WINDOWS.partitions() : configured);
  }

  long stepUs() {
    return us(step);
  }

  long lookBackUs() {
    return us(lookBack);
  }

  long cellsKeptUs() {
    return Desk.cellsKeptUs(stepUs(), lookBackUs());
  }

  long silentUs() {
    return us(silentAfter);
  }

  long amendableUs() {
    return us(amendable);
  }

  long seriesIdleUs() {
    return us(seriesIdle);
  }

  /** Start of the step of a time. */
  long stepOf(long timeUs) {
    return Math.floorDiv(timeUs, stepUs()) * stepUs();
  }

  private static long us(Duration duration) {
    return duration.toNanos() / 1_000;
  }
}
