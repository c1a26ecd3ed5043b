package dev.tributary.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Pages that are generated from the catalogue equal it; rewrite with tributary.golden.update. */
class GeneratedPagesTest {
  private static final Path ROOT = Path.of(System.getProperty("tributary.root", ".."));

  @Test
  void topicsPage_equalsCatalogue() throws IOException {
    check(ROOT.resolve("docs/topics.md"), TopicPages.markdown());
  }

  @Test
  void recordsPage_equalsSchemas() throws IOException {
    check(ROOT.resolve("docs/records.md"), TopicPages.recordsMarkdown());
  }

  @Test
  void createScript_equalsCatalogue() throws IOException {
    check(ROOT.resolve("ops/topics/create-topics.sh"), TopicPages.createScript());
  }

  private static void check(Path file, String expected) throws IOException {
    if (Boolean.getBoolean("tributary.golden.update")) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, expected);
    }
    assertThat(file).as("run with -Dtributary.golden.update=true").content().isEqualTo(expected);
  }
}
