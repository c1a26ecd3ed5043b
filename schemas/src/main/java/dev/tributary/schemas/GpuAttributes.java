package dev.tributary.schemas;

/**
 * Names of what accelerators are measured by: OpenTelemetry's hardware convention, the names of
 * NVIDIA's DCGM exporter, and where they say which host and which accelerator.
 */
public final class GpuAttributes {
  public static final String HW_GPU_UTILIZATION = "hw.gpu.utilization";
  public static final String HW_GPU_MEMORY_UTILIZATION = "hw.gpu.memory.utilization";
  public static final String HW_GPU_MEMORY_USAGE = "hw.gpu.memory.usage";
  public static final String HW_GPU_MEMORY_FREE = "hw.gpu.memory.free";
  public static final String HW_GPU_MEMORY_LIMIT = "hw.gpu.memory.limit";
  public static final String HW_GPU_IO = "hw.gpu.io";
  public static final String HW_GPU_POWER_DRAW = "hw.gpu.power.draw";
  public static final String HW_GPU_TEMPERATURE = "hw.gpu.temperature";
  public static final String HW_GPU_ENERGY = "hw.gpu.energy.consumed";

  /** These three are of any hardware: of an accelerator where {@link #HW_TYPE} says so. */
  public static final String HW_POWER = "hw.power";

  public static final String HW_ENERGY = "hw.energy";
  public static final String HW_TEMPERATURE = "hw.temperature";

  public static final String HW_TYPE = "hw.type";
  public static final String HW_TYPE_GPU = "gpu";
  public static final String HW_ID = "hw.id";
  public static final String HW_MODEL = "hw.model";
  public static final String IO_DIRECTION = "network.io.direction";
  public static final String HW_GPU_TASK = "hw.gpu.task";

  public static final String DCGM_GPU_UTIL = "DCGM_FI_DEV_GPU_UTIL";
  public static final String DCGM_MEM_COPY_UTIL = "DCGM_FI_DEV_MEM_COPY_UTIL";
  public static final String DCGM_FB_USED = "DCGM_FI_DEV_FB_USED";
  public static final String DCGM_FB_FREE = "DCGM_FI_DEV_FB_FREE";
  public static final String DCGM_FB_TOTAL = "DCGM_FI_DEV_FB_TOTAL";
  public static final String DCGM_POWER_USAGE = "DCGM_FI_DEV_POWER_USAGE";
  public static final String DCGM_TOTAL_ENERGY = "DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION";
  public static final String DCGM_GPU_TEMP = "DCGM_FI_DEV_GPU_TEMP";
  public static final String DCGM_SM_CLOCK = "DCGM_FI_DEV_SM_CLOCK";
  public static final String DCGM_ENGINE_ACTIVE = "DCGM_FI_PROF_GR_ENGINE_ACTIVE";
  public static final String DCGM_TENSOR_ACTIVE = "DCGM_FI_PROF_PIPE_TENSOR_ACTIVE";
  public static final String DCGM_DRAM_ACTIVE = "DCGM_FI_PROF_DRAM_ACTIVE";

  /** Labels of the DCGM exporter. */
  public static final String DCGM_UUID = "UUID";

  public static final String DCGM_GPU = "gpu";
  public static final String DCGM_MODEL_NAME = "modelName";
  public static final String DCGM_HOSTNAME = "Hostname";

  public static final String HOST_NAME = "host.name";
  public static final String HOST_ID = "host.id";
  public static final String NODE_NAME = "k8s.node.name";
  public static final String POD_NAME = "k8s.pod.name";
  public static final String SERVICE_INSTANCE_ID = "service.instance.id";

  /** Label of whatever Prometheus scraped. */
  public static final String INSTANCE = "instance";

  private GpuAttributes() {}
}
