package dev.tributary.standalone.e2e;

import dev.tributary.runtime.testing.Generator;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Secrets and prompts that occur nowhere else: each has a mark by which it is found again, however
 * it was quoted, cut or joined on its way.
 */
final class PlantedTexts {
  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

  /** A text to plant and the part of it that must not be found. */
  record Planted(String text, String mark) {}

  private final Generator generator;

  PlantedTexts(Generator generator) {
    this.generator = generator;
  }

  /** Keys, tokens and personal data in the shapes of the field, in turn. */
  List<Planted> secrets(int count) {
    List<UnaryOperator<String>> shapes =
        List.of(
            mark -> "sk-proj-" + mark,
            mark -> "sk-ant-api03-" + mark,
            mark -> "ghp_" + mark,
            mark -> "xoxb-2847561930-" + mark,
            mark -> "Bearer " + mark,
            mark -> "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0." + mark,
            mark -> "postgres://app:" + mark + "@db.internal/orders",
            mark -> mark + "@customer-mail.example");
    List<Planted> planted = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String mark = letters(36);
      planted.add(new Planted(shapes.get(i % shapes.size()).apply(mark), mark));
    }
    return planted;
  }

  /** Sentences that a person wrote to a model. */
  List<Planted> prompts(int count) {
    List<Planted> planted = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String mark = "orchard" + letters(12);
      planted.add(
          new Planted(
              "Please tell Mrs. "
                  + mark
                  + " in two sentences why her claim was refused.\nBe kind, and mention the appeal.",
              mark));
    }
    return planted;
  }

  private String letters(int count) {
    StringBuilder text = new StringBuilder(count);
    for (int i = 0; i < count; i++) {
      text.append(ALPHABET.charAt(generator.between(0, ALPHABET.length() - 1)));
    }
    return text.toString();
  }
}
