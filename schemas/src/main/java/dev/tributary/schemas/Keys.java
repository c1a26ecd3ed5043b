package dev.tributary.schemas;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes record keys. A tenant is the first part of every key; it cannot hold the separator, so the
 * first part is always unambiguous. Co-partitioned topics make their keys here and nowhere else.
 */
public final class Keys {
  /** Between the parts of a key. */
  public static final char SEPARATOR = '|';

  /** Tenant of records that name none. */
  public static final String DEFAULT_TENANT = "default";

  private static final Pattern TENANT = Pattern.compile("[a-z0-9][a-z0-9._-]{0,62}");

  private Keys() {}

  /** True for what a tenant may be called: lower-case letters, digits, '.', '_', '-', 1 to 63. */
  public static boolean isTenant(String text) {
    return TENANT.matcher(text).matches();
  }

  /** Key of everything about a trace, and of corrections ({@code source}). */
  public static String trace(String tenant, String traceId) {
    return tenant + SEPARATOR + traceId;
  }

  /** Key of a session. */
  public static String session(String tenant, String sessionId) {
    return tenant + SEPARATOR + sessionId;
  }

  /** Key of a window's series. */
  public static String series(String tenant, String series) {
    return tenant + SEPARATOR + series;
  }

  /**
   * Key of the gauges of a host, or of one model that it serves.
   *
   * @param model null: the host itself
   */
  public static String gauge(String tenant, String host, @Nullable String model) {
    return tenant + SEPARATOR + host + SEPARATOR + (model == null ? "" : model);
  }

  /** Key of a team's alerts, and of what became of them. */
  public static String team(String tenant, String team) {
    return tenant + SEPARATOR + team;
  }

  /** Key of an event: of everything about one subject. */
  public static String event(String tenant, String subject) {
    return tenant + SEPARATOR + subject;
  }

  /** Key of a reference timeline. */
  public static String reference(String tenant, ReferenceKind kind, String id) {
    return tenant + SEPARATOR + kind.name() + SEPARATOR + id;
  }

  /** Tenant of a key: everything before the first separator. */
  public static String tenantOf(String key) {
    int end = key.indexOf(SEPARATOR);
    return end < 0 ? key : key.substring(0, end);
  }
}
