package dev.tributary.standalone.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.attribution.ReferenceIndex;
import dev.tributary.pricing.Bucket;
import dev.tributary.pricing.Catalogue;
import dev.tributary.pricing.Priced;
import dev.tributary.pricing.Pricer;
import dev.tributary.pricing.PricingRequest;
import dev.tributary.pricing.Usage;
import dev.tributary.pricing.curated.CuratedCatalogue;
import dev.tributary.schemas.Keys;
import dev.tributary.schemas.Reference;
import dev.tributary.schemas.ReferenceKind;
import dev.tributary.standalone.platform.PlatformException;
import dev.tributary.standalone.reference.ReferenceTimelines.Stated;
import dev.tributary.standalone.reference.ReferenceTimelines.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PriceFilesTest {
  private static final String TENANT = Keys.DEFAULT_TENANT;
  private static final List<ReferenceKind> KINDS =
      List.of(ReferenceKind.RATE_CARD, ReferenceKind.POLICY);

  private static final String CONTRACT =
      """
      surface: openai
      layer: contract
      sources: {deal: {name: our contract, retrieved: 2026-09-01}}
      models:
        - model: gpt-4o
          cards:
            - {source: deal, rates: {in.text.uncached: 1.25, out.text: 5}}
      overrides:
        - {surface: openai, name: prod-chat, model: gpt-4o}
      """;

  private final Map<String, Reference> published = new HashMap<>();
  @TempDir private Path folder;

  @Test
  void contract_beatsTheCuratedPrice_andItsWithdrawalRestoresIt() throws IOException {
    // Given
    publish("curated", CuratedCatalogue.load().cards().stream().map(PriceFiles::row).toList());
    Priced before = price("gpt-4o");

    // When
    publish("prices", PriceFiles.read(List.of(file("contract.yaml", CONTRACT))));

    // Then: a million of each
    assertThat(price("gpt-4o").cost()).isEqualByComparingTo("6.25");
    assertThat(price("prod-chat").cost()).isEqualByComparingTo("6.25");
    assertThat(price("gpt-4o-mini").status()).isEqualTo(before.status());

    // When: no file states it any more
    publish("prices", List.of());

    // Then
    assertThat(price("gpt-4o").cost()).isEqualTo(before.cost()).isNotNull();
    assertThat(price("prod-chat").cost()).isNull();
  }

  @Test
  void imported_isUsedOnlyWhereNobodyElseHasAPrice() throws IOException {
    publish("curated", CuratedCatalogue.load().cards().stream().map(PriceFiles::row).toList());
    Priced before = price("gpt-4o");
    String imported =
        CONTRACT.replace("layer: contract", "layer: imported").replace("prod-chat", "other-name");

    publish("prices", PriceFiles.read(List.of(file("imported.yaml", imported))));

    assertThat(price("gpt-4o").cost()).isEqualTo(before.cost());
    assertThat(price("other-name").cost()).isEqualTo(before.cost());
  }

  @Test
  void curatedModelPricedAgainAsCurated_isRefusedWithItsLine() throws IOException {
    Path file = file("twice.yaml", CONTRACT.replace("layer: contract", "layer: curated"));

    assertThatThrownBy(() -> PriceFiles.read(List.of(file)))
        .isInstanceOf(PlatformException.class)
        .hasMessageContaining("twice.yaml:7")
        .hasMessageContaining("overlapping validity");
  }

  @Test
  void nameOfAModelWithoutACard_isRefusedWithItsLine() throws IOException {
    Path file = file("names.yaml", CONTRACT.replace("model: gpt-4o}", "model: gpt-nothing}"));

    assertThatThrownBy(() -> PriceFiles.read(List.of(file)))
        .isInstanceOf(PlatformException.class)
        .hasMessageContaining("names.yaml:9")
        .hasMessageContaining("gpt-nothing");
  }

  @Test
  void fileThatIsNotThere_isNamed() {
    assertThatThrownBy(() -> PriceFiles.read(List.of(folder.resolve("absent.yaml"))))
        .isInstanceOf(PlatformException.class)
        .hasMessageContaining("absent.yaml");
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private void publish(String source, List<Stated> rows) {
    Version next = ReferenceTimelines.next(TENANT, published, source, KINDS, rows, source, 0);
    assertThat(next).isNotNull();
    next.changed()
        .forEach(row -> published.put(Keys.reference(TENANT, row.getKind(), row.getId()), row));
    published.put(ReferenceTimelines.manifestKey(TENANT), next.manifest());
  }

  private Priced price(String model) {
    Reference manifest = published.get(ReferenceTimelines.manifestKey(TENANT));
    long version = manifest.getManifest().getVersion();
    Catalogue catalogue =
        ReferenceIndex.read(published.values(), manifest.getManifest()).view(version).catalogue();
    Usage usage =
        new Usage(Map.of(Bucket.INPUT_UNCACHED, 1_000_000L, Bucket.OUTPUT_TEXT, 1_000_000L));
    return Pricer.price(
        catalogue,
        new PricingRequest(
            "openai", model, null, null, null, usage, Instant.parse("2026-10-01T00:00:00Z")));
  }
}
