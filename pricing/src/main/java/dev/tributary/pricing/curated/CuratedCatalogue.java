package dev.tributary.pricing.curated;

import dev.tributary.pricing.Catalogue;
import dev.tributary.pricing.CatalogueReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Loads the curated public prices; the same for every tenant. */
public final class CuratedCatalogue {

  /** Stamped on every cost that the curated prices gave; changes with every change of the files. */
  public static final String VERSION = "curated-2026-11-21";

  private static final String FOLDER = "/dev/tributary/pricing/curated/";

  private static final List<String> FILES =
      List.of(
          "anthropic.yaml",
          "aws.yaml",
          "azure.yaml",
          "cohere.yaml",
          "deepseek.yaml",
          "google.yaml",
          "groq.yaml",
          "minimax.yaml",
          "mistral.yaml",
          "moonshotai.yaml",
          "openai.yaml",
          "openrouter.yaml",
          "perplexity.yaml",
          "voyageai.yaml",
          "x-ai.yaml",
          "zhipuai.yaml");

  private CuratedCatalogue() {}

  /**
   * Reads and indexes the shipped files. Costs some tens of milliseconds: keep the result.
   *
   * @throws dev.tributary.pricing.CatalogueException when a shipped file is wrong
   * @throws IllegalStateException when a shipped file is missing
   */
  public static Catalogue load() {
    return CatalogueReader.readAll(VERSION, texts());
  }

  /** The shipped YAML texts by file name. */
  public static Map<String, String> texts() {
    Map<String, String> texts = new LinkedHashMap<>();
    for (String file : FILES) {
      texts.put("curated/" + file, read(file));
    }
    return texts;
  }

  private static String read(String file) {
    try (InputStream in = CuratedCatalogue.class.getResourceAsStream(FOLDER + file)) {
      if (in == null) {
        throw new IllegalStateException("missing on the class path: " + FOLDER + file);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + FOLDER + file, e);
    }
  }
}
