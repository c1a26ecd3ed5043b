package dev.tributary.alertrouter.core;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * What a Slack-compatible hook gets: one text in Slack's markup, and a channel where the route
 * names one. Such hooks know no idempotency key.
 */
public final class SlackBody {
  /** Slack cuts a message at 40 000 characters; people stop reading long before. */
  private static final int MOST_ALERTS = 10;

  private SlackBody() {}

  /** The body of a notification. */
  public static String of(Notification notification, String link) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    String target = RouteName.of(notification.route()).target();
    if (target != null) {
      body.put("channel", target);
    }
    StringJoiner text = new StringJoiner("\n");
    List<Item> items = notification.items();
    if (items.size() > 1) {
      text.add("*" + items.size() + " alerts of one cause*");
    }
    for (Item item : items.subList(0, Math.min(MOST_ALERTS, items.size()))) {
      if (item.content() instanceof Content.OfAlert alert) {
        text.add(alert(alert.notice(), link));
      } else if (item.content() instanceof Content.OfDay day) {
        text.add(summary(day.summary()));
      }
    }
    if (items.size() > MOST_ALERTS) {
      text.add("and " + (items.size() - MOST_ALERTS) + " more");
    }
    body.put("text", text.toString());
    return body.toString();
  }

  private static String alert(Notice notice, String link) {
    StringJoiner text = new StringJoiner("\n");
    text.add(sign(notice) + " *" + escape(notice.title()) + "*");
    if (!notice.sentence().isEmpty()) {
      text.add(escape(notice.sentence()));
    }
    StringJoiner facts = new StringJoiner(" · ");
    facts.add(escape(notice.team()));
    facts.add(escape(notice.environment()));
    if (notice.moneySoFar() != null) {
      facts.add(Words.money(notice.moneySoFar()) + " above baseline so far");
    }
    if (notice.moneyPerHour() != null && !notice.state().isClosing()) {
      facts.add(Words.money(notice.moneyPerHour()) + " an hour");
    }
    text.add(facts.toString());
    if (!notice.traceIds().isEmpty()) {
      text.add("traces: " + escape(Words.traces(notice.traceIds())));
    }
    text.add(
        link.isEmpty()
            ? "`./tributary explain " + escape(notice.episodeId()) + "`"
            : "<" + escape(Words.link(link, notice)) + "|open the episode>");
    return text.toString();
  }

  private static String sign(Notice notice) {
    if (notice.state().isClosing()) {
      return ":white_check_mark: RESOLVED";
    }
    return switch (notice.severity()) {
      case CRITICAL -> ":red_circle: CRITICAL";
      case WARNING -> ":large_orange_circle: WARNING";
      case INFO -> ":large_blue_circle: INFO";
    };
  }

  private static String summary(DaySummary day) {
    StringJoiner text = new StringJoiner("\n");
    text.add(
        "*"
            + escape(day.team())
            + ", "
            + day.day()
            + "*: "
            + (day.cost() == null ? "nothing priced" : Words.money(day.cost()))
            + " for "
            + day.calls()
            + " calls");
    compared(text, "the day before", day.cost(), day.dayBefore());
    compared(text, "a week before", day.cost(), day.weekBefore());
    if (day.unpricedCalls() > 0) {
      text.add(day.unpricedCalls() + " calls have no price: this is a lower bound");
    }
    for (DaySummary.FeatureCost feature : day.dearest()) {
      text.add("• " + escape(feature.feature()) + " " + Words.money(feature.cost()));
    }
    if (day.episodes() > 0) {
      text.add(
          day.episodes()
              + " episodes"
              + (day.moneyAboveBaseline() == null
                  ? ""
                  : ", " + Words.money(day.moneyAboveBaseline()) + " above baseline"));
    }
    return text.toString();
  }

  private static void compared(
      StringJoiner text, String what, @Nullable BigDecimal now, @Nullable BigDecimal before) {
    String change = Words.change(now, before);
    if (!change.isEmpty() && before != null) {
      text.add(change + " against " + what + " (" + Words.money(before) + ")");
    }
  }

  /** The three characters of Slack's markup that stand for something else. */
  static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
