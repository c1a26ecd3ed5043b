package dev.tributary.runtime.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.runtime.config.ProcessEnvironment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Text that a person reviews when it changes. {@code -Dtributary.golden.update=true} rewrites it.
 */
public final class GoldenFile {
  private GoldenFile() {}

  static boolean isUpdate() {
    return "true".equals(ProcessEnvironment.current().property("tributary.golden.update"));
  }

  /** Compares with a file, relative to the module's folder. */
  public static void assertEquals(Path file, String actual) {
    String text = actual.replace("\r\n", "\n");
    try {
      if (isUpdate()) {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
          Files.createDirectories(folder);
        }
        Files.writeString(file, text);
      }
      assertThat(file).as("missing: run once with -Dtributary.golden.update=true").exists();
      assertThat(text)
          .as("%s; if the change is meant, run with -Dtributary.golden.update=true", file)
          .isEqualTo(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
