package dev.tributary.standalone.humanreview;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tributary.evalworker.core.CaseReader;
import dev.tributary.evalworker.core.EvalCase;
import dev.tributary.evalworker.core.SpanText;
import dev.tributary.schemas.EvalJob;
import dev.tributary.schemas.Keys;
import dev.tributary.standalone.platform.SqlLiteral;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes a file of cases for people: one JSON object a line, question, context, answer and what
 * evaluators said, with the fields {@code score}, {@code label} and {@code note} left open. The
 * hardest cases come first.
 */
public final class ReviewQueue {
  /** Most characters of one text: a case must be read in a minute. */
  private static final int MOST_CHARACTERS = 4_000;

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Reads rows of a statement; NULL is {@code \N}. */
  @FunctionalInterface
  public interface Rows {
    /** The rows, each a list of its columns as text. */
    List<List<String>> of(String sql) throws IOException, InterruptedException;
  }

  /** Where content is fetched. */
  @FunctionalInterface
  public interface Content {
    /** The texts of traces; a trace without content is absent. */
    Map<String, List<SpanText>> fetch(String tenant, Collection<String> traceIds)
        throws IOException, InterruptedException;
  }

  /** What an evaluator said about a trace. */
  private record Said(String name, double value) {}

  private final Rows rows;
  private final Content content;

  /** A queue over ClickHouse. */
  public ReviewQueue(Rows rows, Content content) {
    this.rows = rows;
    this.content = content;
  }

  /**
   * The cases of open jobs that nobody answered.
   *
   * @return lines of JSON, the hardest first
   */
  public List<String> lines(String tenant, Collection<EvalJob> jobs)
      throws IOException, InterruptedException {
    Set<String> answered = new HashSet<>();
    Map<String, List<Said>> said = new HashMap<>();
    read(tenant, jobs, answered, said);
    List<EvalJob> open = jobs.stream().filter(job -> !answered.contains(job.getJobId())).toList();
    Map<String, List<SpanText>> texts =
        content.fetch(tenant, open.stream().map(EvalJob::getTraceId).distinct().toList());
    List<EvalJob> ordered = new ArrayList<>(open);
    ordered.sort(
        Comparator.comparingDouble(
                (EvalJob job) -> -hardness(said.getOrDefault(job.getTraceId(), List.of())))
            .thenComparing(Comparator.comparingInt(EvalJob::getPriority).reversed())
            .thenComparing(EvalJob::getJobId));
    List<String> lines = new ArrayList<>();
    for (EvalJob job : ordered) {
      lines.add(
          line(
              job,
              texts.getOrDefault(job.getTraceId(), List.of()),
              said.getOrDefault(job.getTraceId(), List.of())));
    }
    return lines;
  }

  private void read(
      String tenant, Collection<EvalJob> jobs, Set<String> answered, Map<String, List<Said>> said)
      throws IOException, InterruptedException {
    if (jobs.isEmpty()) {
      return;
    }
    if (!Keys.isTenant(tenant)) {
      throw new IllegalArgumentException("no tenant: " + tenant);
    }
    List<String> ids = new ArrayList<>();
    for (EvalJob job : jobs) {
      if (job.getTraceId().matches("[0-9a-f]{32}")) {
        ids.add("'" + job.getTraceId() + "'");
      }
    }
    String sql =
        "SELECT score_id, assumeNotNull(trace_id), name, source, status, coalesce(value, -1)"
            + " FROM scores_net WHERE tenant = "
            + SqlLiteral.text(tenant)
            + " AND trace_id IN ("
            + String.join(",", ids)
            + ")";
    for (List<String> row : rows.of(sql)) {
      if (row.get(3).equals("HUMAN") && row.get(4).equals("SCORED")) {
        answered.add(SqlLiteral.unescaped(row.get(0)));
      }
      double value = Double.parseDouble(row.get(5));
      if (row.get(3).equals("EVALUATOR") && value >= 0) {
        said.computeIfAbsent(row.get(1), any -> new ArrayList<>())
            .add(new Said(SqlLiteral.unescaped(row.get(2)), value));
      }
    }
  }

  /** 1: evaluators contradict each other or are undecided; 0: they agree, or there are none. */
  private static double hardness(List<Said> said) {
    double low = said.stream().mapToDouble(Said::value).min().orElse(0);
    double high = said.stream().mapToDouble(Said::value).max().orElse(0);
    double undecided =
        said.stream().mapToDouble(each -> 1 - 2 * Math.abs(each.value() - 0.5)).max().orElse(0);
    return Math.max(high - low, undecided);
  }

  private static String line(EvalJob job, List<SpanText> spans, List<Said> said)
      throws JsonProcessingException {
    ObjectNode line = JSON.createObjectNode();
    line.put("job_id", job.getJobId());
    line.put("trace_id", job.getTraceId());
    line.put("evaluator", job.getEvaluator());
    line.put("attempt", job.getAttempt());
    line.put("feature", job.getAttribution().getFeature().getValue());
    if (CaseReader.read(job.getTraceId(), spans, Map.of()) instanceof CaseReader.Read.Found found) {
      EvalCase subject = found.subject();
      line.put("question", cut(subject.question()));
      ArrayNode context = line.putArray("context");
      subject.documents().forEach(document -> context.add(cut(document.text())));
      line.put("answer", cut(subject.answer()));
    } else {
      line.put("question", "").put("answer", "").put("missing", "content is gone or not kept");
    }
    ArrayNode scores = line.putArray("said");
    said.forEach(each -> scores.addObject().put("name", each.name()).put("value", each.value()));
    // Such cases are worth keeping in an evaluation set once a person has decided them.
    line.put("hard", hardness(said) >= 0.5);
    line.putNull("score").putNull("label").putNull("note");
    return JSON.writeValueAsString(line);
  }

  private static String cut(String text) {
    if (text.length() <= MOST_CHARACTERS) {
      return text;
    }
    // Half a character cannot be written.
    int end =
        MOST_CHARACTERS - (Character.isHighSurrogate(text.charAt(MOST_CHARACTERS - 1)) ? 1 : 0);
    return text.substring(0, end) + " […]";
  }
}
