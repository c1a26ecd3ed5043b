package dev.tributary.runtime.config;

import java.util.List;

/** The configuration cannot be used. The message names each key, its value and what is allowed. */
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<String> problems;

  public ConfigException(String problem) {
    this(List.of(problem));
  }

  /** One line per problem, so that everything wrong is seen in one start. */
  public ConfigException(List<String> problems) {
    super(message(problems));
    this.problems = List.copyOf(problems);
  }

  public ConfigException(String problem, Throwable cause) {
    super(problem, cause);
    this.problems = List.of(problem);
  }

  /** The problems, one line each, in the order in which they were found. */
  public List<String> problems() {
    return problems;
  }

  private static String message(List<String> problems) {
    return problems.size() == 1
        ? problems.get(0)
        : problems.size() + " settings are wrong:\n  " + String.join("\n  ", problems);
  }
}
