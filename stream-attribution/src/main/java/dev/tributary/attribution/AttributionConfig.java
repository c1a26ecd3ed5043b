package dev.tributary.attribution;

import dev.tributary.attribution.core.JoinLimits;
import dev.tributary.attribution.core.JoinTimes;
import dev.tributary.attribution.core.SessionJoin;
import dev.tributary.attribution.core.TagField;
import dev.tributary.runtime.config.CommonSettings;
import dev.tributary.runtime.config.Setting;
import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.config.StoreType;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The configuration of attribution, valid by construction.
 *
 * @param times the join's times on the partition's clock, speed included
 * @param limits the join's bounds
 * @param clockSkew how far a span's end may be ahead of the wall clock and still move the clock
 * @param clockIdle wall time without records after which the clock runs on
 * @param speed how many times faster than the wall clock event time runs; from 1
 * @param tick wall time between two looks at the deadlines
 * @param sessions the times of sessions, on the wall clock
 * @param store where state lives
 */
public record AttributionConfig(
    JoinTimes times,
    JoinLimits limits,
    Duration clockSkew,
    Duration clockIdle,
    long speed,
    Duration tick,
    SessionJoin.Times sessions,
    StoreType store) {

  private static final Duration NONE = Duration.ZERO;

  static final Setting<Duration> SETTLE =
      Setting.duration(
              "tributary.attribution.settle",
              "5s",
              "Quiet time after which a trace whose root is there closes")
          .atLeast(Duration.ofMillis(1));
  static final Setting<Duration> BOOK_AFTER =
      Setting.duration(
              "tributary.attribution.book-after",
              "30s",
              "Time after its arrival at which a span is booked, whatever is still missing")
          .atLeast(Duration.ofMillis(1));
  static final Setting<Duration> IDLE_CLOSE =
      Setting.duration(
              "tributary.attribution.idle-close", "60s", "Quiet time after which any trace closes")
          .atLeast(Duration.ofMillis(1));
  static final Setting<Duration> MAX_AGE =
      Setting.duration("tributary.attribution.max-age", "6h", "Age at which any trace closes")
          .atLeast(Duration.ofMillis(1));
  static final Setting<Duration> REVISABLE =
      Setting.duration(
              "tributary.attribution.revisable",
              "15m",
              "Time after its last span for which a closed trace is kept whole and can be revised")
          .atLeast(Duration.ofMillis(1));
  static final Setting<Duration> STUB =
      Setting.duration(
              "tributary.attribution.stub",
              "6h",
              "Time for which a stub of the trace is kept after that")
          .atLeast(Duration.ofMillis(1));
  static final Setting<Long> SPEED =
      Setting.longInteger(
              "tributary.attribution.speed",
              1,
              "How many times faster than the wall clock event time runs, for accelerated replays;"
                  + " multiplies the six times above")
          .atLeast(1L)
          .atMost(100_000L);
  static final Setting<Duration> CLOCK_SKEW =
      Setting.duration(
              "tributary.attribution.clock-skew",
              "60s",
              "How far a span's end may be ahead of the wall clock and still move the partition's"
                  + " clock")
          .atLeast(NONE);
  static final Setting<Duration> CLOCK_IDLE =
      Setting.duration(
              "tributary.attribution.clock-idle",
              "10s",
              "Wall time without records after which the partition's clock runs on with the wall"
                  + " clock")
          .atLeast(NONE);
  static final Setting<Integer> TRACE_SPAN_LIMIT =
      Setting.integer(
              "tributary.attribution.trace-span-limit",
              20_000,
              "Spans of a trace that are joined; further ones are booked each for itself")
          .atLeast(1)
          .atMost(1_000_000);
  static final Setting<Long> ROOTLESS_BYTES =
      Setting.bytes(
              "tributary.attribution.rootless-bytes",
              "64MiB",
              "Bytes of closed traces without a root that a task keeps beyond the revisable time")
          .atLeast(0L);
  static final Setting<Integer> CACHE_SPANS =
      Setting.integer(
              "tributary.attribution.cache-spans",
              20_000,
              "Spans of open traces that a task keeps decoded on the heap, about 2 KiB each; only a"
                  + " read cache")
          .atLeast(0)
          .atMost(10_000_000);
  static final Setting<List<String>> REQUIRED_TAGS =
      Setting.list(
              "tributary.attribution.required-tags",
              "feature,workspace,environment,prompt_version,agent",
              "Tags a span must state itself to be booked at once, before its trace closes")
          .check(AttributionConfig::areTags, "names of tags: " + tagNames());
  static final Setting<Duration> TICK =
      Setting.duration(
              "tributary.attribution.tick", "100ms", "Wall time between two looks at what is due")
          .atLeast(Duration.ofMillis(10))
          .atMost(Duration.ofSeconds(10));
  static final Setting<Duration> SESSION_GAP =
      Setting.duration(
              "tributary.attribution.session-gap",
              "30m",
              "Wall time without a trace after which a session is over; a later trace revises that")
          .atLeast(Duration.ofSeconds(1));
  static final Setting<Duration> SESSION_MAX_AGE =
      Setting.duration(
              "tributary.attribution.session-max-age",
              "24h",
              "Wall time after its first trace at which a session is over, whatever comes")
          .atLeast(Duration.ofSeconds(1));
  static final Setting<Duration> SESSION_KEEP =
      Setting.duration(
              "tributary.attribution.session-keep",
              "35d",
              "Wall time after its last trace for which a session is kept; as long as its topic")
          .atLeast(Duration.ofMinutes(1));

  /** All settings, in the order of the times table. */
  public static final List<Setting<?>> SETTINGS =
      List.of(
          SETTLE,
          BOOK_AFTER,
          IDLE_CLOSE,
          MAX_AGE,
          REVISABLE,
          STUB,
          SPEED,
          CLOCK_SKEW,
          CLOCK_IDLE,
          TRACE_SPAN_LIMIT,
          ROOTLESS_BYTES,
          CACHE_SPANS,
          REQUIRED_TAGS,
          TICK,
          SESSION_GAP,
          SESSION_MAX_AGE,
          SESSION_KEEP);

  /** Reads and validates. */
  public static AttributionConfig from(Settings settings) {
    long speed = settings.get(SPEED);
    JoinTimes times =
        JoinTimes.of(
            settings.get(SETTLE),
            settings.get(BOOK_AFTER),
            settings.get(IDLE_CLOSE),
            settings.get(MAX_AGE),
            settings.get(REVISABLE),
            settings.get(STUB),
            speed);
    JoinLimits limits =
        new JoinLimits(
            settings.get(TRACE_SPAN_LIMIT),
            settings.get(ROOTLESS_BYTES),
            settings.get(CACHE_SPANS),
            tags(settings.get(REQUIRED_TAGS)));
    return new AttributionConfig(
        times,
        limits,
        settings.get(CLOCK_SKEW),
        settings.get(CLOCK_IDLE),
        speed,
        settings.get(TICK),
        new SessionJoin.Times(
            micros(settings.get(SESSION_GAP)),
            micros(settings.get(SESSION_MAX_AGE)),
            micros(settings.get(SESSION_KEEP))),
        settings.get(CommonSettings.STORE));
  }

  private static long micros(Duration duration) {
    return TimeUnit.NANOSECONDS.toMicros(duration.toNanos());
  }

  private static boolean areTags(List<String> names) {
    return names.stream().allMatch(name -> TagField.ofWireName(name) != null);
  }

  private static Set<TagField> tags(List<String> names) {
    Set<TagField> fields = EnumSet.noneOf(TagField.class);
    for (String name : names) {
      TagField field = TagField.ofWireName(name);
      if (field != null) {
        fields.add(field);
      }
    }
    return fields;
  }

  private static String tagNames() {
    StringBuilder names = new StringBuilder();
    for (TagField field : TagField.values()) {
      names.append(names.isEmpty() ? "" : ", ").append(field.wireName());
    }
    return names.toString();
  }
}
