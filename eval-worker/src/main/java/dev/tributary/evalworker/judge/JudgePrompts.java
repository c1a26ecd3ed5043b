package dev.tributary.evalworker.judge;

import dev.tributary.evalworker.core.JudgeKind;
import dev.tributary.evalworker.core.JudgePrompt;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The prompts that ship with the worker: {@code prompts/<kind>.v<version>.txt}. */
public final class JudgePrompts {
  private static final String COMMON = read("common.v1.txt").orElseThrow();

  private JudgePrompts() {}

  /**
   * The prompt of an evaluator.
   *
   * @param version the evaluator's; a suffix after {@code +} says why it looks, not how
   * @return empty: there is no such version
   */
  public static Optional<JudgePrompt> find(JudgeKind kind, String version) {
    int plus = version.indexOf('+');
    String number = plus < 0 ? version : version.substring(0, plus);
    return read(kind.label() + ".v" + number + ".txt")
        .map(rubric -> new JudgePrompt(kind, number, rubric.strip() + "\n\n" + COMMON.strip()));
  }

  private static Optional<String> read(String name) {
    if (!name.matches("[a-z0-9_.]{1,80}")) {
      return Optional.empty();
    }
    try (InputStream in =
        JudgePrompts.class.getResourceAsStream("/dev/tributary/evalworker/prompts/" + name)) {
      return in == null
          ? Optional.empty()
          : Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
