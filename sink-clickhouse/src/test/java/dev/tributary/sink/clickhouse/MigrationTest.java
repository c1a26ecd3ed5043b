package dev.tributary.sink.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A script that lies in the folder and is not applied would be missed only where it is used. */
class MigrationTest {
  @Test
  void versionedScripts_areThoseOfTheFolder_inOrder() throws Exception {
    assertThat(Migration.versioned())
        .extracting(Migration::name)
        .containsExactlyElementsOf(
            files("V").stream().map(file -> file.getFileName().toString()).toList());
  }

  /** As one, so that its checksum is that of the files in the order of their names. */
  @Test
  void views_areAllFilesOfTheFolder_inOrder() throws Exception {
    StringBuilder all = new StringBuilder();
    for (Path file : files("R")) {
      all.append(Files.readString(file));
    }

    assertThat(Migration.views().text()).isEqualTo(all.toString());
    assertThat(Migration.views().statements())
        .hasSizeGreaterThan(40)
        .allMatch(statement -> statement.startsWith("CREATE OR REPLACE VIEW "));
  }

  private static List<Path> files(String letter) throws IOException, URISyntaxException {
    URL folder = Objects.requireNonNull(Migration.class.getResource("migrations"));
    try (Stream<Path> files = Files.list(Path.of(folder.toURI()))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(letter))
          .sorted()
          .collect(Collectors.toList());
    }
  }
}
