package dev.tributary.standalone.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {
  @TempDir private Path folder;

  @Test
  void secondInstance_isRefused_untilTheFirstEnds() {
    try (DataFolder first = DataFolder.open(folder)) {
      assertThat(first.state()).isDirectory();
      assertThatThrownBy(() -> DataFolder.open(folder))
          .isInstanceOf(PlatformException.class)
          .hasMessageContaining("another instance runs on --data " + folder);
    }
    DataFolder.open(folder).close();
  }

  @Test
  void folderOfAnotherFormat_isRefusedAndLeftAsItIs() throws Exception {
    DataFolder.open(folder).close();
    assertThat(folder.resolve("format")).hasContent("1");
    DataFolder.open(folder).close();
    Files.writeString(folder.resolve("format"), "2\n");

    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> DataFolder.open(folder))
          .isInstanceOf(PlatformException.class)
          .hasMessageContaining("--data " + folder)
          .hasMessageContaining("format 2")
          .hasMessageContaining("reads 1");
    }
    assertThat(folder.resolve("format")).hasContent("2");
  }

  /** Written before there was such a file. */
  @Test
  void folderWithoutAFormat_isTaken() throws Exception {
    Files.createDirectories(folder.resolve("kafka"));

    DataFolder.open(folder).close();

    assertThat(folder.resolve("format")).hasContent("1");
  }

  /** What a power cut leaves of a file that was just written. */
  @Test
  void emptyFormat_isNone() throws Exception {
    Files.createFile(folder.resolve("format"));

    DataFolder.open(folder).close();

    assertThat(folder.resolve("format")).hasContent("1");
  }

  /** Nobody else's pseudonyms may be guessed, and next week's must be the same. */
  @Test
  void secret_isMadeOnce_forItsOwnerAlone() throws Exception {
    String made;
    try (DataFolder data = DataFolder.open(folder)) {
      made = data.userSecret();
      assertThat(made).matches("[0-9a-f]{64}");
      assertThat(data.userSecret()).isEqualTo(made);
    }
    try (DataFolder again = DataFolder.open(folder)) {
      assertThat(again.userSecret()).isEqualTo(made);
    }
    assertThat(DataFolder.findUserSecret(folder)).contains(made);
    assertThat(Files.getPosixFilePermissions(folder.resolve("user-secret")))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  /** A full disk leaves an empty file: everybody would have a pseudonym under no secret. */
  /** The file system's own message is a bare path. */
  @Test
  void folderThatCannotBeMade_isRefusedWithTheReason() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("gone"));

    assertThatThrownBy(() -> DataFolder.open(link))
        .isInstanceOf(PlatformException.class)
        .hasMessage("--data " + link + " cannot be used: " + link + ": exists already");
  }

  @Test
  void emptySecret_isRefused() throws Exception {
    Files.createFile(folder.resolve("user-secret"));

    assertThatThrownBy(() -> DataFolder.findUserSecret(folder))
        .isInstanceOf(PlatformException.class)
        .hasMessageContaining("user-secret")
        .hasMessageContaining("empty");
  }
}
