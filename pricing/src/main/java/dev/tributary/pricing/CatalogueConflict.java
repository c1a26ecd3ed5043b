package dev.tributary.pricing;

import java.util.Locale;

/** Two parts of a catalogue that cannot both hold; each is named so that its place can be found. */
final class CatalogueConflict extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  private final String first;
  private final String second;

  /**
   * A conflict.
   *
   * @param first key of one part, as {@link #card} or {@link #name} make it
   * @param second key of the other; equal to {@code first} where both have the same
   */
  CatalogueConflict(String message, String first, String second) {
    super(message);
    this.first = first;
    this.second = second;
  }

  String first() {
    return first;
  }

  String second() {
    return second;
  }

  /** The key of a card. */
  static String card(String id) {
    return "card " + id;
  }

  /** The key of a model's further name; case does not matter. */
  static String name(String surface, String model, ModelName.Kind kind, String value) {
    return "name " + surface + ' ' + model + ' ' + kind + ' ' + value.toLowerCase(Locale.ROOT);
  }

  /** The key of a model. */
  static String model(String surface, String model) {
    return "model " + surface + ' ' + model;
  }

  /** The key of an override. */
  static String override(String surface, String rawModel) {
    return "override " + surface + ' ' + rawModel;
  }
}
