package dev.tributary.console.core;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What money and quality are grouped and filtered by. */
public enum Dimension {
  FEATURE("feature", "feature"),
  TEAM("team", "team"),
  WORKSPACE("workspace", "workspace"),
  ENVIRONMENT("environment", "environment"),
  MODEL("model", "coalesce(model, 'unknown')"),
  /** With its prompt's name: versions of different prompts are called alike. */
  PROMPT_VERSION(Dimension.PROMPT, Dimension.PROMPT);

  private static final String PROMPT =
      "if(prompt_name = 'unattributed', toString(prompt_version),"
          + " concat(toString(prompt_name), ' @ ', toString(prompt_version)))";

  private final String ofLines;
  private final String ofScores;

  Dimension(String ofLines, String ofScores) {
    this.ofLines = ofLines;
    this.ofScores = ofScores;
  }

  /** The name in a question. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** SQL of the value, over the views of lines. */
  String ofLines() {
    return "toString(" + ofLines + ")";
  }

  /** SQL of the value, over the view of scores. */
  String ofScores() {
    return "toString(" + ofScores + ")";
  }

  /**
   * The dimension of a name.
   *
   * @throws RefusedException naming all there are
   */
  static Dimension of(String key, String label) {
    return Arrays.stream(values())
        .filter(dimension -> dimension.label().equals(label))
        .findFirst()
        .orElseThrow(() -> new RefusedException(key, label, labels()));
  }

  static String labels() {
    return Arrays.stream(values()).map(Dimension::label).collect(Collectors.joining(", "));
  }
}
