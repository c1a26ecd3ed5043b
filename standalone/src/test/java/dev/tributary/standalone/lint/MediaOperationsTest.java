package dev.tributary.standalone.lint;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.sink.clickhouse.ClickHouseSink;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Lint and the views mean the same by a call that makes an image, a film or a voice. */
class MediaOperationsTest {
  private static final Pattern LIST = Pattern.compile("operation IN \\(([^)]*)\\)");

  @Test
  void lintAndTheTableOfMediaCalls_knowTheSameOperations() throws Exception {
    String script;
    try (InputStream in =
        ClickHouseSink.class.getResourceAsStream("migrations/V050__media_calls.sql")) {
      script = new String(requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }

    List<String> lists = LIST.matcher(script).results().map(match -> match.group(1)).toList();

    assertThat(lists).as("of the spans that come, and of those that came before").hasSize(2);
    for (String list : lists) {
      assertThat(list.replace("'", "").strip().split("\\s*,\\s*"))
          .containsExactlyInAnyOrderElementsOf(Half.MEDIA);
    }
  }
}
