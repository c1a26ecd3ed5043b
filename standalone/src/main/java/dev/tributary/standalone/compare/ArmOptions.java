package dev.tributary.standalone.compare;

import dev.tributary.runtime.config.Settings;
import dev.tributary.schemas.Keys;
import dev.tributary.standalone.platform.PlatformException;
import dev.tributary.standalone.platform.ToolSettings;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which traffic is looked at, and where it is. */
final class ArmOptions {
  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = ".tributary",
      description = "Data folder of the running instance (default: ${DEFAULT-VALUE}).")
  private Path data = Path.of(".tributary");

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Settings; without it and without TRIBUTARY_* the instance of --data.")
  private @Nullable Path config;

  @Option(
      names = "--tenant",
      defaultValue = Keys.DEFAULT_TENANT,
      description = "Tenant (default: ${DEFAULT-VALUE}).")
  private String tenant = Keys.DEFAULT_TENANT;

  @Option(names = "--prompt", paramLabel = "NAME", description = "Only calls of this prompt.")
  private @Nullable String prompt;

  @Option(names = "--environment", description = "Only calls of this environment.")
  private @Nullable String environment;

  @Option(names = "--feature", description = "Only calls of this feature.")
  private @Nullable String feature;

  @Option(
      names = "--since",
      paramLabel = "T",
      description =
          "First hour: 2026-03-01 (UTC) or 2026-03-01T10:00:00Z; without it all there is.")
  private @Nullable String since;

  @Option(names = "--until", paramLabel = "T", description = "End of the period, exclusive.")
  private @Nullable String until;

  Settings settings() {
    return ToolSettings.load(data, config);
  }

  @Nullable String prompt() {
    return prompt;
  }

  ArmSelection selection(ArmSelection.By by, String baseline, String candidate) {
    return new ArmSelection(
        tenant,
        by,
        prompt,
        baseline,
        candidate,
        environment,
        feature,
        time("--since", since),
        time("--until", until));
  }

  private static @Nullable Instant time(String option, @Nullable String text) {
    if (text == null) {
      return null;
    }
    try {
      return text.contains("T")
          ? OffsetDateTime.parse(text).toInstant()
          : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
    } catch (DateTimeException e) {
      throw new PlatformException(
          option + ": a date as 2026-03-01 or a time as 2026-03-01T10:00:00Z: " + text, e);
    }
  }
}
