package dev.tributary.standalone.command;

import dev.tributary.anomaly.core.drift.DriftRule;
import dev.tributary.standalone.drift.DriftQuery;
import dev.tributary.standalone.drift.DriftReport;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code tributary drift}: does a feature behave as it did? */
@Command(
    name = "drift",
    description = {
      "Compare a feature's calls and scores with a reference, per environment, prompt version and"
          + " returned model: output length, finish reasons, tool use, refusals, errors, latency,"
          + " cost, scores.",
      "Where an alias answers with another model than in the reference, before is compared with"
          + " after. Drift is what is beyond chance after the correction for all tests made, and"
          + " large enough to matter."
    },
    mixinStandardHelpOptions = true)
public final class DriftCommand implements Callable<Integer> {
  @Mixin private ClusterOption cluster = new ClusterOption();

  @Option(names = "--feature", required = true, paramLabel = "F", description = "The feature.")
  private String feature = "";

  @Option(
      names = "--environment",
      paramLabel = "E",
      description = "Only this environment; without it each by itself.")
  private @Nullable String environment;

  @Mixin private PeriodOptions period = new PeriodOptions();

  @Option(
      names = "--reference",
      paramLabel = "FROM..TO",
      description = "The reference; without it as much time right before --from.")
  private @Nullable String reference;

  @Option(
      names = "--least",
      paramLabel = "N",
      defaultValue = "50",
      description = "Cases that each side needs (default: ${DEFAULT-VALUE}).")
  private long least;

  @Option(
      names = "--limit",
      paramLabel = "P",
      defaultValue = "0.01",
      description = "Probability after the correction (default: ${DEFAULT-VALUE}).")
  private double limit;

  @Option(
      names = "--psi",
      paramLabel = "X",
      defaultValue = "0.1",
      description = "Stability index from which on it matters (default: ${DEFAULT-VALUE}).")
  private double leastIndex;

  @Mixin private TenantOption tenant = new TenantOption();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    DriftQuery query = query();
    DriftRule rule = rule();
    new DriftReport(cluster.sql()).print(query, rule, spec.commandLine().getOut());
    return 0;
  }

  private DriftRule rule() {
    try {
      return new DriftRule(least, limit, leastIndex);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          spec.commandLine(), "--least, --limit, --psi: " + e.getMessage(), e);
    }
  }

  private DriftQuery query() {
    long from = period.fromUs();
    long to = period.untilUs();
    long referenceFrom = from - (to - from);
    long referenceTo = from;
    if (reference != null) {
      int dots = reference.indexOf("..");
      if (dots < 0) {
        throw new ParameterException(
            spec.commandLine(), "--reference: FROM..TO is expected: " + reference);
      }
      referenceFrom = referenceTime(reference.substring(0, dots));
      referenceTo = referenceTime(reference.substring(dots + 2));
    }
    try {
      return new DriftQuery(
          tenant.name(), feature, environment, from, to, referenceFrom, referenceTo);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private long referenceTime(String text) {
    try {
      return new TimeOption().convert(text);
    } catch (TypeConversionException e) {
      throw new ParameterException(spec.commandLine(), "--reference: " + e.getMessage(), e);
    }
  }
}
