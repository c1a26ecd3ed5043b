package dev.tributary.standalone.price;

import dev.tributary.pricing.Catalogue;
import dev.tributary.pricing.CatalogueReader;
import dev.tributary.pricing.curated.CuratedCatalogue;
import dev.tributary.pricing.importer.GenAiPricesImporter;
import dev.tributary.pricing.importer.LiteLlmImporter;
import dev.tributary.pricing.importer.PriceBook;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The catalogue that a command line names: its kind and a file that the user brings. */
public final class CatalogueFile {
  private static final String GENAI_PRICES = "genai-prices:";
  private static final String LITELLM = "litellm:";

  private CatalogueFile() {}

  /**
   * Reads {@code genai-prices:FILE}, {@code litellm:FILE} or {@code FILE.yaml}.
   *
   * @param option null: the curated catalogue
   * @throws IOException when the file cannot be read
   * @throws dev.tributary.pricing.CatalogueException when it is no such catalogue
   */
  public static PriceBook read(@Nullable String option) throws IOException {
    if (option == null) {
      return PriceBook.of(CuratedCatalogue.load());
    }
    if (option.startsWith(GENAI_PRICES)) {
      String file = option.substring(GENAI_PRICES.length());
      String text = text(file);
      return GenAiPricesImporter.read(version("genai-prices", text), file, text);
    }
    if (option.startsWith(LITELLM)) {
      String file = option.substring(LITELLM.length());
      String text = text(file);
      return LiteLlmImporter.read(version("litellm", text), file, text);
    }
    if (!option.endsWith(".yaml") && !option.endsWith(".yml")) {
      throw new IOException(
          "--catalog " + option + ": allowed are genai-prices:FILE, litellm:FILE and FILE.yaml");
    }
    String text = text(option);
    Catalogue catalogue = CatalogueReader.read(version("file", text), option, text);
    return PriceBook.of(catalogue);
  }

  private static String text(String file) throws IOException {
    Path path = Path.of(file);
    if (!Files.isRegularFile(path)) {
      throw new IOException("catalogue " + file + ": no such file");
    }
    return Files.readString(path);
  }

  /** Equal texts are one version, wherever they lie. */
  private static String version(String kind, String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return kind + "-" + HexFormat.of().formatHex(hash, 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
