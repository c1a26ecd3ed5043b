package dev.tributary.pricing.curated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.pricing.Catalogue;
import org.junit.jupiter.api.Test;

class CuratedCatalogueTest {

  @Test
  void load_shippedFiles_indexesEverySurface() {
    Catalogue catalogue = CuratedCatalogue.load();

    assertThat(catalogue.version()).isEqualTo(CuratedCatalogue.VERSION);
    assertThat(catalogue.surfaces())
        .contains("openai", "anthropic", "aws.bedrock", "gcp.gemini", "gcp.vertex_ai", "x_ai");
  }
}
