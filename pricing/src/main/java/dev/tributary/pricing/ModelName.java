package dev.tributary.pricing;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A further name of a model on its surface.
 *
 * @param kind how {@code value} is compared
 * @param value the name, or a glob in which {@code *} stands for any text and everything else for
 *     itself; always anchored at both ends
 * @param priority among globs the highest wins; two globs of equal priority that could match one
 *     name are refused
 */
public record ModelName(Kind kind, String value, int priority) {

  /** How a name is compared. */
  public enum Kind {
    /** Equal text. */
    ALIAS,
    /** Glob over the whole text, without regard to case. */
    PATTERN,
    /**
     * Equal text that is known to be another, unpriced model, although stripping its date would
     * lead here.
     */
    NOT;

    /** The name in catalogues and on topics: lower case. */
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** The kind of that wire name, or null where there is none. */
    public static @Nullable Kind ofWireName(String wireName) {
      for (Kind kind : values()) {
        if (kind.wireName().equals(wireName)) {
          return kind;
        }
      }
      return null;
    }
  }

  public ModelName {
    if (value.isBlank()) {
      throw new IllegalArgumentException("a model name must not be blank");
    }
    if (kind != Kind.PATTERN && value.indexOf('*') >= 0) {
      throw new IllegalArgumentException("only a pattern may contain '*': " + value);
    }
    if (kind == Kind.PATTERN && value.chars().allMatch(c -> c == '*')) {
      throw new IllegalArgumentException("a pattern must not match everything: " + value);
    }
  }

  /** A name compared by equality. */
  public static ModelName alias(String value) {
    return new ModelName(Kind.ALIAS, value, 0);
  }

  /** A glob. */
  public static ModelName pattern(String glob, int priority) {
    return new ModelName(Kind.PATTERN, glob, priority);
  }

  /** A name that must not be stripped down to this model. */
  public static ModelName not(String value) {
    return new ModelName(Kind.NOT, value, 0);
  }
}
