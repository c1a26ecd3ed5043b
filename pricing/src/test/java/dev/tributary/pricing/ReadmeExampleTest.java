package dev.tributary.pricing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.pricing.curated.CuratedCatalogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The README's example runs and prints what the README says. */
class ReadmeExampleTest {

  @Test
  void example_printsWhatTheReadmeShows() throws IOException {
    Catalogue catalogue = CuratedCatalogue.load();
    String surface = SurfaceTable.standard(java.util.Map.of()).surfaceOf("anthropic");
    UsageResult usage =
        Usage.fromInclusive(InclusiveUsage.text(21_000L, 6_000L, 12_000L, 500L, null));
    PricingRequest request =
        new PricingRequest(
            surface,
            "claude-sonnet-4-5-20250929",
            "claude-sonnet-4-5",
            null,
            null,
            null,
            Instant.parse("2026-11-12T12:00:00Z"));

    Priced priced = Pricer.price(catalogue, request, usage);

    StringBuilder printed = new StringBuilder();
    for (CostLine line : priced.lines()) {
      printed.append(
          "%-18s %6d x %s / %d = %s%n"
              .formatted(
                  line.bucket().wireName(),
                  line.quantity(),
                  line.rateAmount().toPlainString(),
                  line.ratePer(),
                  line.cost().toPlainString()));
    }
    printed.append(
        "%s %s %s%n"
            .formatted(priced.status(), priced.booked().toPlainString(), priced.currency()));
    printed.append(
        "%s, %s, %s%n"
            .formatted(priced.rateCardId(), priced.modelStep(), priced.catalogueVersion()));
    assertThat(readmeBlock("text")).isEqualTo(printed.toString().strip());
  }

  @Test
  void yamlOfTheReadme_isReadable() throws IOException {
    Catalogue catalogue = CatalogueReader.read("v", "README.md", readmeBlock("yaml"));

    assertThat(catalogue.cards()).hasSize(6);
    assertThat(catalogue.overrides()).hasSize(1);
  }

  private static String readmeBlock(String language) throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    Matcher block =
        Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(readme);
    assertThat(block.find()).as("a block of %s in README.md", language).isTrue();
    return block.group(1).strip();
  }
}
