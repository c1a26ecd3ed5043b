package dev.tributary.standalone.correct;

import dev.tributary.runtime.config.Settings;
import dev.tributary.standalone.platform.PlatformException;
import dev.tributary.standalone.platform.SqlClient;
import dev.tributary.standalone.platform.SqlLiteral;
import dev.tributary.standalone.reference.ReferenceVersions;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * Finds lines that were priced under older prices and that those in force would price otherwise.
 * ClickHouse says how many are older and from when; they are then priced again, up to a number.
 */
public final class OlderPrices {
  /** About ten seconds of pricing; with more the count alone is shown. */
  private static final long MOST_LINES = 1_000_000;

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Settings settings;
  private final SqlClient sql;

  /** Looks at the ledger of a cluster. */
  public OlderPrices(Settings settings, SqlClient sql) {
    this.settings = settings;
    this.sql = sql;
  }

  /** Prints a section with a line for each tenant that has older lines, and what to type. */
  public void print(PrintWriter out) throws IOException, InterruptedException {
    out.printf("%nLines priced by an older catalogue than the one in force%n");
    List<List<String>> tenants =
        sql.rows("SELECT tenant FROM calls WHERE kind = 'USAGE' GROUP BY tenant ORDER BY tenant");
    boolean isAny = false;
    try (CorrectionClients clients = CorrectionClients.open(settings, PATIENCE)) {
      for (List<String> tenant : tenants) {
        isAny |= print(clients, tenant.get(0), out);
      }
    }
    if (!isAny) {
      out.println("  none");
    }
    out.flush();
  }

  private boolean print(CorrectionClients clients, String tenant, PrintWriter out)
      throws IOException, InterruptedException {
    ReferenceVersions versions;
    try {
      versions = ReferenceVersions.read(settings, tenant);
    } catch (PlatformException e) {
      out.println("  " + e.getMessage());
      return true;
    }
    List<String> row =
        sql.rows(
                """
                SELECT sum(sign), toUnixTimestamp64Micro(min(event_time)), toUnixTimestamp64Micro(max(event_time))
                FROM ledger
                WHERE tenant = %s AND kind = 'USAGE' AND price_status != 'NOT_BILLABLE'
                  AND coalesce(toInt64OrNull(catalogue_version), reference_version) < %d
                """
                    .formatted(SqlLiteral.text(tenant), versions.active()))
            .get(0);
    long older = Long.parseLong(row.get(0));
    if (older <= 0) {
      return false;
    }
    Selection period =
        new Selection(
            tenant, Long.parseLong(row.get(1)), Long.parseLong(row.get(2)) + 1, null, null);
    String differ = "not counted";
    if (older <= MOST_LINES) {
      Difference difference = Difference.of(RunOrder.Kind.PRICE);
      new LedgerPlanner(clients, period, LineRule.prices(versions.view(versions.active())))
          .plan(difference::add);
      differ =
          "%,d would be priced otherwise, by %s in sum"
              .formatted(difference.lines(), Sum.text(difference.amount()));
    }
    out.printf(
        "  %s: %,d older than version %d; %s%n"
            + "    ./tributary correct price --tenant %s --from %s --to %s --dry-run%n",
        tenant,
        older,
        versions.active(),
        differ,
        tenant,
        second(period.fromUs()),
        second(period.untilUs()).plusSeconds(1));
    return true;
  }

  private static Instant second(long us) {
    return Instant.EPOCH.plus(us, ChronoUnit.MICROS).truncatedTo(ChronoUnit.SECONDS);
  }
}
