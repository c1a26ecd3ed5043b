package dev.tributary.normalize.core;

import dev.tributary.schemas.GpuAttributes;
import dev.tributary.schemas.InferenceServerMetrics;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which metrics become which gauges, one line each: the name, unit last, and the factor into that
 * unit. Ratios are 0 to 1, whatever the exporter uses.
 */
final class GaugeTable {
  private static final double PERCENT = 0.01;
  private static final double MEBIBYTE = 1024.0 * 1024.0;
  private static final double MILLI = 0.001;
  private static final double MEGA = 1_000_000;

  /**
   * What a metric becomes.
   *
   * @param name of the gauge; of a histogram: of the sum of its values
   * @param countName of the number of a histogram's values; null: that is not kept
   * @param needsGpu whether it is taken only where its point says that it is of an accelerator
   */
  record Rule(String name, double factor, @Nullable String countName, boolean needsGpu) {}

  private static final Map<String, Rule> RULES = new HashMap<>();

  static {
    gauge(GpuAttributes.HW_GPU_UTILIZATION, "gpu_utilization_ratio", 1);
    gauge(GpuAttributes.DCGM_GPU_UTIL, "gpu_utilization_ratio", PERCENT);
    gauge(GpuAttributes.DCGM_ENGINE_ACTIVE, "gpu_engine_active_ratio", 1);
    gauge(GpuAttributes.DCGM_TENSOR_ACTIVE, "gpu_tensor_active_ratio", 1);
    gauge(GpuAttributes.DCGM_DRAM_ACTIVE, "gpu_memory_active_ratio", 1);
    gauge(GpuAttributes.DCGM_MEM_COPY_UTIL, "gpu_memory_copy_ratio", PERCENT);
    gauge(GpuAttributes.HW_GPU_MEMORY_UTILIZATION, "gpu_memory_utilization_ratio", 1);
    gauge(GpuAttributes.HW_GPU_MEMORY_USAGE, "gpu_memory_used_bytes", 1);
    gauge(GpuAttributes.DCGM_FB_USED, "gpu_memory_used_bytes", MEBIBYTE);
    gauge(GpuAttributes.HW_GPU_MEMORY_FREE, "gpu_memory_free_bytes", 1);
    gauge(GpuAttributes.DCGM_FB_FREE, "gpu_memory_free_bytes", MEBIBYTE);
    gauge(GpuAttributes.HW_GPU_MEMORY_LIMIT, "gpu_memory_limit_bytes", 1);
    gauge(GpuAttributes.DCGM_FB_TOTAL, "gpu_memory_limit_bytes", MEBIBYTE);
    gauge(GpuAttributes.HW_GPU_IO, "gpu_io_total_bytes", 1);
    gauge(GpuAttributes.HW_GPU_POWER_DRAW, "gpu_power_watts", 1);
    gauge(GpuAttributes.DCGM_POWER_USAGE, "gpu_power_watts", 1);
    gauge(GpuAttributes.HW_GPU_ENERGY, "gpu_energy_total_joules", 1);
    gauge(GpuAttributes.DCGM_TOTAL_ENERGY, "gpu_energy_total_joules", MILLI);
    gauge(GpuAttributes.HW_GPU_TEMPERATURE, "gpu_temperature_celsius", 1);
    gauge(GpuAttributes.DCGM_GPU_TEMP, "gpu_temperature_celsius", 1);
    gauge(GpuAttributes.DCGM_SM_CLOCK, "gpu_clock_hertz", MEGA);
    ofGpu(GpuAttributes.HW_POWER, "gpu_power_watts");
    ofGpu(GpuAttributes.HW_ENERGY, "gpu_energy_total_joules");
    ofGpu(GpuAttributes.HW_TEMPERATURE, "gpu_temperature_celsius");

    gauge(InferenceServerMetrics.VLLM_RUNNING, "server_running_requests", 1);
    gauge(InferenceServerMetrics.TGI_BATCH_SIZE, "server_running_requests", 1);
    gauge(InferenceServerMetrics.VLLM_WAITING, "server_waiting_requests", 1);
    gauge(InferenceServerMetrics.TGI_QUEUE_SIZE, "server_waiting_requests", 1);
    gauge(InferenceServerMetrics.VLLM_SWAPPED, "server_swapped_requests", 1);
    gauge(InferenceServerMetrics.VLLM_KV_CACHE, "server_kv_cache_ratio", 1);
    gauge(InferenceServerMetrics.VLLM_GPU_CACHE, "server_kv_cache_ratio", 1);
    gauge(InferenceServerMetrics.TGI_BATCH_MAX_TOKENS, "server_batch_limit_tokens", 1);
    gauge(InferenceServerMetrics.VLLM_PROMPT_TOKENS, "server_prompt_total_tokens", 1);
    gauge(InferenceServerMetrics.VLLM_GENERATION_TOKENS, "server_generated_total_tokens", 1);
    gauge(InferenceServerMetrics.VLLM_REQUEST_SUCCESS, "server_answered_total_requests", 1);
    gauge(InferenceServerMetrics.TGI_REQUEST_SUCCESS, "server_answered_total_requests", 1);
    gauge(InferenceServerMetrics.TGI_REQUEST_COUNT, "server_received_total_requests", 1);
    gauge(InferenceServerMetrics.VLLM_PREEMPTIONS, "server_preempted_total_requests", 1);
    gauge(InferenceServerMetrics.VLLM_PREFIX_QUERIES, "server_prefix_queried_total_tokens", 1);
    gauge(InferenceServerMetrics.VLLM_PREFIX_HITS, "server_prefix_hit_total_tokens", 1);
    sum(InferenceServerMetrics.TGI_INPUT_LENGTH, "server_prompt_total_tokens", null);
    sum(InferenceServerMetrics.TGI_GENERATED_TOKENS, "server_generated_total_tokens", null);
    sum(
        InferenceServerMetrics.VLLM_TIME_TO_FIRST_TOKEN,
        "server_first_token_total_seconds",
        "server_first_token_total_count");
    sum(
        InferenceServerMetrics.VLLM_QUEUE_TIME,
        "server_queue_total_seconds",
        "server_queue_total_count");
    sum(
        InferenceServerMetrics.TGI_QUEUE_DURATION,
        "server_queue_total_seconds",
        "server_queue_total_count");
    sum(
        InferenceServerMetrics.VLLM_REQUEST_TIME,
        "server_request_total_seconds",
        "server_request_total_count");
    sum(
        InferenceServerMetrics.TGI_REQUEST_DURATION,
        "server_request_total_seconds",
        "server_request_total_count");
  }

  private GaugeTable() {}

  /** The rule of a metric, with or without {@code _total} at its end; null: not one of ours. */
  static @Nullable Rule of(String metric) {
    Rule rule = RULES.get(metric);
    if (rule == null && metric.endsWith("_total")) {
      rule = RULES.get(metric.substring(0, metric.length() - "_total".length()));
    }
    return rule;
  }

  private static void gauge(String metric, String name, double factor) {
    RULES.put(metric, new Rule(name, factor, null, false));
  }

  private static void ofGpu(String metric, String name) {
    RULES.put(metric, new Rule(name, 1, null, true));
  }

  private static void sum(String metric, String name, @Nullable String countName) {
    RULES.put(metric, new Rule(name, 1, countName, false));
  }
}
