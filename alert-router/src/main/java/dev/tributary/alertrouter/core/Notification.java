package dev.tributary.alertrouter.core;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What is sent in one request: one alert, or several of one cause. Its id is its idempotency key
 * and stays the same however often it is tried, also after a restart. Only its desk changes it.
 */
public final class Notification {
  private final String id;
  private final String route;
  private final List<Item> items;
  private final Map<String, Set<Severity>> openSeverities;
  private final boolean needsAnnouncement;
  private Instant firstDue;
  private int attempts;
  private Instant nextAttempt;
  private boolean inFlight;

  Notification(
      String id,
      String route,
      List<Item> items,
      Map<String, Set<Severity>> openSeverities,
      boolean needsAnnouncement,
      Instant due) {
    this.id = id;
    this.route = route;
    this.items = List.copyOf(items);
    this.openSeverities = Map.copyOf(openSeverities);
    this.needsAnnouncement = needsAnnouncement;
    this.firstDue = due;
    this.nextAttempt = due;
  }

  /** The id of a notification of several alerts: the same for the same alerts in any order. */
  static String idOf(String route, List<Item> items) {
    Set<String> ids = new TreeSet<>();
    items.forEach(item -> ids.add(item.content().id()));
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(route.getBytes(StandardCharsets.UTF_8));
      for (String id : ids) {
        digest.update((byte) 0);
        digest.update(id.getBytes(StandardCharsets.UTF_8));
      }
      return "merged-" + HexFormat.of().formatHex(digest.digest(), 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The idempotency key. */
  public String id() {
    return id;
  }

  /** Where, as the ownership table names it. */
  public String route() {
    return route;
  }

  /** What it tells, in the order in which it came. */
  public List<Item> items() {
    return items;
  }

  /** Severities under which an episode was told here before and is still open. */
  public Set<Severity> openSeverities(String episodeId) {
    Set<Severity> known = openSeverities.get(episodeId);
    return known == null ? Set.of() : known;
  }

  /** Attempts so far, the one under way included. */
  public int attempts() {
    return attempts;
  }

  /** True: which alerts it holds must be written down before it is sent for the first time. */
  public boolean needsAnnouncement() {
    return needsAnnouncement && attempts == 1;
  }

  Instant firstDue() {
    return firstDue;
  }

  boolean isDue(Instant now) {
    return !inFlight && !now.isBefore(nextAttempt);
  }

  boolean isInFlight() {
    return inFlight;
  }

  void send() {
    inFlight = true;
    attempts++;
  }

  /** The clock went back by so much. */
  void wentBack(Duration by) {
    firstDue = firstDue.minus(by);
    nextAttempt = nextAttempt.minus(by);
  }

  void tryAgainAt(Instant at) {
    inFlight = false;
    nextAttempt = at;
  }
}
