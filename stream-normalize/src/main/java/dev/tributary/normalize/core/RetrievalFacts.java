package dev.tributary.normalize.core;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tributary.schemas.Retrieval;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Numbers about a retrieval; the query and the documents stay in the content. */
final class RetrievalFacts {
  /** OpenInference numbers documents: {@code retrieval.documents.0.document.score}. */
  private static final String INDEXED = "retrieval.documents.";

  private static final String INDEXED_RERANK = "reranker.output_documents.";
  private static final String SCORE = "score";

  private RetrievalFacts() {}

  static Retrieval of(Attributes attributes, Facts facts) {
    Retrieval retrieval = new Retrieval();
    retrieval.setSource(facts.identifier(Precedence.RETRIEVAL_SOURCE));
    retrieval.setTopK(count(facts.number(Precedence.RETRIEVAL_TOP_KS)));
    List<Double> scores = new ArrayList<>(0);
    Integer hits = indexed(attributes, facts, scores);
    if (hits == null) {
      hits = listed(facts.raw(Attr.RETRIEVAL_DOCUMENTS), facts, scores);
    }
    if (hits == null) {
      hits = count(facts.number(Attr.TRIBUTARY_RETRIEVAL_HITS));
    }
    retrieval.setHits(hits);
    if (!scores.isEmpty()) {
      retrieval.setScoreMin(scores.stream().mapToDouble(Double::doubleValue).min().orElse(0));
      retrieval.setScoreMax(scores.stream().mapToDouble(Double::doubleValue).max().orElse(0));
      retrieval.setScoreMean(scores.stream().mapToDouble(Double::doubleValue).average().orElse(0));
    }
    return retrieval;
  }

  private static @Nullable Integer indexed(
      Attributes attributes, Facts facts, List<Double> scores) {
    Set<String> documents = new HashSet<>();
    for (int i = 0; i < attributes.size(); i++) {
      String name = attributes.name(i);
      String prefix =
          name.startsWith(INDEXED)
              ? INDEXED
              : name.startsWith(INDEXED_RERANK) ? INDEXED_RERANK : null;
      int dot = prefix == null ? -1 : name.indexOf('.', prefix.length());
      if (prefix != null && dot > 0) {
        documents.add(name.substring(prefix.length(), dot));
        if (name.endsWith('.' + SCORE)) {
          addScore(facts, attributes.value(i), scores);
        }
      }
    }
    return documents.isEmpty() ? null : Integer.valueOf(documents.size());
  }

  private static @Nullable Integer listed(
      @Nullable Object value, Facts facts, List<Double> scores) {
    if (value instanceof List<?> documents) {
      for (Object document : documents) {
        if (document instanceof Map<?, ?> members) {
          addScore(facts, members.get(SCORE), scores);
        }
      }
      return documents.size();
    }
    JsonNode tree = value instanceof String text ? Json.tree(text) : null;
    if (tree == null || !tree.isArray()) {
      return null;
    }
    for (JsonNode document : tree) {
      JsonNode score = document.path(SCORE);
      addScore(facts, score.isValueNode() && !score.isNull() ? score.asText() : null, scores);
    }
    return tree.size();
  }

  private static void addScore(Facts facts, @Nullable Object value, List<Double> scores) {
    var score = facts.coercion().decimal(Attr.RETRIEVAL_DOCUMENTS.attribute, value);
    if (score != null) {
      scores.add(score.doubleValue());
    }
  }

  private static @Nullable Integer count(@Nullable Long number) {
    return number == null || number < 0 || number > Integer.MAX_VALUE ? null : number.intValue();
  }
}
