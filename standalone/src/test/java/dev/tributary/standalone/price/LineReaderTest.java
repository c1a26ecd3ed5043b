package dev.tributary.standalone.price;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineReaderTest {
  @Test
  void next_lineLongerThanAllowed_isSkipped() throws IOException {
    // Given
    LineReader lines = new LineReader(new StringReader("abc\n" + "x".repeat(200_000) + "\nd"), 100);

    // When
    List<String> read = new ArrayList<>();
    while (lines.next()) {
      read.add(lines.number() + " " + lines.line());
    }

    // Then
    assertThat(read).containsExactly("1 abc", "2 null", "3 d");
  }
}
