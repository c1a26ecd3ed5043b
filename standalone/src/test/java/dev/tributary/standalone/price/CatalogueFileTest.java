package dev.tributary.standalone.price;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.pricing.CatalogueException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CatalogueFileTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"prices.csv", "litellm:/nowhere.json", "nowhere.yaml"})
  void read_notThere_namesTheOption(String option) {
    assertThatThrownBy(() -> CatalogueFile.read(option))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(option.substring(option.indexOf(':') + 1));
  }

  @Test
  void read_notACatalogue_namesTheFile() throws IOException {
    Path file = Files.writeString(folder.resolve("x.json"), "nothing");

    for (String kind : Map.of("genai-prices:", 1, "litellm:", 1).keySet()) {
      assertThatThrownBy(() -> CatalogueFile.read(kind + file))
          .isInstanceOf(CatalogueException.class)
          .hasMessageContaining("x.json");
    }
  }
}
