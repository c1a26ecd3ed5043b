package dev.tributary.standalone.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Attribute names of telemetry are spelled in schemas and stream-normalize, and by simulators. */
class VendorNamesTest {
  private static final Path ROOT = Path.of(System.getProperty("tributary.root", ".."));
  private static final Pattern VENDOR_NAME =
      Pattern.compile(
          "\"(gen_ai|langfuse|traceloop|openinference|langsmith|llm\\.token_count)[._]");
  private static final List<String> ALLOWED =
      List.of(
          "schemas/", "stream-normalize/", "standalone/src/main/java/dev/tributary/standalone/");

  @Test
  void vendorNames_standOnlyWhereTheyMay() throws IOException {
    try (Stream<Path> files = Files.walk(ROOT)) {
      List<Path> offenders =
          files
              .filter(file -> file.toString().endsWith(".java"))
              .map(ROOT::relativize)
              .filter(file -> file.toString().contains("src/main/java"))
              .filter(file -> ALLOWED.stream().noneMatch(file.toString()::startsWith))
              .filter(file -> VENDOR_NAME.matcher(read(ROOT.resolve(file))).find())
              .toList();

      assertThat(offenders).isEmpty();
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
