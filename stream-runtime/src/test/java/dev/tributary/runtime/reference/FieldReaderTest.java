package dev.tributary.runtime.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.yaml.snakeyaml.nodes.Node;

class FieldReaderTest {
  private static final Set<String> FIELDS = Set.of("id", "rank", "since", "on");

  private final FieldReader reader = new FieldReader("things.yaml");

  private record Thing(String id, int rank, Long since, boolean on) {}

  @Test
  void list_isReadInItsOrder() {
    String text =
        """
        things:
          - {id: b, rank: 2, since: 2026-03-01, on: true}
          - {id: a, rank: 1}
        """;

    assertThat(things(text))
        .containsExactly(
            new Thing("b", 2, 1_772_323_200_000_000L, true), new Thing("a", 1, null, false));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{id: a} | things.yaml:3: rank: is missing",
        "{id: a, rank: high} | things.yaml:3: rank: a whole number is expected",
        "{id: a, rank: 1, on: yes} | things.yaml:3: on: true or false is expected",
        "{id: a, rank: 1, since: soon} | things.yaml:3: since: a date or time such as",
        "{id: a, rank: 1, since: +999999999-01-01T00:00:00Z} | things.yaml:3: since: a date or time",
        "{id: a, rank: 1, colour: red} | things.yaml:3: colour: unknown field; known: id, on, rank",
        "{id: a, rank: 1, rank: 2} | things.yaml:3: rank: stated twice",
        "{id: [a], rank: 1} | things.yaml:3: id: a text is expected",
        "[a] | things.yaml:3: thing: a mapping is expected",
        "{id: first, rank: 1} | things.yaml:3: id: a second one of the name first",
        "{id: a | things.yaml:4: expected",
      })
  void list_thatIsWrong_isRefusedWithLineAndField(String second, String message) {
    assertThatThrownBy(() -> things("things:\n  - {id: first, rank: 1}\n  - " + second + "\n"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void emptyText_isRefused() {
    assertThatThrownBy(() -> reader.compose("")).hasMessage("things.yaml:1: empty");
  }

  /** What many write for "without end". */
  @Test
  void lastDayOfAll_isADate() {
    assertThat(things("things:\n  - {id: a, rank: 1, since: 9999-12-31}\n"))
        .containsExactly(new Thing("a", 1, 253_402_214_400_000_000L, false));
  }

  /** What a row says must never end the thread that reads it by anything but a refusal. */
  @Test
  void textThatIsNoYaml_isRefused() {
    assertThatThrownBy(() -> reader.compose("{id: \"\u0000\"}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("things.yaml: ");
    assertThatThrownBy(() -> reader.compose("[".repeat(100) + "]".repeat(100)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("things.yaml: ");
    assertThatThrownBy(() -> reader.compose("a".repeat(4_000_000)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("things.yaml: ");
  }

  private List<Thing> things(String text) {
    return reader.list(text, "things", this::thing, Thing::id);
  }

  private Thing thing(Node node) {
    Map<String, Node> fields = reader.mapping(node, "thing", FIELDS);
    return new Thing(
        reader.text(reader.need(node, fields, "id"), "id"),
        reader.number(reader.need(node, fields, "rank"), "rank"),
        reader.time(fields, "since"),
        reader.flag(fields.get("on"), "on"));
  }
}
