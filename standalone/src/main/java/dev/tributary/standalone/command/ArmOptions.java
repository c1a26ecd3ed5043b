package dev.tributary.standalone.command;

import dev.tributary.runtime.config.Settings;
import dev.tributary.standalone.compare.ArmSelection;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which traffic is looked at, and where it is. */
final class ArmOptions {
  @Mixin private ClusterOption cluster = new ClusterOption();

  @Mixin private TenantOption tenant = new TenantOption();

  @Option(names = "--prompt", paramLabel = "NAME", description = "Only calls of this prompt.")
  private @Nullable String prompt;

  @Option(names = "--environment", description = "Only calls of this environment.")
  private @Nullable String environment;

  @Option(names = "--feature", description = "Only calls of this feature.")
  private @Nullable String feature;

  @Option(
      names = "--since",
      paramLabel = "T",
      converter = TimeOption.class,
      description =
          "First hour: 2026-03-01 (UTC) or 2026-03-01T10:00:00Z; without it all there is.")
  private @Nullable Long sinceUs;

  @Option(
      names = "--until",
      paramLabel = "T",
      converter = TimeOption.class,
      description = "Before the hour that this lies in; without it until now.")
  private @Nullable Long untilUs;

  Settings settings() {
    return cluster.settings();
  }

  @Nullable String prompt() {
    return prompt;
  }

  ArmSelection selection(ArmSelection.By by, String baseline, String candidate) {
    return new ArmSelection(
        tenant.name(),
        by,
        prompt,
        baseline,
        candidate,
        environment,
        feature,
        time(sinceUs),
        time(untilUs));
  }

  private static @Nullable Instant time(@Nullable Long us) {
    return us == null ? null : Instant.EPOCH.plus(us, ChronoUnit.MICROS);
  }
}
