package dev.tributary.console.core;

import java.util.Map;

/**
 * A statement and the values of its parameters.
 *
 * @param sql one SELECT with placeholders {@code {name:Type}}, without a format
 * @param parameters value of each placeholder, as text
 * @param facts what an answer has to be read with, such as the length of a step
 */
public record Query(String sql, Map<String, String> parameters, Map<String, Long> facts) {
  /** Copies the maps. */
  public Query {
    parameters = Map.copyOf(parameters);
    facts = Map.copyOf(facts);
  }
}
