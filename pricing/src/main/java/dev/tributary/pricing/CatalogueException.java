package dev.tributary.pricing;

import org.jspecify.annotations.Nullable;

/**
 * Reference data that is refused, whole. The message names the source, the line where there is one,
 * and the field.
 */
public final class CatalogueException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String sourceName;
  private final int line;
  private final String field;

  /**
   * A refusal.
   *
   * @param line 0: none
   * @param field empty: the text as a whole
   * @param cause null: none
   */
  public CatalogueException(
      String sourceName, int line, String field, String problem, @Nullable Throwable cause) {
    super(
        sourceName
            + (line > 0 ? ":" + line : "")
            + ": "
            + (field.isEmpty() ? "" : field + ": ")
            + problem,
        cause);
    this.sourceName = sourceName;
    this.line = line;
    this.field = field;
  }

  /** The file or record that was read. */
  public String sourceName() {
    return sourceName;
  }

  /**
   * The line, counted from 1; 0 where the problem has none, as two cards that contradict each
   * other.
   */
  public int line() {
    return line;
  }

  /**
   * The path of the field, as {@code models[2].cards[0].rates.out.text}; empty for the text as a
   * whole.
   */
  public String field() {
    return field;
  }
}
