package dev.tributary.normalize.core;

import dev.tributary.schemas.SpanKind;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Clients of vector databases, by the database conventions or an instrumentation's own names. A
 * search is a retrieval; what only writes or manages is a step.
 */
final class VectorDatabaseDialect implements Dialect {
  private static final Set<String> SYSTEMS =
      Set.of(
          "pinecone",
          "chroma",
          "chromadb",
          "qdrant",
          "weaviate",
          "milvus",
          "lancedb",
          "marqo",
          "astra",
          "vespa",
          "turbopuffer",
          "pg_vector",
          "pgvector",
          "typesense",
          "vectara");

  /** Words of operations that look for something, anywhere in the operation's name. */
  private static final Set<String> SEARCHES =
      Set.of("query", "search", "recommend", "discover", "near", "hybrid", "retriev", "bm25");

  private static final Set<String> SCOPES =
      Set.of("pinecone", "chromadb", "qdrant", "weaviate", "milvus", "lancedb", "marqo");

  private static final String SCOPE_PREFIX = "opentelemetry.instrumentation.";
  private static final String[] DISTANCES = {"<=>", "<->", "<#>", "<+>", "<~>", "<%>"};

  @Override
  public String name() {
    return "vector-db";
  }

  @Override
  public boolean ownsScope(String scopeName) {
    return scopeName.startsWith(SCOPE_PREFIX)
        && SCOPES.contains(scopeName.substring(SCOPE_PREFIX.length()));
  }

  @Override
  public boolean recognises(Facts facts) {
    return kindOf(facts) != null;
  }

  @Override
  public Map<Attr, Map<String, SpanKind>> kinds() {
    return Map.of();
  }

  /** The kind of a vector database's span; null: it is none. */
  static @Nullable SpanKind kindOf(Facts facts) {
    String system = word(facts, Attr.DB_SYSTEM_NAME, Attr.DB_SYSTEM);
    boolean isVectorQuery =
        facts.has(Attr.DB_VECTOR_TOP_K)
            || facts.has(Attr.DB_VECTOR_RESULT_COUNT)
            || facts.has(Attr.DB_VECTOR_QUERY_CONTENT)
            || facts.has(Attr.DB_PINECONE_TOP_K);
    if (system == null) {
      return isVectorQuery ? SpanKind.RETRIEVAL : null;
    }
    if (!SYSTEMS.contains(system)) {
      return isVectorQuery || comparesDistances(facts) ? SpanKind.RETRIEVAL : null;
    }
    String operation = word(facts, Attr.DB_OPERATION_NAME, Attr.DB_OPERATION);
    boolean isSearch = operation == null ? isVectorQuery : looksFor(operation);
    return isSearch || isVectorQuery ? SpanKind.RETRIEVAL : SpanKind.STEP;
  }

  private static boolean looksFor(String operation) {
    for (String word : SEARCHES) {
      if (operation.contains(word)) {
        return true;
      }
    }
    return operation.equals("get") || operation.equals("fetch") || operation.equals("peek");
  }

  /** pgvector has no name of its own in {@code db.system}: its operators give it away. */
  private static boolean comparesDistances(Facts facts) {
    for (Attr attr : new Attr[] {Attr.DB_QUERY_TEXT, Attr.DB_STATEMENT}) {
      String statement = facts.has(attr) ? facts.text(attr) : null;
      if (statement != null) {
        for (String operator : DISTANCES) {
          if (statement.contains(operator)) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private static @Nullable String word(Facts facts, Attr... precedence) {
    String word = facts.identifier(precedence);
    return word == null ? null : word.toLowerCase(Locale.ROOT);
  }
}
