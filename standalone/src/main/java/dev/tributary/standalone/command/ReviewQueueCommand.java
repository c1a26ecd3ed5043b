package dev.tributary.standalone.command;

import dev.tributary.evalworker.ClickHouseContent;
import dev.tributary.evalworker.EvalWorkerConfig;
import dev.tributary.runtime.config.Settings;
import dev.tributary.schemas.EvalJob;
import dev.tributary.sink.clickhouse.SinkConfig;
import dev.tributary.standalone.humanreview.HumanJobs;
import dev.tributary.standalone.humanreview.ReviewQueue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tributary review-queue}: cases that wait for a person, as a file to fill in. */
@Command(
    name = "review-queue",
    description =
        "Write the cases that wait for a person, one JSON object a line, the hardest first; fill in"
            + " score, label or both and send them with `tributary label`. Holds content.",
    mixinStandardHelpOptions = true)
public final class ReviewQueueCommand implements Callable<Integer> {
  @Mixin private ClusterOption cluster = new ClusterOption();

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Where to write; without it standard output.")
  private @Nullable Path out;

  @Option(
      names = "--limit",
      converter = PositiveOption.class,
      defaultValue = "50",
      description = "Most cases (default: ${DEFAULT-VALUE}).")
  private int limit = 50;

  @Option(names = "--hard-only", description = "Only cases that evaluators do not agree on.")
  private boolean isHardOnly;

  @Mixin private TenantOption tenant = new TenantOption();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    Settings settings = cluster.settings();
    ClickHouseContent content =
        new ClickHouseContent(EvalWorkerConfig.from(settings.withDefaults(contentOf(settings))));
    List<String> lines;
    try (HumanJobs jobs = new HumanJobs(settings)) {
      Collection<EvalJob> open =
          jobs.open(tenant.name(), Clock.systemUTC().millis() * 1_000).values();
      lines = new ReviewQueue(cluster.sql()::rows, content::fetch).lines(tenant.name(), open);
    }
    List<String> chosen =
        lines.stream()
            .filter(line -> !isHardOnly || line.contains("\"hard\":true"))
            .limit(limit)
            .toList();
    Path file = out;
    if (file == null) {
      chosen.forEach(spec.commandLine().getOut()::println);
    } else {
      Files.write(file, chosen);
      spec.commandLine()
          .getOut()
          .printf("%d of %d cases are in %s%n", chosen.size(), lines.size(), file);
    }
    spec.commandLine().getOut().flush();
    return 0;
  }

  /** Content is where the tables are, unless the settings say otherwise. */
  private static Map<String, String> contentOf(Settings settings) {
    return Map.of(
        EvalWorkerConfig.CONTENT_URL.key(), settings.get(SinkConfig.URL),
        EvalWorkerConfig.CONTENT_DATABASE.key(), settings.get(SinkConfig.DATABASE),
        EvalWorkerConfig.CONTENT_USER.key(), settings.get(SinkConfig.USER),
        EvalWorkerConfig.CONTENT_PASSWORD.key(), settings.get(SinkConfig.PASSWORD).orElse(""));
  }
}
