package dev.tributary.alertrouter.core;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;

/**
 * What Alertmanager's API v2 takes at {@code /api/v2/alerts}. Labels name an alert there, so those
 * of its end are those of its beginning; where an episode became more severe, the alert of the
 * earlier severity ends as the other begins.
 */
public final class AlertmanagerBody {
  private AlertmanagerBody() {}

  /**
   * The body of a notification.
   *
   * @param now when it is sent
   * @param hold how long an alert stands there when its end is never heard of
   * @param link template of a link to the episode; empty: none
   */
  public static String of(Notification notification, Instant now, Duration hold, String link) {
    ArrayNode alerts = JsonNodeFactory.instance.arrayNode();
    for (Item item : notification.items()) {
      if (item.content() instanceof Content.OfAlert alert) {
        add(alerts, alert.notice(), notification, now, hold, link);
      }
    }
    return alerts.toString();
  }

  private static void add(
      ArrayNode alerts,
      Notice notice,
      Notification notification,
      Instant now,
      Duration hold,
      String link) {
    Set<Severity> ended = EnumSet.noneOf(Severity.class);
    ended.addAll(notification.openSeverities(notice.episodeId()));
    if (notice.state().isClosing()) {
      if (ended.isEmpty()) {
        ended.add(notice.severity());
      }
    } else {
      ended.remove(notice.severity());
      alerts.add(alert(notice, notice.severity(), now.plus(hold), link));
    }
    // An end in the future would still stand as firing.
    Instant end = notice.createdAt().isBefore(now) ? notice.createdAt() : now;
    for (Severity severity : ended) {
      alerts.add(alert(notice, severity, end, link));
    }
  }

  private static ObjectNode alert(Notice notice, Severity severity, Instant endsAt, String link) {
    ObjectNode alert = JsonNodeFactory.instance.objectNode();
    ObjectNode labels = alert.putObject("labels");
    // First, so that a dimension of the same name cannot take their place.
    notice.dimensions().forEach((name, value) -> labels.put(label(name), value));
    labels.put("alertname", "TributaryEpisode");
    labels.put("tenant", notice.tenant());
    labels.put("environment", notice.environment());
    labels.put("owner", notice.team());
    labels.put("metric", notice.metric());
    labels.put("episode", notice.episodeId());
    labels.put("severity", severity.text());
    ObjectNode annotations = alert.putObject("annotations");
    annotations.put("summary", notice.title());
    annotations.put("description", notice.sentence());
    annotations.put("observed", Words.number(notice.observed()));
    annotations.put("baseline", Words.number(notice.baseline()));
    annotations.put("factor", Words.number(notice.factor()));
    if (notice.moneySoFar() != null) {
      annotations.put("money_so_far", notice.moneySoFar().toPlainString());
    }
    if (notice.moneyPerHour() != null) {
      annotations.put("money_per_hour", notice.moneyPerHour().toPlainString());
    }
    annotations.put("traces", Words.traces(notice.traceIds()));
    Instant starts = notice.openedAt().isBefore(endsAt) ? notice.openedAt() : endsAt;
    alert.put("startsAt", starts.toString());
    alert.put("endsAt", endsAt.toString());
    if (!link.isEmpty()) {
      alert.put("generatorURL", Words.link(link, notice));
    }
    return alert;
  }

  /** A label name: letters, digits and underscores, no digit first. */
  static String label(String name) {
    String cleaned = name.replaceAll("[^a-zA-Z0-9_]", "_");
    return cleaned.isEmpty() || Character.isDigit(cleaned.charAt(0)) ? "_" + cleaned : cleaned;
  }
}
