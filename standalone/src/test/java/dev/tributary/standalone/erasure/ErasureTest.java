package dev.tributary.standalone.erasure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.runtime.config.ProcessEnvironment;
import dev.tributary.schemas.Topic;
import dev.tributary.schemas.TopicNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an erasure waits for, and whose text it looks for. */
class ErasureTest {
  private static final Pattern SOURCE =
      Pattern.compile("Source: \\S+ \\(topics: \\[(\\S+)]\\)\\s+--> (\\S+)");

  /** Otherwise text that was under way comes to ClickHouse after it was erased there. */
  @Test
  void sources_areAllThatNormalizeTakesTextFrom() throws IOException {
    String root = ProcessEnvironment.current().property("tributary.root");
    String topology =
        Files.readString(
            Path.of(root == null ? ".." : root)
                .resolve("stream-normalize/src/test/resources/topology.txt"));
    List<String> expected = new ArrayList<>();
    Matcher source = SOURCE.matcher(topology);
    while (source.find()) {
      if (Pattern.compile("Processor: " + source.group(2) + " .*\\s+--> .*produce-span-content")
          .matcher(topology)
          .find()) {
        expected.add(source.group(1));
      }
    }

    List<String> names = new ArrayList<>();
    for (Topic<?, ?> topic : Erasure.SOURCES) {
      names.add(TopicNames.PLAIN.of(topic));
    }
    assertThat(expected).hasSizeGreaterThan(1);
    assertThat(names).containsExactlyInAnyOrderElementsOf(expected);
  }

  /** An id is text: what means something in a format or in SQL means nothing here. */
  @ParameterizedTest
  @ValueSource(strings = {"user%40example.com", "100%", "%s %n", "it's \\", "søster 👋"})
  void session_ofAnyName_isSoughtByIt(String id) {
    String quoted = "'" + id.replace("\\", "\\\\").replace("'", "\\'") + "'";

    String condition = ErasureSubject.session(id, id).condition("default");

    assertThat(condition.split(Pattern.quote("session_id = " + quoted), -1)).hasSize(4);
    assertThat(condition)
        .contains(
            "OR (session_id IS NULL AND (trace_id IN", "FROM spans WHERE", "FROM traces WHERE");
  }

  /** Else a trace that names its session under the older name only keeps its other spans' texts. */
  @Test
  void sessionThatRecordsCallByTwoNames_isSoughtByBothEverywhere_andListedByOne() {
    ErasureSubject subject = ErasureSubject.session("p1", "it's ann");

    assertThat(
            subject
                .condition("default")
                .split(Pattern.quote("session_id IN ('p1', 'it\\'s ann')"), -1))
        .hasSize(4);
    assertThat(subject.referenceId()).isEqualTo("session:p1");
  }
}
