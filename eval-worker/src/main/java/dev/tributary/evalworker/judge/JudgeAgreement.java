package dev.tributary.evalworker.judge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tributary.evalworker.core.EvalCase;
import dev.tributary.evalworker.core.EvalCase.Document;
import dev.tributary.evalworker.core.EvalCase.ToolCall;
import dev.tributary.evalworker.core.JudgeKind;
import dev.tributary.evalworker.core.JudgePrompt;
import dev.tributary.evalworker.core.Verdict;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Holds a judge against hand-made cases with known labels, two or more per evaluator. */
public final class JudgeAgreement {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CASES = "/dev/tributary/evalworker/cases/judge-cases.v1.jsonl";

  private JudgeAgreement() {}

  /** A case and whether it is good. */
  private record Known(JudgeKind kind, EvalCase subject, boolean isGood) {}

  /**
   * What became of an evaluator's cases.
   *
   * @param agreed cases that the judge put on the right side of one half
   * @param failed cases without a score
   */
  public record Line(String evaluator, int cases, int agreed, int failed) {}

  /** Asks the judge about every case; a line per evaluator, sorted by name. */
  public static List<Line> measure(Judge judge) throws InterruptedException {
    Map<String, Line> lines = new TreeMap<>();
    int number = 0;
    for (Known known : cases()) {
      String name = known.kind().label();
      JudgePrompt prompt = JudgePrompts.find(known.kind(), "1").orElseThrow();
      Verdict verdict =
          judge.judge("case-" + ++number, prompt, known.subject(), Duration.ZERO).verdict();
      boolean isScored = verdict instanceof Verdict.Scored;
      boolean isRight =
          verdict instanceof Verdict.Scored scored && scored.value() >= 0.5 == known.isGood();
      Line before = lines.getOrDefault(name, new Line(name, 0, 0, 0));
      lines.put(
          name,
          new Line(
              name,
              before.cases() + 1,
              before.agreed() + (isRight ? 1 : 0),
              before.failed() + (isScored ? 0 : 1)));
    }
    return new ArrayList<>(lines.values());
  }

  private static List<Known> cases() {
    List<Known> cases = new ArrayList<>();
    try (InputStream in = JudgeAgreement.class.getResourceAsStream(CASES)) {
      if (in == null) {
        throw new IllegalStateException(CASES + " is not on the class path");
      }
      BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        cases.add(known(JSON.readTree(line)));
      }
      return cases;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Known known(JsonNode row) {
    List<Document> documents = new ArrayList<>();
    row.path("documents").forEach(text -> documents.add(new Document(null, text.asText())));
    List<ToolCall> tools = new ArrayList<>();
    row.path("tools")
        .forEach(
            tool ->
                tools.add(
                    new ToolCall(
                        tool.path("name").asText(), tool.path("arguments").asText(), null, null)));
    return new Known(
        JudgeKind.of(row.path("evaluator").asText()).orElseThrow(),
        new EvalCase(
            "case",
            row.path("question").asText(),
            row.path("answer").asText(),
            documents,
            tools,
            Map.of(),
            false,
            Map.of("cascade_share", "0")),
        row.path("good").asBoolean());
  }
}
