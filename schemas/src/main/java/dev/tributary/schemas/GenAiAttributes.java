package dev.tributary.schemas;

/**
 * Names of span, resource and event attributes, as telemetry spells them. With stream-normalize the
 * only place that does.
 *
 * <p>The {@code gen_ai.*} names follow the OpenTelemetry GenAI semantic conventions of {@link
 * #CONVENTION_VERSION}; every name that an older version used for the same thing is kept beside it,
 * because producers of several generations write into one trace. All of {@code gen_ai.*} is in
 * development upstream and its generated Java constants are deprecated, hence our own.
 */
public final class GenAiAttributes {
  /** Convention the newest names come from. */
  public static final String CONVENTION_VERSION = "semantic-conventions-genai 2026 (after 1.41.0)";

  // OpenTelemetry GenAI, identity.
  public static final String OPERATION_NAME = "gen_ai.operation.name";
  public static final String PROVIDER_NAME = "gen_ai.provider.name";
  public static final String SYSTEM = "gen_ai.system";
  public static final String CONVERSATION_ID = "gen_ai.conversation.id";
  public static final String ERROR_TYPE = "error.type";
  public static final String SERVER_ADDRESS = "server.address";
  public static final String HTTP_RESPONSE_STATUS_CODE = "http.response.status_code";
  public static final String HTTP_STATUS_CODE = "http.status_code";
  public static final String HTTP_RESEND_COUNT = "http.request.resend_count";
  public static final String OPENAI_API_BASE = "gen_ai.openai.api_base";

  // OpenTelemetry GenAI, prompt.
  public static final String PROMPT_NAME = "gen_ai.prompt.name";
  public static final String PROMPT_VERSION = "gen_ai.prompt.version";

  // OpenTelemetry GenAI, request and response.
  public static final String REQUEST_MODEL = "gen_ai.request.model";
  public static final String REQUEST_STREAM = "gen_ai.request.stream";
  public static final String REQUEST_IS_STREAM = "gen_ai.request.is_stream";
  public static final String IS_STREAMING = "gen_ai.is_streaming";
  public static final String REQUEST_USER = "gen_ai.request.user";
  public static final String GEN_AI_USER = "gen_ai.user";
  public static final String REQUEST_MAX_TOKENS = "gen_ai.request.max_tokens";
  public static final String REQUEST_TEMPERATURE = "gen_ai.request.temperature";
  public static final String REQUEST_TOP_P = "gen_ai.request.top_p";
  public static final String REQUEST_SEED = "gen_ai.request.seed";
  public static final String OPENAI_REQUEST_SERVICE_TIER = "openai.request.service_tier";
  public static final String OPENAI_RESPONSE_SERVICE_TIER = "openai.response.service_tier";
  public static final String GEN_AI_OPENAI_REQUEST_SERVICE_TIER =
      "gen_ai.openai.request.service_tier";
  public static final String GEN_AI_OPENAI_RESPONSE_SERVICE_TIER =
      "gen_ai.openai.response.service_tier";
  public static final String RESPONSE_ID = "gen_ai.response.id";
  public static final String RESPONSE_MODEL = "gen_ai.response.model";
  public static final String RESPONSE_FINISH_REASONS = "gen_ai.response.finish_reasons";
  public static final String RESPONSE_FINISH_REASON = "gen_ai.response.finish_reason";
  public static final String RESPONSE_STOP_REASON = "gen_ai.response.stop_reason";
  public static final String RESPONSE_TIME_TO_FIRST_CHUNK = "gen_ai.response.time_to_first_chunk";
  public static final String SERVER_TIME_TO_FIRST_TOKEN = "gen_ai.server.time_to_first_token";

  // OpenTelemetry GenAI, usage; the older spellings of the same counts after the newest.
  public static final String USAGE_INPUT_TOKENS = "gen_ai.usage.input_tokens";
  public static final String USAGE_PROMPT_TOKENS = "gen_ai.usage.prompt_tokens";
  public static final String USAGE_OUTPUT_TOKENS = "gen_ai.usage.output_tokens";
  public static final String USAGE_COMPLETION_TOKENS = "gen_ai.usage.completion_tokens";
  public static final String USAGE_TOTAL_TOKENS = "gen_ai.usage.total_tokens";
  public static final String USAGE_CACHE_READ = "gen_ai.usage.cache_read.input_tokens";
  public static final String USAGE_CACHE_READ_FLAT = "gen_ai.usage.cache_read_input_tokens";
  public static final String USAGE_DETAILS_CACHE_READ = "gen_ai.usage.details.cache_read_tokens";
  public static final String USAGE_CACHE_WRITE = "gen_ai.usage.cache_write.input_tokens";
  public static final String USAGE_CACHE_CREATION = "gen_ai.usage.cache_creation.input_tokens";
  public static final String USAGE_CACHE_CREATION_FLAT = "gen_ai.usage.cache_creation_input_tokens";
  public static final String USAGE_INPUT_CACHED = "gen_ai.usage.input_cached_tokens";
  public static final String USAGE_INPUT_CACHE_CREATION = "gen_ai.usage.input_cache_creation";
  public static final String USAGE_CACHE_WRITE_FLAT = "gen_ai.usage.cache_write_input_tokens";
  public static final String USAGE_REASONING = "gen_ai.usage.reasoning.output_tokens";
  public static final String USAGE_REASONING_FLAT = "gen_ai.usage.reasoning_tokens";
  public static final String USAGE_REASONING_OUTPUT_FLAT = "gen_ai.usage.reasoning_output_tokens";
  public static final String USAGE_AUDIO_INPUT = "gen_ai.usage.audio.input_tokens";
  public static final String USAGE_AUDIO_OUTPUT = "gen_ai.usage.audio.output_tokens";
  public static final String USAGE_AUDIO_CACHE_READ = "gen_ai.usage.audio.cache_read.input_tokens";
  public static final String USAGE_IMAGE_INPUT = "gen_ai.usage.image.input_tokens";
  public static final String USAGE_IMAGE_OUTPUT = "gen_ai.usage.image.output_tokens";
  public static final String USAGE_IMAGE_CACHE_READ = "gen_ai.usage.image.cache_read.input_tokens";
  public static final String USAGE_COST = "gen_ai.usage.cost";

  // OpenTelemetry GenAI, content.
  public static final String INPUT_MESSAGES = "gen_ai.input.messages";
  public static final String OUTPUT_MESSAGES = "gen_ai.output.messages";
  public static final String SYSTEM_INSTRUCTIONS = "gen_ai.system_instructions";
  public static final String TOOL_DEFINITIONS = "gen_ai.tool.definitions";
  public static final String PROMPT = "gen_ai.prompt";
  public static final String COMPLETION = "gen_ai.completion";

  // OpenTelemetry GenAI, retrieval, agents, tools.
  public static final String DATA_SOURCE_ID = "gen_ai.data_source.id";
  public static final String RETRIEVAL_QUERY_TEXT = "gen_ai.retrieval.query.text";
  public static final String RETRIEVAL_DOCUMENTS = "gen_ai.retrieval.documents";
  public static final String RETRIEVAL_TOP_K = "gen_ai.retrieval.top_k";
  public static final String AGENT_ID = "gen_ai.agent.id";
  public static final String AGENT_NAME = "gen_ai.agent.name";
  public static final String AGENT_DESCRIPTION = "gen_ai.agent.description";
  public static final String WORKFLOW_NAME = "gen_ai.workflow.name";
  public static final String TOOL_NAME = "gen_ai.tool.name";
  public static final String TOOL_TYPE = "gen_ai.tool.type";
  public static final String TOOL_DESCRIPTION = "gen_ai.tool.description";
  public static final String TOOL_CALL_ID = "gen_ai.tool.call.id";
  public static final String TOOL_CALL_ID_FLAT = "gen_ai.tool_call.id";
  public static final String TOOL_CALL_ARGUMENTS = "gen_ai.tool.call.arguments";
  public static final String TOOL_CALL_RESULT = "gen_ai.tool.call.result";
  public static final String MCP_METHOD_NAME = "mcp.method.name";
  public static final String MCP_SERVER_NAME = "mcp.server.name";
  public static final String MCP_TOOL_NAME = "mcp.tool.name";
  public static final String MCP_SESSION_ID = "mcp.session.id";

  // OpenTelemetry, general.
  public static final String SESSION_ID = "session.id";
  public static final String USER_ID = "user.id";
  public static final String ENDUSER_ID = "enduser.id";
  public static final String EXCEPTION_EVENT = "exception";
  public static final String EXCEPTION_TYPE = "exception.type";
  public static final String EXCEPTION_MESSAGE = "exception.message";
  public static final String OPERATION_EXCEPTION_EVENT = "gen_ai.client.operation.exception";
  public static final String SERVICE_NAME = "service.name";
  public static final String SERVICE_NAMESPACE = "service.namespace";
  public static final String SERVICE_VERSION = "service.version";
  public static final String DEPLOYMENT_ENVIRONMENT_NAME = "deployment.environment.name";
  public static final String DEPLOYMENT_ENVIRONMENT = "deployment.environment";

  // Traceloop (OpenLLMetry).
  public static final String TRACELOOP_SPAN_KIND = "traceloop.span.kind";
  public static final String TRACELOOP_ENTITY_NAME = "traceloop.entity.name";
  public static final String TRACELOOP_ENTITY_PATH = "traceloop.entity.path";
  public static final String TRACELOOP_ENTITY_INPUT = "traceloop.entity.input";
  public static final String TRACELOOP_ENTITY_OUTPUT = "traceloop.entity.output";
  public static final String TRACELOOP_WORKFLOW_NAME = "traceloop.workflow.name";
  public static final String TRACELOOP_PROMPT_KEY = "traceloop.prompt.key";
  public static final String TRACELOOP_PROMPT_VERSION = "traceloop.prompt.version";
  public static final String TRACELOOP_SESSION_ID = "traceloop.association.properties.session_id";
  public static final String TRACELOOP_USER_ID = "traceloop.association.properties.user_id";
  public static final String TRACELOOP_SESSION_ID_CAMEL =
      "traceloop.association.properties.sessionId";
  public static final String TRACELOOP_THREAD_ID = "traceloop.association.properties.thread_id";
  public static final String TRACELOOP_CONVERSATION_ID =
      "traceloop.association.properties.conversation_id";
  public static final String TRACELOOP_USER_ID_CAMEL = "traceloop.association.properties.userId";
  public static final String TRACELOOP_PROMPT_HASH = "traceloop.prompt.version_hash";
  public static final String LLM_USER = "llm.user";
  public static final String LLM_RESPONSE_FINISH_REASON = "llm.response.finish_reason";
  public static final String LLM_RESPONSE_STOP_REASON = "llm.response.stop_reason";
  public static final String LLM_USAGE_REASONING = "llm.usage.reasoning_tokens";
  public static final String LLM_REQUEST_TYPE = "llm.request.type";
  public static final String LLM_USAGE_PROMPT_TOKENS = "llm.usage.prompt_tokens";
  public static final String LLM_USAGE_COMPLETION_TOKENS = "llm.usage.completion_tokens";
  public static final String LLM_USAGE_TOTAL_TOKENS = "llm.usage.total_tokens";
  public static final String LLM_IS_STREAMING = "llm.is_streaming";

  // OpenInference.
  public static final String OPENINFERENCE_SPAN_KIND = "openinference.span.kind";
  public static final String LLM_PROVIDER = "llm.provider";
  public static final String LLM_SYSTEM = "llm.system";
  public static final String LLM_MODEL_NAME = "llm.model_name";
  public static final String LLM_REQUEST_MODEL_NAME = "llm.request.model_name";
  public static final String LLM_RESPONSE_MODEL_NAME = "llm.response.model_name";
  public static final String EMBEDDING_MODEL_NAME = "embedding.model_name";
  public static final String RERANKER_MODEL_NAME = "reranker.model_name";
  public static final String RERANKER_TOP_K = "reranker.top_k";
  public static final String LLM_INVOCATION_PARAMETERS = "llm.invocation_parameters";
  public static final String LLM_FINISH_REASON = "llm.finish_reason";
  public static final String LLM_TOKEN_COUNT_PROMPT = "llm.token_count.prompt";
  public static final String LLM_TOKEN_COUNT_COMPLETION = "llm.token_count.completion";
  public static final String LLM_TOKEN_COUNT_TOTAL = "llm.token_count.total";
  public static final String LLM_TOKEN_COUNT_CACHE_READ =
      "llm.token_count.prompt_details.cache_read";
  public static final String LLM_TOKEN_COUNT_CACHE_WRITE =
      "llm.token_count.prompt_details.cache_write";
  public static final String LLM_TOKEN_COUNT_CACHE_INPUT =
      "llm.token_count.prompt_details.cache_input";
  public static final String LLM_TOKEN_COUNT_PROMPT_AUDIO = "llm.token_count.prompt_details.audio";
  public static final String LLM_TOKEN_COUNT_REASONING =
      "llm.token_count.completion_details.reasoning";
  public static final String LLM_TOKEN_COUNT_COMPLETION_AUDIO =
      "llm.token_count.completion_details.audio";
  public static final String LLM_COST_TOTAL = "llm.cost.total";
  public static final String LLM_PROMPT_TEMPLATE = "llm.prompt_template.template";
  public static final String LLM_PROMPT_TEMPLATE_VERSION = "llm.prompt_template.version";
  public static final String INPUT_VALUE = "input.value";
  public static final String INPUT_MIME_TYPE = "input.mime_type";
  public static final String OUTPUT_VALUE = "output.value";
  public static final String OUTPUT_MIME_TYPE = "output.mime_type";
  public static final String AGENT_NAME_OPENINFERENCE = "agent.name";
  public static final String TOOL_NAME_OPENINFERENCE = "tool.name";
  public static final String TOOL_PARAMETERS = "tool.parameters";
  public static final String TOOL_ID_OPENINFERENCE = "tool.id";
  public static final String TOOL_CALL_ID_OPENINFERENCE = "tool_call.id";
  public static final String METADATA = "metadata";

  // Vercel AI SDK.
  public static final String AI_OPERATION_ID = "ai.operationId";
  public static final String AI_MODEL_PROVIDER = "ai.model.provider";
  public static final String AI_MODEL_ID = "ai.model.id";
  public static final String AI_FUNCTION_ID = "ai.telemetry.functionId";
  public static final String AI_SESSION_ID = "ai.telemetry.metadata.sessionId";
  public static final String AI_USER_ID = "ai.telemetry.metadata.userId";
  public static final String AI_SESSION_ID_SNAKE = "ai.telemetry.metadata.session_id";
  public static final String AI_THREAD_ID = "ai.telemetry.metadata.threadId";
  public static final String AI_USER_ID_SNAKE = "ai.telemetry.metadata.user_id";
  public static final String AI_CONTEXT_SESSION_ID = "ai.settings.context.sessionId";
  public static final String AI_CONTEXT_USER_ID = "ai.settings.context.userId";
  public static final String AI_PROMPT = "ai.prompt";
  public static final String AI_PROMPT_MESSAGES = "ai.prompt.messages";
  public static final String AI_PROMPT_TOOLS = "ai.prompt.tools";
  public static final String AI_RESPONSE_TEXT = "ai.response.text";
  public static final String AI_RESPONSE_OBJECT = "ai.response.object";
  public static final String AI_RESPONSE_TOOL_CALLS = "ai.response.toolCalls";
  public static final String AI_RESPONSE_FINISH_REASON = "ai.response.finishReason";
  public static final String AI_FINISH_REASON = "ai.finishReason";
  public static final String AI_RESPONSE_ID = "ai.response.id";
  public static final String AI_RESPONSE_MODEL = "ai.response.model";
  public static final String AI_RESPONSE_MS_TO_FIRST_CHUNK = "ai.response.msToFirstChunk";
  public static final String AI_STREAM_MS_TO_FIRST_CHUNK = "ai.stream.msToFirstChunk";
  public static final String AI_RESPONSE_PROVIDER_METADATA = "ai.response.providerMetadata";
  public static final String AI_USAGE_INPUT_TOKENS = "ai.usage.inputTokens";
  public static final String AI_USAGE_PROMPT_TOKENS = "ai.usage.promptTokens";
  public static final String AI_USAGE_OUTPUT_TOKENS = "ai.usage.outputTokens";
  public static final String AI_USAGE_COMPLETION_TOKENS = "ai.usage.completionTokens";
  public static final String AI_USAGE_TOTAL_TOKENS = "ai.usage.totalTokens";
  public static final String AI_USAGE_NO_CACHE = "ai.usage.inputTokenDetails.noCacheTokens";
  public static final String AI_USAGE_CACHE_READ = "ai.usage.inputTokenDetails.cacheReadTokens";
  public static final String AI_USAGE_CACHE_WRITE = "ai.usage.inputTokenDetails.cacheWriteTokens";
  public static final String AI_USAGE_CACHED_INPUT = "ai.usage.cachedInputTokens";
  public static final String AI_USAGE_TEXT = "ai.usage.outputTokenDetails.textTokens";
  public static final String AI_USAGE_DETAILS_REASONING =
      "ai.usage.outputTokenDetails.reasoningTokens";
  public static final String AI_USAGE_REASONING = "ai.usage.reasoningTokens";
  public static final String AI_USAGE_TOKENS = "ai.usage.tokens";
  public static final String AI_TOOL_CALL_NAME = "ai.toolCall.name";
  public static final String AI_TOOL_CALL_ID = "ai.toolCall.id";
  public static final String AI_TOOL_CALL_ARGS = "ai.toolCall.args";
  public static final String AI_TOOL_CALL_RESULT = "ai.toolCall.result";

  // Langfuse SDK.
  public static final String LANGFUSE_TYPE = "langfuse.observation.type";
  public static final String LANGFUSE_MODEL = "langfuse.observation.model.name";
  public static final String LANGFUSE_MODEL_PARAMETERS = "langfuse.observation.model.parameters";
  public static final String LANGFUSE_USAGE_DETAILS = "langfuse.observation.usage_details";
  public static final String LANGFUSE_COST_DETAILS = "langfuse.observation.cost_details";
  public static final String LANGFUSE_INPUT = "langfuse.observation.input";
  public static final String LANGFUSE_OUTPUT = "langfuse.observation.output";
  public static final String LANGFUSE_LEVEL = "langfuse.observation.level";
  public static final String LANGFUSE_STATUS_MESSAGE = "langfuse.observation.status_message";
  public static final String LANGFUSE_COMPLETION_START =
      "langfuse.observation.completion_start_time";
  public static final String LANGFUSE_PROMPT_NAME = "langfuse.observation.prompt.name";
  public static final String LANGFUSE_PROMPT_VERSION = "langfuse.observation.prompt.version";
  public static final String LANGFUSE_SESSION_ID = "langfuse.session.id";
  public static final String LANGFUSE_USER_ID = "langfuse.user.id";
  public static final String LANGFUSE_ENVIRONMENT = "langfuse.environment";
  public static final String LANGFUSE_RELEASE = "langfuse.release";
  public static final String LANGFUSE_APP_ROOT = "langfuse.internal.is_app_root";
  public static final String LANGFUSE_TRACE_TAGS = "langfuse.trace.tags";
  public static final String LANGFUSE_TRACE_METADATA = "langfuse.trace.metadata";
  public static final String LANGFUSE_OBSERVATION_METADATA = "langfuse.observation.metadata";

  // Metadata that several vocabularies share.
  public static final String LANGSMITH_SESSION_ID = "langsmith.metadata.session_id";
  public static final String LANGSMITH_THREAD_ID = "langsmith.metadata.thread_id";
  public static final String LANGSMITH_CONVERSATION_ID = "langsmith.metadata.conversation_id";
  public static final String LANGSMITH_USER_ID = "langsmith.metadata.user_id";
  public static final String LANGSMITH_PROVIDER = "langsmith.metadata.ls_provider";
  public static final String LANGSMITH_MODEL = "langsmith.metadata.ls_model_name";
  public static final String LANGSMITH_SESSION_NAME = "langsmith.trace.session_name";
  public static final String LANGSMITH_TRACE_SESSION_ID = "langsmith.trace.session_id";
  public static final String OPERATION_COST = "operation.cost";

  // Our own vocabulary, for producers that add to a dialect what it has no word for.
  public static final String TRIBUTARY_PURPOSE = "tributary.purpose";
  public static final String TRIBUTARY_SURFACE = "tributary.surface";
  public static final String TRIBUTARY_REGION = "tributary.region";
  public static final String TRIBUTARY_SERVICE_TIER = "tributary.service_tier";
  public static final String TRIBUTARY_GATEWAY = "tributary.gateway";
  public static final String TRIBUTARY_KEY_ALIAS = "tributary.key_alias";
  public static final String TRIBUTARY_ATTEMPT = "tributary.attempt";
  public static final String TRIBUTARY_FALLBACK_FROM = "tributary.fallback_from";
  public static final String TRIBUTARY_SAMPLING_PROBABILITY = "tributary.sampling_probability";
  public static final String TRIBUTARY_RETRIEVAL_SOURCE = "tributary.retrieval.source";
  public static final String TRIBUTARY_RETRIEVAL_TOP_K = "tributary.retrieval.top_k";
  public static final String TRIBUTARY_RETRIEVAL_HITS = "tributary.retrieval.hits";
  public static final String TRIBUTARY_WEB_SEARCHES = "tributary.usage.web_searches";
  public static final String TRIBUTARY_SOCIAL_SEARCHES = "tributary.usage.social_searches";
  public static final String TRIBUTARY_FILE_SEARCHES = "tributary.usage.file_searches";
  public static final String TRIBUTARY_RERANK_QUERIES = "tributary.usage.rerank_queries";
  public static final String TRIBUTARY_SECONDS = "tributary.usage.seconds";
  public static final String TRIBUTARY_PAGES = "tributary.usage.pages";
  public static final String TRIBUTARY_GUARDRAIL_NAME = "tributary.guardrail.name";
  public static final String TRIBUTARY_GUARDRAIL_OUTCOME = "tributary.guardrail.outcome";

  private GenAiAttributes() {}
}
