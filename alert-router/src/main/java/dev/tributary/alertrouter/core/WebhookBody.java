package dev.tributary.alertrouter.core;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * What a webhook gets: everything that is known, amounts as decimal strings, absent values as null.
 * The format only grows.
 */
public final class WebhookBody {
  private WebhookBody() {}

  /** The body of a notification. */
  public static String of(Notification notification, String link) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("version", 1);
    body.put("id", notification.id());
    body.put("route", notification.route());
    ArrayNode alerts = body.putArray("alerts");
    ArrayNode summaries = body.putArray("summaries");
    for (Item item : notification.items()) {
      if (item.content() instanceof Content.OfAlert alert) {
        alerts.add(alert(alert.notice(), link));
      } else if (item.content() instanceof Content.OfDay day) {
        summaries.add(summary(day.summary()));
      }
    }
    return body.toString();
  }

  private static ObjectNode alert(Notice notice, String link) {
    ObjectNode alert = JsonNodeFactory.instance.objectNode();
    alert.put("id", notice.alertId());
    alert.put("status", notice.state().isClosing() ? "resolved" : "firing");
    alert.put("state", notice.state().name());
    alert.put("tenant", notice.tenant());
    alert.put("team", notice.team());
    alert.put("severity", notice.severity().text());
    alert.put("title", notice.title());
    alert.put("sentence", notice.sentence());
    alert.put("episode", notice.episodeId());
    alert.put("group", notice.groupId());
    alert.put("environment", notice.environment());
    alert.put("series", notice.series());
    alert.put("metric", notice.metric());
    ObjectNode dimensions = alert.putObject("dimensions");
    notice.dimensions().forEach(dimensions::put);
    alert.put("opened_at", notice.openedAt().toString());
    alert.put("window_start", notice.windowStart().toString());
    alert.put("created_at", notice.createdAt().toString());
    alert.put("observed", notice.observed());
    alert.put("baseline", notice.baseline());
    alert.put("factor", notice.factor());
    alert.put("money_so_far", text(notice.moneySoFar()));
    alert.put("money_per_hour", text(notice.moneyPerHour()));
    ArrayNode causes = alert.putArray("causes");
    for (Notice.Reason reason : notice.causes()) {
      ObjectNode cause = causes.addObject();
      cause.put("driver", reason.driver());
      ObjectNode slice = cause.putObject("slice");
      reason.slice().forEach(slice::put);
      cause.put("amount", text(reason.amount()));
      cause.put("share", reason.share());
      cause.put("evidence", reason.evidence());
    }
    ArrayNode traces = alert.putArray("example_traces");
    notice.traceIds().forEach(traces::add);
    alert.put("link", link.isEmpty() ? null : Words.link(link, notice));
    return alert;
  }

  private static ObjectNode summary(DaySummary day) {
    ObjectNode summary = JsonNodeFactory.instance.objectNode();
    summary.put("id", day.id());
    summary.put("tenant", day.tenant());
    summary.put("team", day.team());
    summary.put("day", day.day().toString());
    summary.put("cost", text(day.cost()));
    summary.put("calls", day.calls());
    summary.put("unpriced_calls", day.unpricedCalls());
    summary.put("cost_day_before", text(day.dayBefore()));
    summary.put("cost_week_before", text(day.weekBefore()));
    ArrayNode features = summary.putArray("dearest_features");
    for (DaySummary.FeatureCost feature : day.dearest()) {
      features.addObject().put("feature", feature.feature()).put("cost", text(feature.cost()));
    }
    summary.put("episodes", day.episodes());
    summary.put("money_above_baseline", text(day.moneyAboveBaseline()));
    return summary;
  }

  private static @Nullable String text(@Nullable BigDecimal amount) {
    return amount == null ? null : amount.toPlainString();
  }
}
