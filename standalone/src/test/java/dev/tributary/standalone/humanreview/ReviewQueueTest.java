package dev.tributary.standalone.humanreview;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tributary.evalworker.core.SpanText;
import dev.tributary.schemas.Attribution;
import dev.tributary.schemas.EvalJob;
import dev.tributary.schemas.ResolvedTag;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReviewQueueTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  /** Cut between the halves of a character, the file could not be written at all. */
  @Test
  void longText_isCutBetweenCharacters() throws Exception {
    String answer = "x".repeat(3_999) + "👋👋";
    List<String> lines =
        new ReviewQueue(sql -> List.of(), (tenant, ids) -> Map.of(trace(1), List.of(said(answer))))
            .lines("default", List.of(job(1, "faith", 0)));

    Path file = Files.write(folder.resolve("queue"), lines);
    JsonNode line = JSON.readTree(Files.readString(file));
    assertThat(line.get("answer").asText()).isEqualTo("x".repeat(3_999) + " […]");
    assertThat(line.get("question").asText()).isEqualTo("why?");
  }

  /** People's answers end a case; what evaluators disagree on comes first, then what is urgent. */
  @Test
  void lines_openOnes_hardestFirst() throws Exception {
    List<String> asked = new ArrayList<>();
    List<EvalJob> jobs =
        List.of(
            job(1, "faith", 1),
            job(2, "faith", 2),
            job(3, "it's", 9),
            job(4, "faith", 0),
            job(5, "faith", 3));
    List<List<String>> scores =
        List.of(
            score(1, "faith", "EVALUATOR", "0.9"),
            score(1, "style", "EVALUATOR", "0.9"),
            score(2, "faith", "EVALUATOR", "1"),
            // As tab-separated values have a quote.
            List.of(trace(3) + "|it\\'s|1", trace(3), "it\\'s", "HUMAN", "SCORED", "1"),
            score(4, "faith", "EVALUATOR", "1"),
            score(4, "style", "EVALUATOR", "0.1"),
            score(5, "faith", "EVALUATOR", "-1"),
            List.of(trace(5) + "|faith|1", trace(5), "faith", "HUMAN", "FAILED", "-1"));

    List<String> lines =
        new ReviewQueue(
                sql -> {
                  asked.add(sql);
                  return scores;
                },
                (tenant, ids) -> Map.of())
            .lines("acme", jobs);

    List<JsonNode> read = new ArrayList<>();
    for (String line : lines) {
      read.add(JSON.readTree(line));
    }
    assertThat(read)
        .extracting(line -> line.get("trace_id").asText())
        .containsExactly(trace(4), trace(1), trace(5), trace(2));
    assertThat(read)
        .extracting(line -> line.get("hard").asBoolean())
        .containsExactly(true, false, false, false);
    assertThat(read.get(0).get("said")).hasSize(2);
    assertThat(read.get(0).get("score").isNull()).isTrue();
    assertThat(read.get(0).get("missing").asText()).contains("content is gone");
    assertThat(asked).singleElement().asString().contains("tenant = 'acme'", trace(5));
  }

  private static List<String> score(int number, String name, String source, String value) {
    return List.of(trace(number) + "|" + name, trace(number), name, source, "SCORED", value);
  }

  private static String trace(int number) {
    return "%032x".formatted(number);
  }

  private static SpanText said(String answer) {
    return new SpanText(
        "b7ad6b7169203331",
        1,
        "FULL",
        "chat",
        "[{\"role\":\"user\",\"content\":\"why?\"}]",
        "[{\"role\":\"assistant\",\"content\":\"" + answer + "\"}]",
        null,
        null,
        null,
        null,
        Map.of(),
        false);
  }

  private static EvalJob job(int number, String evaluator, int priority) {
    ResolvedTag none = ResolvedTag.newBuilder().build();
    return EvalJob.newBuilder()
        .setTenant("acme")
        .setJobId(trace(number) + "|" + evaluator + "|1")
        .setRoute("human")
        .setPolicy("answers")
        .setStratum("rest")
        .setTraceId(trace(number))
        .setEvaluator(evaluator)
        .setEvaluatorVersion("1")
        .setPriority(priority)
        .setInclusionProbability(0.25)
        .setContentLeaseUntilUs(9)
        .setDispatchedAtUs(1)
        .setDeadlineUs(9)
        .setSubjectEndUs(1)
        .setAttribution(
            Attribution.newBuilder()
                .setFeature(none)
                .setTeam(none)
                .setWorkspace(none)
                .setEnvironment(none)
                .setProject(none)
                .setCostCenter(none)
                .setUserTier(none)
                .setExperiment(none)
                .setRetrievalVersion(none)
                .setPromptName(none)
                .setPromptVersion(none)
                .setAgent(none)
                .build())
        .build();
  }
}
