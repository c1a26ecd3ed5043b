package dev.tributary.standalone.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page of faults says which test shows what: those tests are there. */
class FaultsPageTest {
  private static final Path ROOT = Path.of(System.getProperty("tributary.root", ".."));
  private static final Pattern TEST_CLASS = Pattern.compile("`([A-Z]\\w+(?:IT|Test))`");
  private static final Pattern LONG_FORM = Pattern.compile("`-D(tributary\\.test\\.\\w+)=\\d+`");

  @Test
  void page_namesTestsAndLongFormsThatAreThere() throws IOException {
    String page = Files.readString(ROOT.resolve("docs/faults.md"));
    List<Path> tests = tests();
    Set<String> classes =
        tests.stream()
            .map(file -> file.getFileName().toString().replace(".java", ""))
            .collect(Collectors.toSet());
    List<String> named = named(page, TEST_CLASS);

    assertThat(named).isNotEmpty();
    assertThat(classes).containsAll(named);
    for (String property : named(page, LONG_FORM)) {
      assertThat(tests).as(property).anyMatch(file -> contains(file, '"' + property + '"'));
    }
  }

  private static List<String> named(String page, Pattern pattern) {
    return pattern.matcher(page).results().map((MatchResult found) -> found.group(1)).toList();
  }

  private static List<Path> tests() throws IOException {
    try (Stream<Path> files = Files.walk(ROOT)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> file.toString().contains("src/test/java"))
          .toList();
    }
  }

  private static boolean contains(Path file, String text) {
    try {
      return Files.readString(file).contains(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
