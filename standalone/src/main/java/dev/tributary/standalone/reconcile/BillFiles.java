package dev.tributary.standalone.reconcile;

import dev.tributary.pricing.Catalogue;
import dev.tributary.pricing.reconcile.Bill;
import dev.tributary.standalone.text.TextFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The exports of providers that a person has at hand. */
final class BillFiles {
  private final ModelNames models;

  /**
   * A reader.
   *
   * @param catalogue knows what models are called
   */
  BillFiles(Catalogue catalogue) {
    models = new ModelNames(catalogue);
  }

  /** OpenAI's bill; null: no file of it. */
  @Nullable Bill openAi(List<Path> files) throws IOException {
    return read(OpenAiCosts.PROVIDER, files, new OpenAiCosts());
  }

  /** Anthropic's bill; null: no file of it. */
  @Nullable Bill anthropic(List<Path> files) throws IOException {
    return read(AnthropicCosts.PROVIDER, files, new AnthropicCosts());
  }

  private @Nullable Bill read(String provider, List<Path> files, CostReport report)
      throws IOException {
    BillDays days = new BillDays(provider);
    for (Path file : files) {
      String name = file.toString();
      report.read(name, ReportJson.parse(name, TextFile.read(file)), models, days);
    }
    Bill bill = days.bill();
    if (bill == null && !files.isEmpty()) {
      throw new BillException(files.get(0) + ": 'data' has no day");
    }
    return bill;
  }
}
