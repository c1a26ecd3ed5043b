package dev.tributary.cost.core;

import dev.tributary.schemas.Attribution;
import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.Retrieval;
import dev.tributary.schemas.Score;
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
  /** Service that emitted the span; a score knows none. */
  SERVICE(LineRole.ALL & ~LineRole.SCORE.bit()),
  /** Project after attribution. */
  PROJECT(LineRole.ALL),
  /** Cost centre after attribution. */
  COST_CENTER(LineRole.ALL),
  /** Experiment after attribution. */
  EXPERIMENT(LineRole.ALL),
  /** Agent after attribution; a trace has many, so its own line has none. */
  AGENT(LineRole.ALL & ~LineRole.TRACE.bit()),
  /** Name of the prompt template. */
  PROMPT_NAME(LineRole.CALL.bit() | LineRole.SCORE.bit()),
  /** Version of the prompt template; means something beside its name only. */
  PROMPT_VERSION(LineRole.CALL.bit() | LineRole.SCORE.bit()),
  /** Tier of the end user. */
  USER_TIER(LineRole.CALL.bit() | LineRole.SCORE.bit()),
  /** Model: canonical where pricing found it, else as returned, else as requested. */
  MODEL(LineRole.CALL.bit() | LineRole.SCORE.bit()),
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

  /** The value of a score's subject; {@link #UNATTRIBUTED} where nobody states one. */
  String of(Score score) {
    Attribution tags = score.getAttribution();
    String value = this == MODEL ? score.getModel() : tags == null ? null : tag(tags);
    return value == null ? UNATTRIBUTED : value;
  }

  private @Nullable String stated(LedgerLine line) {
    return switch (this) {
      case SERVICE -> line.getServiceName();
      case MODEL -> model(line);
      case PROVIDER -> line.getProvider();
      case SURFACE -> line.getSurface();
      case REGION -> line.getRegion();
      case TOOL -> line.getToolName();
      case MCP_SERVER -> line.getMcpServer();
      case RETRIEVAL_SOURCE -> source(line.getRetrieval());
      default -> tag(line.getAttribution());
    };
  }

  /** The value of a dimension that is a tag; null for those that are none. */
  private @Nullable String tag(Attribution tags) {
    return switch (this) {
      case FEATURE -> tags.getFeature().getValue();
      case TEAM -> tags.getTeam().getValue();
      case WORKSPACE -> tags.getWorkspace().getValue();
      case PROJECT -> tags.getProject().getValue();
      case COST_CENTER -> tags.getCostCenter().getValue();
      case EXPERIMENT -> tags.getExperiment().getValue();
      case AGENT -> tags.getAgent().getValue();
      case PROMPT_NAME -> tags.getPromptName().getValue();
      case PROMPT_VERSION -> tags.getPromptVersion().getValue();
      case USER_TIER -> tags.getUserTier().getValue();
      case SERVICE, MODEL, PROVIDER, SURFACE, REGION, TOOL, MCP_SERVER, RETRIEVAL_SOURCE -> null;
    };
  }

  /** Environment, the second part of every series. */
  static String environmentOf(@Nullable Attribution tags) {
    String value = tags == null ? null : tags.getEnvironment().getValue();
    return value == null ? UNATTRIBUTED : value;
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
