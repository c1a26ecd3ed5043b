package dev.tributary.standalone.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class ComplaintTest {
  @Test
  void of_barePaths_sayWhatIsWrong() {
    assertThat(Complaint.of(new NoSuchFileException("a.csv"))).isEqualTo("a.csv: no such file");
    assertThat(Complaint.of(new AccessDeniedException("a.csv"))).isEqualTo("a.csv: access denied");
    assertThat(Complaint.of(new FileAlreadyExistsException("out")))
        .isEqualTo("out: exists already");
  }

  @Test
  void of_reasonOfTheFileSystem_isKept() {
    assertThat(Complaint.of(new FileSystemException("a.csv", null, "Too many links")))
        .isEqualTo("a.csv: Too many links");
  }

  @Test
  void of_wrapped_saysWhatIsInside() {
    assertThat(Complaint.of(new UncheckedIOException(new NoSuchFileException("a.csv"))))
        .isEqualTo("a.csv: no such file");
    assertThat(Complaint.of(new UncheckedIOException("no x", new IOException("full"))))
        .isEqualTo("no x: full");
  }
}
