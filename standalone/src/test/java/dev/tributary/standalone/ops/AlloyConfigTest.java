package dev.tributary.standalone.ops;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tributary.schemas.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The example for Alloy: its structure, its wiring, and that it says what the Collector's says. */
class AlloyConfigTest {
  private static final Set<String> COMPONENTS =
      Set.of(
          "otelcol.receiver.otlp",
          "otelcol.processor.memory_limiter",
          "otelcol.processor.transform",
          "otelcol.processor.attributes",
          "otelcol.processor.batch",
          "otelcol.exporter.kafka");
  private static final Pattern COMPONENT =
      Pattern.compile("(?m)^(otelcol\\.[a-z_.]+) \"([a-z]+)\" \\{$");
  private static final Pattern REFERENCE =
      Pattern.compile("(otelcol\\.[a-z_]+\\.[a-z_]+\\.[a-z]+)\\.input");
  private static final Pattern STATEMENT = Pattern.compile("`(set\\([^`]+)`");

  private final String text;

  AlloyConfigTest() throws IOException {
    text = Files.readString(OpsFiles.path("ops/alloy/config.alloy"));
  }

  @Test
  void components_areKnownAndWiredToEachOther() {
    Set<String> defined = new HashSet<>();
    Matcher component = COMPONENT.matcher(text);
    while (component.find()) {
      assertThat(COMPONENTS).contains(component.group(1));
      assertThat(defined.add(component.group(1) + "." + component.group(2))).isTrue();
    }
    Set<String> used = new HashSet<>(matches(REFERENCE));
    used.add("otelcol.receiver.otlp.in");

    assertThat(used).isEqualTo(defined);
  }

  /** Outside of texts and comments every bracket has its other, in order, and a line is a line. */
  @Test
  void brackets_match() {
    String bare =
        text.replaceAll("`[^`]*`", "S").replaceAll("\"[^\"\n]*\"", "S").replaceAll("//[^\n]*", "");
    assertThat(bare).doesNotContain("`", "\"");
    List<Character> open = new ArrayList<>();
    for (char c : bare.toCharArray()) {
      if (c == '{' || c == '[' || c == '(') {
        open.add(c);
      } else if (c == '}' || c == ']' || c == ')') {
        assertThat(open).isNotEmpty();
        char expected = c == '}' ? '{' : c == ']' ? '[' : '(';
        assertThat(open.remove(open.size() - 1)).isEqualTo(expected);
      }
    }
    assertThat(open).isEmpty();
    assertThat(bare.lines().map(String::strip).filter(line -> !line.isEmpty()))
        .allMatch(
            line ->
                line.matches(
                    "[a-z_.]+( S)? \\{|\\}|\\],|\\]|[a-z_]+ += .+|S,|string\\.format\\(.+\\),"));
  }

  @Test
  void statements_areTheCollectors() throws IOException {
    List<String> expected = new ArrayList<>();
    for (JsonNode processor : OpsFiles.yaml("ops/collector/enrich.yaml").path("processors")) {
      for (JsonNode group : processor.path("trace_statements")) {
        group.path("statements").forEach(statement -> expected.add(statement.asText()));
      }
    }
    List<String> found =
        matches(STATEMENT).stream().filter(statement -> !statement.contains("%q")).toList();

    assertThat(found).isEqualTo(expected);
    found.forEach(TransformStatement::check);
  }

  @Test
  void topicsAndTenantHeader_areOurs() {
    List<String> ours = Topics.all().stream().map(topic -> topic.name()).toList();
    assertThat(matches(Pattern.compile("topic +=  *\"([^\"]+)\"")))
        .hasSize(3)
        .allMatch(ours::contains);
    assertThat(matches(Pattern.compile("metadata_keys +=  *\\[\"([^\"]+)\"\\]")))
        .containsExactly("tributary-tenant", "tributary-tenant");
    assertThat(matches(Pattern.compile("(include_metadata) +=  *true"))).hasSize(2);
  }

  private List<String> matches(Pattern pattern) {
    List<String> found = new ArrayList<>();
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      found.add(matcher.group(1));
    }
    return found;
  }
}
