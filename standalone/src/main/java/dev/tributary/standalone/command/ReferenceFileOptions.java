package dev.tributary.standalone.command;

import dev.tributary.standalone.reference.ReferenceSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** The files of {@code reference publish}; each option may be given several times. */
final class ReferenceFileOptions {
  @Option(
      names = "--prices",
      paramLabel = "FILE",
      description =
          "Your own prices and names of models (YAML; layers contract, tenant, imported).")
  private List<Path> prices = new ArrayList<>();

  @Option(names = "--ownership", paramLabel = "FILE", description = "Ownership table (YAML).")
  private List<Path> ownership = new ArrayList<>();

  @Option(names = "--budgets", paramLabel = "FILE", description = "Budgets (YAML).")
  private List<Path> budgets = new ArrayList<>();

  @Option(names = "--prompts", paramLabel = "FILE", description = "Versions of prompts (YAML).")
  private List<Path> prompts = new ArrayList<>();

  @Option(names = "--policies", paramLabel = "FILE", description = "Policies of anomalies (YAML).")
  private List<Path> policies = new ArrayList<>();

  @Option(
      names = "--open-traces",
      paramLabel = "FILE",
      description = "Limits of open traces (YAML).")
  private List<Path> openTraces = new ArrayList<>();

  @Option(
      names = "--alerting",
      paramLabel = "FILE",
      description = "Silences, maintenance windows and wishes of teams (YAML).")
  private List<Path> alerting = new ArrayList<>();

  @Option(
      names = "--eval-policies",
      paramLabel = "FILE",
      description = "Evaluation policies (YAML).")
  private List<Path> evalPolicies = new ArrayList<>();

  Map<ReferenceSource, List<Path>> bySource() {
    return Map.of(
        ReferenceSource.PRICES, prices,
        ReferenceSource.OWNERSHIP, ownership,
        ReferenceSource.BUDGETS, budgets,
        ReferenceSource.PROMPTS, prompts,
        ReferenceSource.POLICIES, policies,
        ReferenceSource.OPEN_TRACES, openTraces,
        ReferenceSource.ALERTING, alerting,
        ReferenceSource.EVAL_POLICIES, evalPolicies);
  }
}
