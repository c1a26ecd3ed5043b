package dev.tributary.bench;

import java.util.Collection;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Refuses values of options before anything is started; the exit code is that of a wrong call. */
final class Allowed {
  private Allowed() {}

  /** Refuses a number below the least that makes sense. */
  static void atLeast(CommandSpec spec, String option, long value, long least) {
    if (value < least) {
      throw new ParameterException(
          spec.commandLine(),
          option + ": " + value + " is too few; allowed: " + least + " or more");
    }
  }

  /** Refuses a word that is none of those there are. */
  static void among(
      CommandSpec spec, String what, Collection<String> values, List<String> allowed) {
    for (String value : values) {
      if (!allowed.contains(value)) {
        throw new ParameterException(
            spec.commandLine(),
            "no %s \"%s\"; allowed: %s".formatted(what, value, String.join(", ", allowed)));
      }
    }
  }
}
