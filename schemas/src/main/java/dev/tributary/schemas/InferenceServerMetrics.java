package dev.tributary.schemas;

/**
 * Metric names of inference servers (vLLM, Text Generation Inference), without the {@code _total}
 * that some exporters add, and the names that {@code llm.gauges} gives to what they measure.
 */
public final class InferenceServerMetrics {
  public static final String VLLM_RUNNING = "vllm:num_requests_running";
  public static final String VLLM_WAITING = "vllm:num_requests_waiting";
  public static final String VLLM_SWAPPED = "vllm:num_requests_swapped";
  public static final String VLLM_KV_CACHE = "vllm:kv_cache_usage_perc";
  public static final String VLLM_GPU_CACHE = "vllm:gpu_cache_usage_perc";
  public static final String VLLM_PROMPT_TOKENS = "vllm:prompt_tokens";
  public static final String VLLM_GENERATION_TOKENS = "vllm:generation_tokens";
  public static final String VLLM_REQUEST_SUCCESS = "vllm:request_success";
  public static final String VLLM_PREEMPTIONS = "vllm:num_preemptions";
  public static final String VLLM_PREFIX_QUERIES = "vllm:prefix_cache_queries";
  public static final String VLLM_PREFIX_HITS = "vllm:prefix_cache_hits";
  public static final String VLLM_TIME_TO_FIRST_TOKEN = "vllm:time_to_first_token_seconds";
  public static final String VLLM_QUEUE_TIME = "vllm:request_queue_time_seconds";
  public static final String VLLM_REQUEST_TIME = "vllm:e2e_request_latency_seconds";

  /** Label that names the model. */
  public static final String VLLM_MODEL_NAME = "model_name";

  public static final String VLLM_FINISHED_REASON = "finished_reason";

  public static final String TGI_QUEUE_SIZE = "tgi_queue_size";
  public static final String TGI_BATCH_SIZE = "tgi_batch_current_size";
  public static final String TGI_BATCH_MAX_TOKENS = "tgi_batch_current_max_tokens";
  public static final String TGI_REQUEST_COUNT = "tgi_request_count";
  public static final String TGI_REQUEST_SUCCESS = "tgi_request_success";
  public static final String TGI_INPUT_LENGTH = "tgi_request_input_length";
  public static final String TGI_GENERATED_TOKENS = "tgi_request_generated_tokens";
  public static final String TGI_QUEUE_DURATION = "tgi_request_queue_duration";
  public static final String TGI_REQUEST_DURATION = "tgi_request_duration";

  /** Model that a server serves, on its resource: for servers whose metrics do not name it. */
  public static final String TRIBUTARY_MODEL = "tributary.model";

  private InferenceServerMetrics() {}
}
