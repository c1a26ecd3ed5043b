package dev.tributary.schemas;

/**
 * Names of attributes of database spans, as the OpenTelemetry database conventions (old and stable)
 * and the instrumentations of vector databases spell them.
 */
public final class DatabaseAttributes {
  public static final String SYSTEM_NAME = "db.system.name";
  public static final String SYSTEM = "db.system";
  public static final String OPERATION_NAME = "db.operation.name";
  public static final String OPERATION = "db.operation";
  public static final String COLLECTION_NAME = "db.collection.name";
  public static final String INDEX_NAME = "db.index.name";
  public static final String NAMESPACE = "db.namespace";
  public static final String QUERY_TEXT = "db.query.text";
  public static final String STATEMENT = "db.statement";
  public static final String RETURNED_ROWS = "db.response.returned_rows";
  public static final String VECTOR_TOP_K = "db.vector.query.top_k";
  public static final String VECTOR_RESULT_COUNT = "db.vector.query.result_count";
  public static final String VECTOR_TOP_SCORE = "db.vector.query.top_score";
  public static final String VECTOR_QUERY_CONTENT = "db.vector.query.content";
  public static final String VECTOR_DOCUMENTS = "db.vector.query.response.documents";
  public static final String LIMIT = "db.limit";
  public static final String N_RESULTS = "db.n_results";
  public static final String PINECONE_TOP_K = "pinecone.query.top_k";
  public static final String PINECONE_NAMESPACE = "pinecone.query.namespace";
  public static final String PINECONE_RESULT_COUNT = "db.pinecone.query.result_count";
  public static final String CHROMA_N_RESULTS = "db.chroma.query.n_results";
  public static final String MILVUS_SEARCH_LIMIT = "db.milvus.search.limit";
  public static final String MILVUS_QUERY_LIMIT = "db.milvus.query.limit";
  public static final String MILVUS_RESULT_COUNT = "db.milvus.search.result_count";

  /** One event for each document found, and what its score is called. */
  public static final String QUERY_RESULT_EVENT = "db.query.result";

  public static final String QUERY_RESULT_SCORE = "db.query.result.score";
  public static final String SEARCH_RESULT_EVENT = "db.search.result";
  public static final String SEARCH_RESULT_SCORE = "db.search.result.score";

  /** Ends the names under which instrumentations state a collection for each of its methods. */
  public static final String COLLECTION_SUFFIX = ".collection_name";

  private DatabaseAttributes() {}
}
