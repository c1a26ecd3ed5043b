package dev.tributary.alertrouter.core;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Canonical alerts. */
public final class Notices {
  public static final Instant NOW = Instant.parse("2026-03-04T14:07:00Z");

  private Notices() {}

  public static Notice opened(String episode) {
    return of(episode, EpisodeState.OPENED, Severity.WARNING, NOW.minusSeconds(60), List.of());
  }

  public static Notice resolved(String episode) {
    return of(episode, EpisodeState.RESOLVED, Severity.WARNING, NOW.minusSeconds(30), List.of());
  }

  public static Notice of(
      String episode,
      EpisodeState state,
      Severity severity,
      Instant createdAt,
      List<String> routes) {
    return new Notice(
        "default",
        episode + "-" + state + "-" + severity,
        "support",
        routes,
        severity,
        "support-answer costs 2.7x its baseline",
        "support-answer costs 2.7x its Wednesday 14:00 baseline <b> & more",
        episode,
        null,
        state,
        "production",
        "feature=" + episode,
        "cost_usd",
        new TreeMap<>(Map.of("feature", "support-answer", "prompt.version", "v13")),
        createdAt.minusSeconds(120),
        createdAt.minusSeconds(60),
        createdAt,
        2.7,
        1.0,
        2.7,
        new BigDecimal("41.123456789012345678"),
        new BigDecimal("0.004"),
        List.of(
            new Notice.Reason(
                "tokens_per_call",
                new TreeMap<>(Map.of("workspace", "acme-" + episode)),
                new BigDecimal("1.5"),
                0.8,
                "prompt v13 first seen 14:03")),
        List.of("0af7651916cd43dd8448eb211c80319c"));
  }

  /** The same in a group that another episode leads. */
  public static Notice grouped(Notice notice, String group) {
    return with(notice, notice.alertId(), group, notice.causes());
  }

  /** The same of an episode that had ended and came back. */
  public static Notice again(Notice notice) {
    return with(notice, notice.alertId() + ":9", notice.groupId(), notice.causes());
  }

  /** The same with what a workspace did as its first cause. */
  public static Notice caused(Notice notice, String workspace) {
    Notice.Reason first = notice.causes().get(0);
    return with(
        notice,
        notice.alertId(),
        notice.groupId(),
        List.of(
            new Notice.Reason(
                first.driver(),
                new TreeMap<>(Map.of("workspace", workspace)),
                first.amount(),
                first.share(),
                first.evidence())));
  }

  /** The same without any cause. */
  public static Notice uncaused(Notice notice) {
    return with(notice, notice.alertId(), notice.groupId(), List.of());
  }

  private static Notice with(
      Notice notice, String alertId, @Nullable String group, List<Notice.Reason> causes) {
    return new Notice(
        notice.tenant(),
        alertId,
        notice.team(),
        notice.routes(),
        notice.severity(),
        notice.title(),
        notice.sentence(),
        notice.episodeId(),
        group,
        notice.state(),
        notice.environment(),
        notice.series(),
        notice.metric(),
        notice.dimensions(),
        notice.openedAt(),
        notice.windowStart(),
        notice.createdAt(),
        notice.observed(),
        notice.baseline(),
        notice.factor(),
        notice.moneySoFar(),
        notice.moneyPerHour(),
        causes,
        notice.traceIds());
  }
}
