package dev.tributary.standalone.command;

import dev.tributary.standalone.platform.PlatformException;
import dev.tributary.standalone.review.WeeklyReview;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tributary review}: a week of the running instance as Markdown. */
@Command(
    name = "review",
    description =
        "Print a week as Markdown: dearest workflows, worst and slowest traces, commonest failures"
            + " and labels, savings with their evidence.",
    mixinStandardHelpOptions = true)
public final class ReviewCommand implements Callable<Integer> {
  @Mixin private ClusterOption cluster = new ClusterOption();

  @Option(
      names = "--week",
      paramLabel = "DAY",
      arity = "0..1",
      fallbackValue = "",
      defaultValue = "",
      description = "A day of the week (UTC), such as 2026-03-04; without it this week.")
  private String week = "";

  @Mixin private TenantOption tenant = new TenantOption();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws Exception {
    WeeklyReview review = new WeeklyReview(cluster.sql());
    spec.commandLine().getOut().print(review.markdown(tenant.name(), WeeklyReview.mondayOf(day())));
    spec.commandLine().getOut().flush();
    return 0;
  }

  private LocalDate day() {
    try {
      return week.isEmpty() ? LocalDate.now(Clock.systemUTC()) : LocalDate.parse(week);
    } catch (DateTimeException e) {
      throw new PlatformException("--week: a day such as 2026-03-04 is expected: " + week, e);
    }
  }
}
