package dev.tributary.runtime.testing;

import dev.tributary.runtime.config.ProcessEnvironment;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/**
 * Finds recorded input, read in place. Where it is missing a test is skipped, on a build server it
 * fails: there a skip would hide that nothing was tested.
 */
public final class TestData {
  private static final String KEY = "tributary.testdata";

  private TestData() {}

  /** A file or folder below the recorded input, as {@code "otlp", "openlit"}. */
  public static Path path(String first, String... more) {
    ProcessEnvironment process = ProcessEnvironment.current();
    String root = process.property(KEY);
    Path path = Path.of(root == null ? "../shared/data" : root).resolve(Path.of(first, more));
    if (!Files.exists(path)) {
      String message = "recorded input is not here: " + path + "; name its folder with -D" + KEY;
      if ("true".equals(process.variable("CI"))) {
        throw new AssertionError(message);
      }
      Assumptions.abort(message);
    }
    return path;
  }
}
