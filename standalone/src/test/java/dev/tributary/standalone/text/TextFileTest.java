package dev.tributary.standalone.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextFileTest {
  @TempDir private Path folder;

  /** Spreadsheets and editors write it; the first line is not another one for that. */
  @Test
  void byteOrderMark_isNoPartOfTheText() throws Exception {
    Path file = Files.writeString(folder.resolve("cases.jsonl"), "\uFEFF{}\r\n\uFEFF[]");

    assertThat(TextFile.read(file)).isEqualTo("{}\r\n\uFEFF[]");
    assertThat(TextFile.lines(file)).containsExactly("{}", "\uFEFF[]");
  }

  @Test
  void fileThatCannotBeRead_isNamedWithTheReason() throws Exception {
    Path latin1 = Files.write(folder.resolve("latin1"), new byte[] {(byte) 0xe9});
    Path missing = folder.resolve("missing");

    assertThatThrownBy(() -> TextFile.read(latin1))
        .isInstanceOf(IOException.class)
        .hasMessage(latin1 + ": not UTF-8");
    assertThatThrownBy(() -> TextFile.lines(missing))
        .isInstanceOf(IOException.class)
        .hasMessage(missing + ": no such file");
  }
}
