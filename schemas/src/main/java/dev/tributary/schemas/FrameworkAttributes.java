package dev.tributary.schemas;

/**
 * Names of attributes that frameworks and gateways add to the GenAI conventions: LangSmith, MLflow,
 * Google ADK, Spring AI, Pydantic AI, Logfire, LiteLLM, OpenLIT, Strands, Semantic Kernel and
 * Laminar. Beside {@link GenAiAttributes}, which holds the conventions and the large dialects.
 */
public final class FrameworkAttributes {
  // LangSmith. "Session" is its older word for a project, never a conversation.
  public static final String LANGSMITH_SPAN_KIND = "langsmith.span.kind";
  public static final String LANGSMITH_USAGE = "langsmith.usage_metadata";
  public static final String LANGSMITH_METADATA_USAGE = "langsmith.metadata.usage_metadata";
  public static final String LANGSMITH_STREAMING = "langsmith.request.streaming";
  public static final String INPUT_TOKEN_DETAILS = "gen_ai.usage.input_token_details";
  public static final String OUTPUT_TOKEN_DETAILS = "gen_ai.usage.output_token_details";
  public static final String RESPONSE_SERVICE_TIER = "gen_ai.response.service_tier";

  // MLflow. Every value is JSON text, so words stand in quotes.
  public static final String MLFLOW_SPAN_TYPE = "mlflow.spanType";
  public static final String MLFLOW_TOKEN_USAGE = "mlflow.chat.tokenUsage";
  public static final String MLFLOW_MODEL = "mlflow.llm.model";
  public static final String MLFLOW_PROVIDER = "mlflow.llm.provider";
  public static final String MLFLOW_COST = "mlflow.llm.cost";
  public static final String MLFLOW_SESSION = "mlflow.trace.session";
  public static final String MLFLOW_USER = "mlflow.trace.user";
  public static final String MLFLOW_INPUTS = "mlflow.spanInputs";
  public static final String MLFLOW_OUTPUTS = "mlflow.spanOutputs";

  // Google ADK.
  public static final String ADK_LLM_REQUEST = "gcp.vertex.agent.llm_request";
  public static final String ADK_LLM_RESPONSE = "gcp.vertex.agent.llm_response";
  public static final String ADK_TOOL_ARGS = "gcp.vertex.agent.tool_call_args";
  public static final String ADK_TOOL_RESPONSE = "gcp.vertex.agent.tool_response";
  public static final String ADK_DATA = "gcp.vertex.agent.data";
  public static final String ADK_SESSION_ID = "gcp.vertex.agent.session_id";
  public static final String ADK_INVOCATION_ID = "gcp.vertex.agent.invocation_id";
  public static final String ADK_REASONING = "gen_ai.usage.experimental.reasoning_tokens";

  // Spring AI.
  public static final String SPRING_KIND = "spring.ai.kind";
  public static final String SPRING_CONVERSATION_ID = "spring.ai.chat.client.conversation.id";
  public static final String SPRING_STREAM = "spring.ai.chat.client.stream";
  public static final String SPRING_TOOL_NAME = "spring.ai.tool.definition.name";
  public static final String SPRING_TOOL_CALL_ID = "spring.ai.tool.call.id";
  public static final String SPRING_TOOL_ARGUMENTS = "spring.ai.tool.call.arguments";
  public static final String SPRING_TOOL_RESULT = "spring.ai.tool.call.result";

  // Pydantic AI and Logfire.
  public static final String PYDANTIC_AGENT_NAME = "agent_name";
  public static final String PYDANTIC_MODEL_NAME = "model_name";
  public static final String PYDANTIC_TOOL_ARGUMENTS = "tool_arguments";
  public static final String PYDANTIC_TOOL_RESPONSE = "tool_response";
  public static final String PYDANTIC_MESSAGES = "pydantic_ai.all_messages";
  public static final String PYDANTIC_MESSAGE_EVENTS = "all_messages_events";
  public static final String PYDANTIC_RESULT = "final_result";
  public static final String AGGREGATED_INPUT = "gen_ai.aggregated_usage.input_tokens";
  public static final String AGGREGATED_OUTPUT = "gen_ai.aggregated_usage.output_tokens";
  public static final String AGGREGATED_CACHE_READ =
      "gen_ai.aggregated_usage.cache_read.input_tokens";
  public static final String AGGREGATED_CACHE_CREATION =
      "gen_ai.aggregated_usage.cache_creation.input_tokens";
  public static final String DETAILS_CACHED = "gen_ai.usage.details.cached_tokens";
  public static final String DETAILS_CACHE_READ_INPUT =
      "gen_ai.usage.details.cache_read_input_tokens";
  public static final String DETAILS_CACHED_CONTENT = "gen_ai.usage.details.cached_content_tokens";
  public static final String DETAILS_CACHE_WRITE = "gen_ai.usage.details.cache_write_tokens";
  public static final String DETAILS_CACHE_CREATION_INPUT =
      "gen_ai.usage.details.cache_creation_input_tokens";
  public static final String DETAILS_REASONING = "gen_ai.usage.details.reasoning_tokens";
  public static final String DETAILS_THOUGHTS = "gen_ai.usage.details.thoughts_tokens";
  public static final String DETAILS_AUDIO_INPUT = "gen_ai.usage.details.input_audio_tokens";
  public static final String DETAILS_AUDIO_OUTPUT = "gen_ai.usage.details.output_audio_tokens";
  public static final String DETAILS_AUDIO_CACHED = "gen_ai.usage.details.cache_audio_read_tokens";
  public static final String DETAILS_SEARCH_UNITS = "gen_ai.usage.details.search_units";
  public static final String LOGFIRE_SPAN_TYPE = "logfire.span_type";
  public static final String LOGFIRE_REQUEST = "request_data";
  public static final String LOGFIRE_RESPONSE = "response_data";

  // LiteLLM's callback and proxy.
  public static final String LITELLM_HIDDEN_PARAMS = "hidden_params";
  public static final String LITELLM_TOTAL_COST = "gen_ai.cost.total_cost";
  public static final String LITELLM_KEY_ALIAS = "metadata.user_api_key_alias";
  public static final String LITELLM_END_USER = "metadata.user_api_key_end_user_id";
  public static final String LITELLM_KEY_USER = "metadata.user_api_key_user_id";
  public static final String LITELLM_REQUESTER_METADATA = "metadata.requester_metadata";

  // OpenLIT.
  public static final String PROMPT_DETAILS_CACHED =
      "gen_ai.usage.prompt_tokens_details.cached_tokens";
  public static final String PROMPT_DETAILS_CACHE_CREATION =
      "gen_ai.usage.prompt_tokens_details.cache_creation_tokens";
  public static final String COMPLETION_DETAILS_REASONING =
      "gen_ai.usage.completion_tokens_details.reasoning_tokens";
  public static final String COMPLETION_DETAILS_AUDIO =
      "gen_ai.usage.completion_tokens_details.audio_tokens";
  public static final String OPENLIT_RETRIEVAL_SOURCE = "gen_ai.retrieval.source";
  public static final String RETRIEVAL_DOCUMENT_COUNT = "gen_ai.retrieval.document_count";
  public static final String OPENLIT_ENVIRONMENT = "gen_ai.environment";
  public static final String OPENLIT_TOOL_ARGS = "gen_ai.tool.args";

  // Strands: the cycle of an agent's loop, and a tool's own word for failing.
  public static final String STRANDS_CYCLE_ID = "event_loop.cycle_id";

  // Semantic Kernel and early Microsoft.Extensions.AI.
  public static final String RESPONSE_PROMPT_TOKENS = "gen_ai.response.prompt_tokens";
  public static final String RESPONSE_COMPLETION_TOKENS = "gen_ai.response.completion_tokens";
  public static final String RESPONSE_INPUT_TOKENS = "gen_ai.response.input_tokens";
  public static final String RESPONSE_OUTPUT_TOKENS = "gen_ai.response.output_tokens";

  // Sentry's spelling of the subsets.
  public static final String INPUT_TOKENS_CACHED = "gen_ai.usage.input_tokens.cached";
  public static final String OUTPUT_TOKENS_REASONING = "gen_ai.usage.output_tokens.reasoning";

  // Claude Code, and what is instrumented by hand: bare names.
  public static final String SPAN_TYPE = "span.type";
  public static final String BARE_INPUT_TOKENS = "input_tokens";
  public static final String BARE_OUTPUT_TOKENS = "output_tokens";
  public static final String BARE_CACHE_READ = "cache_read_tokens";
  public static final String BARE_CACHE_CREATION = "cache_creation_tokens";
  public static final String BARE_STOP_REASON = "stop_reason";
  public static final String BARE_TTFT_MS = "ttft_ms";
  public static final String BARE_TOOL_NAME = "tool_name";

  // OpenLLMetry before the conventions.
  public static final String LLM_REQUEST_MODEL = "llm.request.model";
  public static final String LLM_RESPONSE_MODEL = "llm.response.model";

  // Laminar.
  public static final String LMNR_SPAN_TYPE = "lmnr.span.type";
  public static final String LMNR_SESSION_ID = "lmnr.association.properties.session_id";
  public static final String LMNR_USER_ID = "lmnr.association.properties.user_id";
  public static final String LMNR_INPUT = "lmnr.span.input";
  public static final String LMNR_OUTPUT = "lmnr.span.output";

  // Indexed or bare families: a prefix, a number, a suffix.
  public static final String COMPLETION_PREFIX = "gen_ai.completion.";
  public static final String OUTPUT_MESSAGE_PREFIX = "llm.output_messages.";
  public static final String FINISH_REASON_SUFFIX = "finish_reason";
  public static final String CHOICE_EVENT = "gen_ai.choice";

  private FrameworkAttributes() {}
}
