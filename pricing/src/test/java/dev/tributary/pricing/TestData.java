package dev.tributary.pricing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Recorded inputs, read in place. Without them a test is skipped, except in continuous integration,
 * where it fails.
 */
public final class TestData {

  private TestData() {}

  /** The text of a file below the test data folder. */
  public static String read(String relative) {
    Path file =
        Path.of(System.getProperty("tributary.testdata", "../shared/data")).resolve(relative);
    if (!Files.exists(file)) {
      if ("true".equals(System.getenv("CI"))) {
        throw new AssertionError("recorded data is missing: " + file);
      }
      assumeTrue(false, "skipped: recorded data is not there: " + file);
    }
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The rows of a CSV text with a header line, as column to value; quotes and doubled quotes as in
   * RFC 4180.
   */
  public static List<Map<String, String>> csv(String text) {
    List<List<String>> lines = new ArrayList<>();
    List<String> line = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quoted && c == '"' && i + 1 < text.length() && text.charAt(i + 1) == '"') {
        field.append('"');
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (!quoted && (c == ',' || c == '\n')) {
        line.add(field.toString());
        field.setLength(0);
        if (c == '\n') {
          lines.add(line);
          line = new ArrayList<>();
        }
      } else if (c != '\r') {
        field.append(c);
      }
    }
    List<Map<String, String>> rows = new ArrayList<>();
    for (List<String> values : lines.subList(1, lines.size())) {
      Map<String, String> row = new LinkedHashMap<>();
      for (int column = 0; column < values.size(); column++) {
        row.put(lines.get(0).get(column), values.get(column));
      }
      rows.add(row);
    }
    return rows;
  }
}
