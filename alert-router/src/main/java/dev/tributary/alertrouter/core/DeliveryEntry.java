package dev.tributary.alertrouter.core;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What became of an alert on a route: what the router remembers.
 *
 * @param tenant organisation
 * @param alertId idempotency key of the alert alone
 * @param episodeId the episode; empty: none
 * @param team owning team
 * @param route route as the ownership table names it; empty: none was tried
 * @param state the episode's state, or {@code SUMMARY}
 * @param severity how urgent
 * @param outcome what became of it
 * @param reason code; null: it was delivered, or is about to be sent
 * @param notificationId idempotency key of the notification that held it; empty: none
 * @param notificationSize alerts in it
 * @param attempts attempts so far
 * @param createdAt event time of the alert's state
 * @param at wall clock of the outcome
 */
public record DeliveryEntry(
    String tenant,
    String alertId,
    String episodeId,
    String team,
    String route,
    String state,
    Severity severity,
    Outcome outcome,
    @Nullable String reason,
    String notificationId,
    int notificationSize,
    int attempts,
    Instant createdAt,
    Instant at) {

  /** What became of it. */
  public enum Outcome {
    /** About to be sent; says which alerts go together under one key. */
    ANNOUNCED,
    DELIVERED,
    /** Given up. */
    FAILED,
    /** Not to be told. */
    DROPPED
  }

  static DeliveryEntry of(
      Content content,
      String route,
      Outcome outcome,
      @Nullable String reason,
      @Nullable Notification notification,
      Instant at) {
    return new DeliveryEntry(
        content.tenant(),
        content.id(),
        content.episodeId(),
        content.team(),
        route,
        content.state(),
        content.severity(),
        outcome,
        reason,
        notification == null ? "" : notification.id(),
        notification == null ? 0 : notification.items().size(),
        notification == null ? 0 : notification.attempts(),
        content.createdAt(),
        at);
  }
}
