package dev.tributary.standalone.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tributary.pricing.CatalogueException;
import dev.tributary.standalone.reference.PromptFile.Prompt;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PromptRegistryTest {
  private static final String FILE =
      """
      prompts:
        - name: answer
          version: v12
          hash: h1
          author: sam
          deployed_at: 2026-03-01T00:00:00Z
        - {name: answer, version: v13, hash: h2, note: shorter}
        - {name: answer, version: v14}
        - {name: title, version: "1", hash: h9}
      """;

  @Test
  void parse_everyField() {
    List<Prompt> prompts = PromptFile.parse("prompts.yaml", FILE);

    assertThat(prompts).hasSize(4);
    assertThat(prompts.get(0))
        .isEqualTo(
            new Prompt("answer", "v12", "h1", "sam", null, Instant.parse("2026-03-01T00:00:00Z")));
    assertThat(prompts.get(1).json())
        .isEqualTo(
            "{\"name\":\"answer\",\"version\":\"v13\",\"hash\":\"h2\",\"note\":\"shorter\"}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "version: v13~version: v12~prompts.yaml:7: prompts[1]: answer v12 stands twice",
        "note: shorter~notes: shorter~prompts.yaml:7: prompts[1].notes: unknown field",
        "name: title~name: a|b~prompts.yaml:9: prompts[3].name: must be a text without '|'",
        "T00:00:00Z~~prompts.yaml:6: prompts[0].deployed_at: must be a time",
        "version: v14~hash: x~prompts.yaml:8: prompts[2]: 'version' is missing",
      })
  void parse_wrong_isRefusedWithItsPlace(String right, String wrong, String complaint) {
    String text = FILE.replace(right, wrong == null ? "" : wrong);

    assertThatThrownBy(() -> PromptFile.parse("prompts.yaml", text))
        .isInstanceOf(CatalogueException.class)
        .hasMessageContaining(complaint);
  }

  @Test
  void versions_registeredAndSeen_areOneList_andAnotherHashIsFlagged() throws Exception {
    Map<String, JsonNode> registered = new TreeMap<>();
    for (Prompt prompt : PromptFile.parse("prompts.yaml", FILE)) {
      registered.put(prompt.id(), new ObjectMapper().readTree(prompt.json()));
    }
    Map<String, List<String>> seen =
        Map.of(
            "answer|v12", List.of("answer", "v12", "2026-03-01", "5", "h1"),
            "answer|v13", List.of("answer", "v13", "2026-03-02", "6", "hx"),
            "answer|v14", List.of("answer", "v14", "2026-03-03", "7", "h3,h4"),
            "answer|v15", List.of("answer", "v15", "2026-03-04", "8", ""));

    assertThat(PromptRegistry.join(registered, seen))
        .extracting(version -> version.name() + " " + version.version() + " " + version.state())
        .containsExactly(
            "answer v12 registered",
            "answer v13 changed",
            "answer v14 changed",
            "answer v15 discovered",
            "title 1 unused");
  }
}
