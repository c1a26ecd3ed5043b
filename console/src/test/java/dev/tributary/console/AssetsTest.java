package dev.tributary.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The files of the pages. */
final class AssetsTest {
  private static final Path WEB = Path.of("src/main/resources/dev/tributary/console/web");
  private static final Pattern IMPORT = Pattern.compile("from '\\./([a-z-]+\\.js)'");

  /** What turns text into markup or code. Tags come from telemetry. */
  private static final Pattern MARKUP =
      Pattern.compile(
          "innerHTML|outerHTML|insertAdjacentHTML|document\\.write|createContextualFragment"
              + "|DOMParser|\\beval\\(|new Function|srcdoc|javascript:");

  private final Assets assets = new Assets();

  private static List<Path> scripts() throws Exception {
    try (Stream<Path> files = Files.list(WEB)) {
      return files.filter(file -> file.toString().endsWith(".js")).sorted().toList();
    }
  }

  @Test
  void files_areAllServed() throws Exception {
    try (Stream<Path> files = Files.list(WEB)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        Assets.Asset asset = assets.at(name.equals("index.html") ? "/" : "/assets/" + name);
        assertThat(asset).as(name).isNotNull();
        assertThat(asset.text()).isEqualTo(Files.readString(file));
      }
    }
  }

  @Test
  void imports_andReferences_areServed() throws Exception {
    TreeSet<String> wanted = new TreeSet<>();
    for (Path script : scripts()) {
      Matcher matcher = IMPORT.matcher(Files.readString(script));
      while (matcher.find()) {
        wanted.add("/assets/" + matcher.group(1));
      }
    }
    Matcher matcher =
        Pattern.compile("(?:src|href)=\"(/assets/[^\"]+)\"")
            .matcher(Files.readString(WEB.resolve("index.html")));
    while (matcher.find()) {
      wanted.add(matcher.group(1));
    }
    assertThat(wanted).contains("/assets/uplot.js", "/assets/uplot.css", "/assets/main.js");
    for (String path : wanted) {
      assertThat(assets.at(path)).as(path).isNotNull();
    }
  }

  @Test
  void scripts_neverTurnTextIntoMarkup() throws Exception {
    assertThat(MARKUP.matcher("box.innerHTML = tag").find()).isTrue();
    for (Path script : scripts()) {
      assertThat(Files.readString(script)).as(script.toString()).doesNotContainPattern(MARKUP);
    }
  }

  /** Nothing is loaded from elsewhere. */
  @Test
  void files_nameNoOtherHost() throws Exception {
    try (Stream<Path> files = Files.list(WEB)) {
      for (Path file : files.toList()) {
        assertThat(Files.readString(file).replace("http://www.w3.org/2000/svg", ""))
            .as(file.toString())
            .doesNotContainPattern("https?://(?!localhost)")
            .doesNotContain("@import");
      }
    }
  }
}
