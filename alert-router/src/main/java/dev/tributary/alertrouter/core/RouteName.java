package dev.tributary.alertrouter.core;

import org.jspecify.annotations.Nullable;

/**
 * A route as the ownership table names it: {@code NAME} or {@code NAME:TARGET}, where the target is
 * for the receiver, as a channel.
 *
 * @param name of a configured route
 * @param target what follows the first colon; null: nothing
 */
public record RouteName(String name, @Nullable String target) {
  /** Reads a text. */
  public static RouteName of(String text) {
    int colon = text.indexOf(':');
    return colon < 0
        ? new RouteName(text, null)
        : new RouteName(text.substring(0, colon), text.substring(colon + 1));
  }
}
