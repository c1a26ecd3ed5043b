package dev.tributary.standalone.platform;

import dev.tributary.runtime.config.CommonSettings;
import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.run.ClientProperties;
import dev.tributary.runtime.run.TopicException;
import dev.tributary.schemas.TopicNames;
import dev.tributary.schemas.Topics;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;

/** What a person asks a running instance first: is it keeping up, and what does it not know. */
public final class Status {
  private Status() {}

  /**
   * Prints lag by application, coverage by service, unpriced models, what is counted twice,
   * refusals and dead letters.
   */
  public static void print(Settings settings, SqlClient sql, PrintWriter out)
      throws IOException, InterruptedException {
    Properties client = ClientProperties.admin(settings);
    client.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
    client.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 10_000);
    String dlq = new TopicNames(settings.get(CommonSettings.TOPIC_PREFIX)).of(Topics.DLQ);
    try (Admin admin = Admin.create(client)) {
      lag(admin, settings, out);
      deadLetters(DeadLetterCount.of(settings, dlq), dlq, out);
    } catch (KafkaException | TopicException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IOException(
          "Kafka does not answer at "
              + settings.get(CommonSettings.BOOTSTRAP_SERVERS)
              + ": "
              + cause,
          e);
    }
    trusted(sql, out);
    missing(sql, out);
    out.flush();
  }

  private static void trusted(SqlClient sql, PrintWriter out)
      throws IOException, InterruptedException {
    section(
        out,
        "Rejected, by module and reason",
        "%-16s %-28s %10s %16s%n",
        List.of("module", "reason", "records", "would have cost"),
        sql.rows(
            "SELECT module, reason, sum(r.records) AS n,"
                + " coalesce(toString(round(sum(r.would_be_cost), 4)), '-') FROM refused AS r"
                + " GROUP BY module, reason ORDER BY n DESC LIMIT 20"));
    section(
        out,
        "Coverage by service: share of calls attributed without rule or default, and priced",
        "%-24s %10s %12s %10s %16s%n",
        List.of("service", "calls", "attributed", "priced", "unpriced tokens"),
        sql.rows(
            """
            SELECT service, sum(calls) AS c, concat(toString(round(100 * sum(attributed_calls) / c, 1)), ' %'),
              if(sum(priced_calls) + sum(unpriced_calls) = 0, '-',
                concat(toString(round(100 * sum(priced_calls) / (sum(priced_calls) + sum(unpriced_calls)), 1)), ' %')),
              sum(unpriced_tokens)
            FROM coverage GROUP BY service HAVING c > 0 ORDER BY c DESC LIMIT 20
            """));
    section(
        out,
        "Responses counted in more than one trace, by the services that report them",
        "%-48s %10s %16s%n",
        List.of("services", "responses", "cost too much"),
        sql.rows(
            "SELECT arrayStringConcat(services, ' '), count() AS n,"
                + " coalesce(toString(round(sum(cost_too_much), 4)), '-') FROM double_reported"
                + " GROUP BY services ORDER BY n DESC LIMIT 20"));
  }

  private static void missing(SqlClient sql, PrintWriter out)
      throws IOException, InterruptedException {
    section(
        out,
        "Calls without a price",
        "%-16s %-28s %-16s %10s %14s%n",
        List.of("surface", "model", "status", "calls", "tokens"),
        sql.rows(
            "SELECT surface, model, price_status, calls, tokens FROM unpriced ORDER BY calls DESC"
                + " LIMIT 20"));
    section(
        out,
        "Lines without a cost, by status and reason (what is not billable left out)",
        "%-16s %-44s %10s %14s%n",
        List.of("status", "reason", "lines", "tokens"),
        sql.rows(
            "SELECT status, reason, lines, tokens FROM null_costs WHERE status != 'NOT_BILLABLE'"
                + " ORDER BY lines DESC LIMIT 20"));
    section(
        out,
        "Prompt versions whose text changed without a new name (./tributary reference prompts)",
        "%-24s %-16s %10s %s%n",
        List.of("prompt", "version", "spans", "hashes"),
        sql.rows(
            "SELECT prompt_name, prompt_version, spans, arrayStringConcat(hashes, ' ')"
                + " FROM prompt_versions WHERE is_changed ORDER BY spans DESC LIMIT 20"));
  }

  private static void lag(Admin admin, Settings settings, PrintWriter out) {
    out.println("Lag, records not yet processed");
    Lag.byPart(admin, settings)
        .forEach((name, records) -> out.printf("  %-14s %,12d%n", name, records));
  }

  private static void deadLetters(DeadLetterCount count, String topic, PrintWriter out) {
    out.printf("%nDead letters  %s on %s%n", count.text(), topic);
    count.byModule().forEach((module, n) -> out.printf("  %-14s %,12d%n", module, n));
  }

  private static void section(
      PrintWriter out, String title, String format, List<String> header, List<List<String>> rows) {
    out.printf("%n%s%n", title);
    if (rows.isEmpty()) {
      out.println("  none");
      return;
    }
    out.printf("  " + format, header.toArray());
    rows.forEach(row -> out.printf("  " + format, row.toArray()));
  }
}
