package dev.tributary.normalize.core;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tributary.schemas.DatabaseAttributes;
import dev.tributary.schemas.Retrieval;
import java.math.BigDecimal;
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
  private static final String RELEVANCE = "relevance_score";

  private RetrievalFacts() {}

  static Retrieval of(OtlpSpan span, Facts facts) {
    Attributes attributes = span.attributes();
    Retrieval retrieval = new Retrieval();
    retrieval.setSource(source(attributes, facts));
    retrieval.setTopK(count(facts.number(Precedence.RETRIEVAL_TOP_KS)));
    List<Double> scores = new ArrayList<>(0);
    Integer hits = indexed(attributes, facts, scores);
    if (hits == null) {
      hits = listed(facts.raw(Attr.RETRIEVAL_DOCUMENTS), facts, scores);
    }
    if (hits == null) {
      hits = listed(facts.raw(Attr.DB_VECTOR_DOCUMENTS), facts, scores);
    }
    if (hits == null) {
      hits = found(span, facts, scores);
    }
    if (hits == null) {
      hits = count(facts.number(Precedence.RETRIEVAL_HITS));
    }
    if (hits == null && facts.has(Attr.OPENINFERENCE_SPAN_KIND)) {
      hits = listed(facts.raw(Attr.OUTPUT_VALUE), facts, scores);
    }
    retrieval.setHits(hits);
    if (scores.isEmpty()) {
      BigDecimal best = facts.decimal(Attr.DB_VECTOR_TOP_SCORE);
      retrieval.setScoreMax(best == null ? null : Double.valueOf(best.doubleValue()));
    } else {
      retrieval.setScoreMin(scores.stream().mapToDouble(Double::doubleValue).min().orElse(0));
      retrieval.setScoreMax(scores.stream().mapToDouble(Double::doubleValue).max().orElse(0));
      retrieval.setScoreMean(scores.stream().mapToDouble(Double::doubleValue).average().orElse(0));
    }
    return retrieval;
  }

  /** The collection; else the database or namespace that stands for it. */
  private static @Nullable String source(Attributes attributes, Facts facts) {
    String named = facts.identifier(Precedence.RETRIEVAL_SOURCE);
    for (int i = 0; named == null && i < attributes.size(); i++) {
      if (attributes.name(i).endsWith(DatabaseAttributes.COLLECTION_SUFFIX)) {
        named = facts.coercion().identifier("db.*.collection_name", attributes.value(i));
      }
    }
    return named == null
        ? facts.identifier(
            Attr.DB_PINECONE_NAMESPACE, Attr.DB_NAMESPACE, Attr.DB_SYSTEM_NAME, Attr.DB_SYSTEM)
        : named;
  }

  /** One event for each document found. */
  private static @Nullable Integer found(OtlpSpan span, Facts facts, List<Double> scores) {
    int found = 0;
    for (OtlpSpan.Event event : span.events()) {
      boolean isResult =
          event.name().equals(DatabaseAttributes.QUERY_RESULT_EVENT)
              || event.name().equals(DatabaseAttributes.SEARCH_RESULT_EVENT);
      if (isResult) {
        found++;
        Object score = event.find(DatabaseAttributes.QUERY_RESULT_SCORE);
        addScore(
            facts,
            score == null ? event.find(DatabaseAttributes.SEARCH_RESULT_SCORE) : score,
            scores);
      }
    }
    return found == 0 ? null : Integer.valueOf(found);
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
          Object score = members.get(SCORE);
          addScore(facts, score == null ? members.get(RELEVANCE) : score, scores);
        }
      }
      return documents.size();
    }
    JsonNode tree = value instanceof String text ? Json.tree(text) : null;
    if (tree == null || !tree.isArray()) {
      return null;
    }
    for (JsonNode document : tree) {
      JsonNode score = document.path(document.has(SCORE) ? SCORE : RELEVANCE);
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
