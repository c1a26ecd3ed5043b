package dev.tributary.standalone.price;

import dev.tributary.pricing.Catalogue;
import dev.tributary.pricing.CatalogueReader;
import dev.tributary.pricing.curated.CuratedCatalogue;
import dev.tributary.pricing.importer.GenAiPricesImporter;
import dev.tributary.pricing.importer.LiteLlmImporter;
import dev.tributary.pricing.importer.PriceBook;
import dev.tributary.standalone.text.TextFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The catalogue that a command line names: its kind and a file that the user brings. */
public final class CatalogueFile {
  private static final String GENAI_PRICES = "genai-prices:";
  private static final String CURATED = "curated";
  private static final String LITELLM = "litellm:";

  private CatalogueFile() {}

  /**
   * Reads {@code genai-prices:FILE}, {@code litellm:FILE}, {@code FILE.yaml} or {@code curated}.
   *
   * @param option null: the curated catalogue
   * @throws IOException when the file cannot be read
   * @throws dev.tributary.pricing.CatalogueException when it is no such catalogue
   */
  public static PriceBook read(@Nullable String option) throws IOException {
    if (option == null || option.equals(CURATED)) {
      return PriceBook.of(CuratedCatalogue.load());
    }
    if (option.startsWith(GENAI_PRICES)) {
      return genAiPrices(option.substring(GENAI_PRICES.length()));
    }
    if (option.startsWith(LITELLM)) {
      return liteLlm(option.substring(LITELLM.length()), false);
    }
    if (!option.endsWith(".yaml") && !option.endsWith(".yml")) {
      throw new IOException(
          "--catalog "
              + option
              + ": allowed are genai-prices:FILE, litellm:FILE, FILE.yaml and curated");
    }
    String text = text(option);
    Catalogue catalogue = CatalogueReader.read(version("file", text), option, text);
    return PriceBook.of(catalogue);
  }

  /**
   * Reads a public list for the gates: models whose every price is 0 are in it, as free cards.
   *
   * @param kind {@code litellm} or {@code genai-prices}
   * @throws IOException when the file cannot be read
   */
  public static PriceBook readList(String kind, String file) throws IOException {
    return kind.equals("litellm") ? liteLlm(file, true) : genAiPrices(file);
  }

  /** The day on which the file was last written, UTC. */
  public static LocalDate lastModified(String file) throws IOException {
    text(file);
    return LocalDate.ofInstant(
        Files.getLastModifiedTime(Path.of(file)).toInstant(), ZoneOffset.UTC);
  }

  private static PriceBook genAiPrices(String file) throws IOException {
    String text = text(file);
    return GenAiPricesImporter.read(version("genai-prices", text), file, text);
  }

  private static PriceBook liteLlm(String file, boolean withZeros) throws IOException {
    String text = text(file);
    return LiteLlmImporter.read(version("litellm", text), file, text, withZeros);
  }

  private static String text(String file) throws IOException {
    Path path = Path.of(file);
    if (!Files.isRegularFile(path)) {
      throw new IOException("catalogue " + file + ": no such file");
    }
    return TextFile.read(path);
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
