package dev.tributary.evalworker.core;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tributary.evalworker.core.EvalCase.Document;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Evaluators that hold the answer or the retrieval against documents. */
final class GroundingEvaluators {
  private static final String DEFAULT_LABEL = "tributary.eval.relevant_documents";

  private GroundingEvaluators() {}

  /**
   * Lexical grounding: the mean over the answer's sentences of the share of their content words
   * that occur in one document, the best one. A cheap sign, no proof: it sees neither negation nor
   * paraphrase.
   */
  static Verdict grounding(EvalCase subject) {
    if (subject.documents().isEmpty() || subject.answer().isBlank()) {
      return Verdict.failed(Verdict.Reason.NOTHING_TO_JUDGE);
    }
    List<Set<String>> documents =
        subject.documents().stream()
            .<Set<String>>map(document -> new HashSet<>(Words.content(document.text())))
            .toList();
    double sum = 0;
    int counted = 0;
    for (String sentence : Words.sentences(subject.answer())) {
      List<String> words = Words.content(sentence);
      if (!words.isEmpty()) {
        sum += best(words, documents);
        counted++;
      }
    }
    if (counted == 0) {
      return Verdict.failed(Verdict.Reason.NOTHING_TO_JUDGE);
    }
    double value = sum / counted;
    return new Verdict.Scored(
        value, value >= subject.number("least", 0.5) ? "grounded" : "ungrounded", "");
  }

  private static double best(List<String> words, List<Set<String>> documents) {
    return documents.stream()
        .mapToDouble(
            document -> (double) words.stream().filter(document::contains).count() / words.size())
        .max()
        .orElse(0);
  }

  /** Share of retrieved documents that a label names as relevant. */
  static Verdict precision(EvalCase subject) {
    return retrieval(subject, true);
  }

  /** Share of the documents that a label names as relevant which were retrieved. */
  static Verdict recall(EvalCase subject) {
    return retrieval(subject, false);
  }

  private static Verdict retrieval(EvalCase subject, boolean isPrecision) {
    Set<String> relevant = relevant(subject);
    Set<String> retrieved = new HashSet<>();
    for (Document document : subject.documents()) {
      if (document.id() != null) {
        retrieved.add(document.id());
      }
    }
    if (relevant.isEmpty()) {
      return Verdict.failed(Verdict.Reason.NO_LABELS);
    }
    if (retrieved.isEmpty() && isPrecision) {
      return Verdict.failed(Verdict.Reason.NOTHING_TO_JUDGE);
    }
    long hits = retrieved.stream().filter(relevant::contains).count();
    double of = isPrecision ? retrieved.size() : relevant.size();
    return new Verdict.Scored(hits / of, null, hits + " relevant documents retrieved.");
  }

  /** Ids from the attribute that {@code label} names: a JSON list, or separated by commas. */
  private static Set<String> relevant(EvalCase subject) {
    String text = subject.labels().get(subject.parameter("label", DEFAULT_LABEL));
    Set<String> ids = new HashSet<>();
    if (text == null) {
      return ids;
    }
    JsonNode json = MessageText.json(text);
    if (json != null && json.isArray()) {
      json.forEach(id -> ids.add(id.asText()));
    } else {
      for (String id : text.split(",", -1)) {
        if (!id.isBlank()) {
          ids.add(id.strip());
        }
      }
    }
    return ids;
  }
}
