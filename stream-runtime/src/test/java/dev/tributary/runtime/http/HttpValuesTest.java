package dev.tributary.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a request can be made of. */
final class HttpValuesTest {
  @ParameterizedTest
  @ValueSource(strings = {"http://a", "https://a.example:65535/path?q=1", "http://[::1]:8123"})
  void address_callable(String text) {
    assertThat(HttpValues.isAddress(text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "a", "//a", "ftp://a", "http:a", "http://a:65536", "http://a b", "http://a#b"})
  void address_notCallable(String text) {
    assertThat(HttpValues.isAddress(text)).isFalse();
  }

  @Test
  void header_visibleAsciiAndBlanks() {
    assertThat(HttpValues.isHeader("a ~")).isTrue();
    assertThat(HttpValues.isHeader(" ")).isFalse();
    assertThat(HttpValues.isHeader("a\u007f")).isFalse();
    assertThat(HttpValues.isHeader("a\u001f")).isFalse();
    assertThat(HttpValues.isHeader("\u00e4")).isFalse();
    assertThat(HttpValues.isHeaderOrAbsent(Optional.empty())).isTrue();
    assertThat(HttpValues.isHeaderOrAbsent(Optional.of("\n"))).isFalse();
  }
}
