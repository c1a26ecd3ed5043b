package dev.tributary.cost.core;

import dev.tributary.schemas.Attribution;
import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.ResolvedTag;
import dev.tributary.schemas.Retrieval;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A dimension that a grouping set may name, and the roles whose lines can say something about it: a
 * model belongs to calls, a tool to tool spans, a feature to everything.
 */
public enum Dimension {
  /** Feature after attribution. */
  FEATURE(LineRole.ALL),
  /** Team after attribution. */
  TEAM(LineRole.ALL),
  /** Workspace after attribution. */
  WORKSPACE(LineRole.ALL),
  /** Service that emitted the span. */
  SERVICE(LineRole.ALL),
  /** Project after attribution. */
  PROJECT(LineRole.ALL),
  /** Cost centre after attribution. */
  COST_CENTER(LineRole.ALL),
  /** Experiment after attribution. */
  EXPERIMENT(LineRole.ALL),
  /** Agent after attribution; a trace has many, so its own line has none. */
  AGENT(LineRole.ALL & ~LineRole.TRACE.bit()),
  /** Name of the prompt template. */
  PROMPT_NAME(LineRole.CALL.bit()),
  /** Version of the prompt template; means something beside its name only. */
  PROMPT_VERSION(LineRole.CALL.bit()),
  /** Tier of the end user. */
  USER_TIER(LineRole.CALL.bit()),
  /** Model: canonical where pricing found it, else as returned, else as requested. */
  MODEL(LineRole.CALL.bit()),
  /** Provider as telemetry names it. */
  PROVIDER(LineRole.CALL.bit()),
  /** Who bills. */
  SURFACE(LineRole.CALL.bit()),
  /** Region of the call. */
  REGION(LineRole.CALL.bit()),
  /** Tool called. */
  TOOL(LineRole.TOOL.bit()),
  /** MCP server. */
  MCP_SERVER(LineRole.TOOL.bit()),
  /** Index, collection or data source of a retrieval. */
  RETRIEVAL_SOURCE(LineRole.RETRIEVAL.bit());

  /** Value of a dimension that nobody stated. */
  public static final String UNATTRIBUTED = "unattributed";

  private final int roles;
  private final String label = name().toLowerCase(Locale.ROOT);

  Dimension(int roles) {
    this.roles = roles;
  }

  /** The name in series, in {@code dimensions} of a window and in configuration. */
  public String label() {
    return label;
  }

  int roles() {
    return roles;
  }

  /** Position in arrays. */
  @SuppressWarnings("EnumOrdinal") // a cache within one process
  int at() {
    return ordinal();
  }

  /** The dimension of a label. */
  public static Optional<Dimension> ofLabel(String label) {
    return Arrays.stream(values()).filter(dimension -> dimension.label.equals(label)).findFirst();
  }

  /** The line's value; {@link #UNATTRIBUTED} where it states none. */
  String of(LedgerLine line) {
    String value = stated(line);
    return value == null ? UNATTRIBUTED : value;
  }

  private @Nullable String stated(LedgerLine line) {
    Attribution tags = line.getAttribution();
    return switch (this) {
      case FEATURE -> value(tags.getFeature());
      case TEAM -> value(tags.getTeam());
      case WORKSPACE -> value(tags.getWorkspace());
      case SERVICE -> line.getServiceName();
      case PROJECT -> value(tags.getProject());
      case COST_CENTER -> value(tags.getCostCenter());
      case EXPERIMENT -> value(tags.getExperiment());
      case AGENT -> value(tags.getAgent());
      case PROMPT_NAME -> value(tags.getPromptName());
      case PROMPT_VERSION -> value(tags.getPromptVersion());
      case USER_TIER -> value(tags.getUserTier());
      case MODEL -> model(line);
      case PROVIDER -> line.getProvider();
      case SURFACE -> line.getSurface();
      case REGION -> line.getRegion();
      case TOOL -> line.getToolName();
      case MCP_SERVER -> line.getMcpServer();
      case RETRIEVAL_SOURCE -> source(line.getRetrieval());
    };
  }

  /** Environment, the second part of every series. */
  static String environmentOf(LedgerLine line) {
    String value = value(line.getAttribution().getEnvironment());
    return value == null ? UNATTRIBUTED : value;
  }

  private static @Nullable String value(ResolvedTag tag) {
    return tag.getValue();
  }

  private static @Nullable String model(LedgerLine line) {
    if (line.getModelCanonical() != null) {
      return line.getModelCanonical();
    }
    return line.getModelReturned() != null ? line.getModelReturned() : line.getModelRequested();
  }

  private static @Nullable String source(@Nullable Retrieval retrieval) {
    return retrieval == null ? null : retrieval.getSource();
  }
}
