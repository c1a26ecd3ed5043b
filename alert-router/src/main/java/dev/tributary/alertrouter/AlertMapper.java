package dev.tributary.alertrouter;

import dev.tributary.alertrouter.core.DeliveryEntry;
import dev.tributary.alertrouter.core.EpisodeState;
import dev.tributary.alertrouter.core.Notice;
import dev.tributary.alertrouter.core.Severity;
import dev.tributary.schemas.Alert;
import dev.tributary.schemas.AlertDelivery;
import dev.tributary.schemas.Anomaly;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.TreeMap;

/** Records to what the core knows, and back. */
final class AlertMapper {
  private AlertMapper() {}

  /**
   * The alert in a record.
   *
   * @throws IllegalArgumentException where state or severity is none that is known
   */
  static Notice notice(Alert alert) {
    Anomaly episode = alert.getEpisode();
    return new Notice(
        alert.getTenant(),
        alert.getAlertId(),
        alert.getTeam(),
        alert.getRoutes(),
        Severity.of(alert.getSeverity()),
        alert.getTitle(),
        episode.getSentence(),
        episode.getEpisodeId(),
        episode.getGroupId(),
        EpisodeState.valueOf(episode.getState()),
        episode.getEnvironment(),
        episode.getSeries(),
        episode.getMetric(),
        new TreeMap<>(episode.getDimensions()),
        time(episode.getOpenedAtUs()),
        time(episode.getWindowStartUs()),
        time(alert.getCreatedAtUs()),
        episode.getObserved(),
        episode.getBaseline(),
        episode.getFactor(),
        episode.getMoneySoFar(),
        episode.getMoneyPerHour(),
        episode.getCauses().stream()
            .map(
                cause ->
                    new Notice.Reason(
                        cause.getDriver(),
                        new TreeMap<>(cause.getSlice()),
                        cause.getAmount(),
                        cause.getShare(),
                        cause.getEvidence()))
            .toList(),
        episode.getExampleTraceIds());
  }

  static AlertDelivery delivery(DeliveryEntry entry) {
    return AlertDelivery.newBuilder()
        .setTenant(entry.tenant())
        .setAlertId(entry.alertId())
        .setEpisodeId(entry.episodeId())
        .setTeam(entry.team())
        .setRoute(entry.route())
        .setState(entry.state())
        .setSeverity(entry.severity().text())
        .setOutcome(entry.outcome().name())
        .setReason(entry.reason())
        .setNotificationId(entry.notificationId())
        .setNotificationSize(entry.notificationSize())
        .setAttempts(entry.attempts())
        .setCreatedAtUs(micros(entry.createdAt()))
        .setAtUs(micros(entry.at()))
        .build();
  }

  /**
   * What a record of the router's memory says.
   *
   * @throws IllegalArgumentException where outcome or severity is none that is known
   */
  static DeliveryEntry entry(AlertDelivery delivery) {
    return new DeliveryEntry(
        delivery.getTenant(),
        delivery.getAlertId(),
        delivery.getEpisodeId(),
        delivery.getTeam(),
        delivery.getRoute(),
        delivery.getState(),
        Severity.of(delivery.getSeverity()),
        DeliveryEntry.Outcome.valueOf(delivery.getOutcome()),
        delivery.getReason(),
        delivery.getNotificationId(),
        delivery.getNotificationSize(),
        delivery.getAttempts(),
        time(delivery.getCreatedAtUs()),
        time(delivery.getAtUs()));
  }

  private static Instant time(long us) {
    return Instant.EPOCH.plus(us, ChronoUnit.MICROS);
  }

  private static long micros(Instant time) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, time);
  }
}
