package dev.tributary.evalworker.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Cases out of the texts of spans. */
class CaseReaderTest {
  private static SpanText span(
      String id, long endUs, @Nullable String input, @Nullable String output) {
    return new SpanText(
        id, endUs, "FULL", null, input, output, null, null, null, null, Map.of(), false);
  }

  private static EvalCase found(SpanText... spans) {
    return ((CaseReader.Read.Found) CaseReader.read("t", List.of(spans), Map.of())).subject();
  }

  @Test
  void messages_ofSeveralShapes_lastUserAndAssistant() {
    EvalCase subject =
        found(
            span("a", 1, "[{\"role\":\"user\",\"content\":\"old\"}]", "draft"),
            span(
                "b",
                9,
                "[{\"role\":\"system\",\"content\":\"be kind\"},{\"role\":\"user\",\"parts\":[{\"type\":"
                    + "\"text\",\"content\":\"When?\"}]}]",
                "[{\"role\":\"assistant\",\"parts\":[{\"type\":\"text\",\"content\":\"At nine.\"}]}]"));

    assertThat(subject.question()).isEqualTo("When?");
    assertThat(subject.answer()).isEqualTo("At nine.");
  }

  @Test
  void documentsAndTools_ofAllSpans() {
    EvalCase subject =
        found(
            new SpanText(
                "a",
                1,
                "FULL",
                "retrieve",
                null,
                null,
                null,
                null,
                null,
                "[{\"id\":\"d1\",\"content\":\"Open at nine.\"}]",
                Map.of(),
                false),
            new SpanText(
                "b",
                2,
                "FULL",
                "execute_tool clock",
                null,
                null,
                "[{\"type\":\"function\",\"function\":{\"name\":\"clock\",\"parameters\":{\"type\":"
                    + "\"object\"}}}]",
                "{\"zone\":\"UTC\"}",
                "09:00",
                null,
                Map.of(),
                false),
            span("c", 3, "When?", "At nine."));

    assertThat(subject.documents()).containsExactly(new EvalCase.Document("d1", "Open at nine."));
    assertThat(subject.toolCalls().get(0).name()).isEqualTo("clock");
    assertThat(subject.toolCalls().get(0).definition()).isEqualTo("{\"type\":\"object\"}");
  }

  @Test
  void content_goneErasedOrNotKept_saidSo() {
    SpanText erased =
        new SpanText("a", 1, "ERASED", null, null, null, null, null, null, null, Map.of(), false);
    SpanText hashed =
        new SpanText("a", 1, "HASH", null, null, null, null, null, null, null, Map.of(), false);

    assertThat(List.of(List.<SpanText>of(), List.of(erased), List.of(hashed)))
        .map(spans -> CaseReader.read("t", spans, Map.of()))
        .map(read -> ((Verdict.NoScore) ((CaseReader.Read.Missing) read).verdict()).reason())
        .containsExactly(
            Verdict.Reason.CONTENT_MISSING,
            Verdict.Reason.CONTENT_ERASED,
            Verdict.Reason.CONTENT_NOT_KEPT);
  }
}
