package dev.tributary.standalone.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.schemas.ReferenceKind;
import dev.tributary.standalone.platform.PlatformException;
import dev.tributary.standalone.reference.ReferenceTimelines.Stated;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ReferenceFilesTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "OWNERSHIP | rules: [{id: a, match: {service: s}, set: {team: t}}] | OWNERSHIP | a",
        "BUDGETS | budgets: [{id: a, scope: {team: t}, period: day, amount: 1.10}] | BUDGET | a",
        "PROMPTS | prompts: [{name: a, version: v1}] | PROMPT | 'a|v1'",
        "POLICIES | policies: [{id: a, metric: calls, factor: 3}] | POLICY | anomaly.a",
        "OPEN_TRACES | policies: [{id: a, runaway_cost: 5.00}] | POLICY | open_trace.a",
        "ALERTING | policies: [{id: a, type: silence, until: 2026-12-01T00:00:00Z, match: {team: t}}] | POLICY | alerting.a",
      })
  void file_becomesARow(ReferenceSource source, String yaml, ReferenceKind kind, String id)
      throws IOException {
    List<Stated> rows = source.read("default", List.of(file("one.yaml", yaml)));

    assertThat(rows).hasSize(1);
    assertThat(rows.get(0).kind()).isEqualTo(kind);
    assertThat(rows.get(0).id()).isEqualTo(id);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "OWNERSHIP | rules: [{id: a}] | match",
        "BUDGETS | budgets: [{id: a, scope: {team: t}, period: day, amount: none}] | amount",
        "POLICIES | policies: [{id: a, metric: calls, factro: 3}] | factro",
        "OPEN_TRACES | policies: [{id: a, runaway_cost: dear}] | a",
        "OPEN_TRACES | policies: [{runaway_cost: 5}] | id",
        "OPEN_TRACES | policies: [{id: a, runaway: 5}] | runaway",
        "ALERTING | policies: [{id: a, type: quiet}] | type",
        "ALERTING | policies: [{id: a, type: silence, until: soon}] | until",
      })
  void fileThatIsWrong_isRefusedWithFileAndField(ReferenceSource source, String yaml, String field)
      throws IOException {
    Path file = file("wrong.yaml", yaml);

    assertThatThrownBy(() -> source.read("default", List.of(file)))
        .isInstanceOf(PlatformException.class)
        .hasMessageContaining("wrong.yaml")
        .hasMessageContaining(field);
  }

  /**
   * What is published is all there is: a file that says nothing would withdraw what is in force.
   */
  @ParameterizedTest
  @EnumSource(ReferenceSource.class)
  void fileWithoutItsList_isRefused(ReferenceSource source) throws IOException {
    for (String yaml : List.of("", "- {id: a}", "polices: []", "text", "policies: {id: a}")) {
      Path file = file("shape.yaml", yaml);

      assertThatThrownBy(() -> source.read("default", List.of(file)))
          .as(yaml)
          .isInstanceOf(PlatformException.class)
          .hasMessageContaining("shape.yaml");
    }
  }

  @Test
  void everythingIsWithdrawn_byAListWithoutItems() throws IOException {
    Path file = file("none.yaml", "policies: []");

    assertThat(ReferenceSource.ALERTING.read("default", List.of(file))).isEmpty();
  }

  @Test
  void sameIdInTwoFiles_isRefused() throws IOException {
    String yaml = "policies: [{id: a, tool_loop: 5}]";
    List<Path> files = List.of(file("one.yaml", yaml), file("two.yaml", yaml));

    assertThatThrownBy(() -> ReferenceSource.OPEN_TRACES.read("default", files))
        .isInstanceOf(PlatformException.class)
        .hasMessageContaining("two.yaml: id: a second one of the name a");
  }

  @Test
  void amount_keepsItsDigits() throws IOException {
    Path file =
        file(
            "b.yaml",
            "budgets: [{id: a, scope: {team: t}, period: day, amount: 0.123456789012345678}]");

    assertThat(ReferenceSource.BUDGETS.read("default", List.of(file)).get(0).payloadJson())
        .contains("0.123456789012345678");
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }
}
