package dev.tributary.runtime.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.runtime.config.Setting;
import dev.tributary.runtime.config.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;

/**
 * The configuration table of a README, generated from the settings, between {@code <!-- settings
 * -->} and {@code <!-- /settings -->}. {@code -Dtributary.golden.update=true} rewrites it.
 */
public final class ReadmeSettings {
  private static final String BEGIN = "<!-- settings -->\n";
  private static final String END = "<!-- /settings -->";

  private ReadmeSettings() {}

  /** Checks the module's {@code README.md}. */
  public static void assertTable(Collection<? extends Setting<?>> settings) {
    assertTable(Path.of("README.md"), settings);
  }

  /** Checks that the file contains exactly the table of these settings. */
  public static void assertTable(Path readme, Collection<? extends Setting<?>> settings) {
    try {
      String text = Files.readString(readme);
      int begin = text.indexOf(BEGIN);
      int end = text.indexOf(END);
      assertThat(begin >= 0 && end > begin)
          .as("%s has no table between %s and %s", readme, BEGIN.strip(), END)
          .isTrue();
      String table = Settings.table(settings);
      if (GoldenFile.isUpdate()) {
        text = text.substring(0, begin + BEGIN.length()) + table + text.substring(end);
        Files.writeString(readme, text);
        end = text.indexOf(END);
      }
      assertThat(text.substring(begin + BEGIN.length(), end))
          .as("%s; -Dtributary.golden.update=true rewrites it", readme)
          .isEqualTo(table);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
