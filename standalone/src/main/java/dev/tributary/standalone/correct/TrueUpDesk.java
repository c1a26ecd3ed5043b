package dev.tributary.standalone.correct;

import dev.tributary.pricing.reconcile.Finding;
import dev.tributary.runtime.config.Settings;
import dev.tributary.schemas.LedgerLine;
import dev.tributary.standalone.platform.PlatformException;
import dev.tributary.standalone.platform.SqlClient;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What a person asks of an invoice: who bears what it differs by, shown and then booked. */
public final class TrueUpDesk {
  /**
   * How long a day must have been over. Its last minute is where its true-ups stand, and until that
   * minute is closed and judged they would look as if somebody had spent them in it: an alert for a
   * bookkeeper's work. Afterwards, and after the hour in which late windows amend an episode, they
   * are too late to say anything of that day.
   */
  private static final Duration SETTLED = Duration.ofHours(2);

  private final Settings settings;
  private final Duration patience;
  private final PrintWriter out;
  private final Clock clock;

  /**
   * How to go about it.
   *
   * @param isDryRun true: only shows
   * @param isTakingOver true: closes a run that another process left open
   */
  public record Options(boolean isDryRun, boolean isTakingOver) {
    /** Books, and leaves alone what another process has open. */
    public static final Options DEFAULT = new Options(false, false);
  }

  /**
   * The days of an invoice, UTC.
   *
   * @param first its first day
   * @param last its last day; not before the first
   */
  public record Period(LocalDate first, LocalDate last) {
    public Period {
      if (last.isBefore(first)) {
        throw new PlatformException("an invoice's last day is before its first: " + first);
      }
    }

    /**
     * The period with the days of findings that are outside of it.
     *
     * @param findings at least one
     */
    static Period of(@Nullable Period stated, List<Finding> findings) {
      TreeSet<LocalDate> days = new TreeSet<>();
      findings.forEach(finding -> days.add(finding.day()));
      if (stated != null) {
        days.add(stated.first);
        days.add(stated.last);
      }
      return new Period(days.first(), days.last());
    }
  }

  /**
   * A desk.
   *
   * @param patience how long to wait for the owner of the ledger, and for ClickHouse
   * @param clock says which days are over; commands are stamped with the time it really is
   */
  public TrueUpDesk(Settings settings, Duration patience, PrintWriter out, Clock clock) {
    this.settings = settings;
    this.patience = patience;
    this.out = out;
    this.clock = clock;
  }

  /** Books an invoice of the days that its findings are of. */
  public int book(String tenant, String invoiceId, List<Finding> findings, Options options) {
    return book(tenant, invoiceId, null, findings, options);
  }

  /**
   * Spreads each finding over those who used what it is about, and books what differs from what is
   * booked for the invoice already: the same findings again book nothing, corrected ones the
   * difference, and none at all takes back what was booked. Who bears what, and why, says {@link
   * EstimatedCosts}.
   *
   * @param invoiceId names the invoice in every line; not blank
   * @param period what the invoice is of: over all of it is spread what is of no model; null: the
   *     days from the first finding's to the last one's
   * @param findings of any days, models and providers
   * @return 0; 1 where something was left alone or refused
   * @throws PlatformException where an amount cannot be booked exactly, or somebody who is needed
   *     does not answer in time
   */
  public int book(
      String tenant,
      String invoiceId,
      @Nullable Period period,
      List<Finding> findings,
      Options options) {
    OwnerRows.tenant(tenant);
    if (invoiceId.isBlank()) {
      throw new PlatformException("an invoice needs an id");
    }
    Spread.Invoice invoice = new Spread.Invoice(invoiceId);
    try (CorrectionClients clients = CorrectionClients.open(settings, patience)) {
      clients.awaitClickHouse();
      Map<String, LedgerLine> wanted = wanted(tenant, invoice, period, findings);
      List<LineChange> changes =
          SpreadRun.plan(clients, plan(clients, tenant, invoice, wanted))
              .getOrDefault(invoice, List.of());
      SpreadTable table = table(wanted, changes);
      if (changes.isEmpty()) {
        say(
            "nothing differs: %,d lines of %s, %s in all"
                .formatted(wanted.size(), invoice, Sum.text(table.after())));
        return 0;
      }
      SpreadBooking booking = new SpreadBooking(clients, tenant, out);
      booking.print(table);
      if (options.isDryRun()) {
        say("nothing was written (--dry-run)");
        return 0;
      }
      if (!areOver(findings)) {
        return 1;
      }
      return booking.post(
          List.of(invoice), held -> plan(clients, tenant, invoice, wanted), options.isTakingOver());
    }
  }

  private Map<String, LedgerLine> wanted(
      String tenant, Spread.Invoice invoice, @Nullable Period period, List<Finding> findings) {
    if (findings.isEmpty()) {
      return Map.of();
    }
    Period days = Period.of(period, findings);
    EstimatedCosts costs =
        new EstimatedCostRows(SqlClient.of(settings))
            .read(tenant, findings, days.first(), days.last());
    return TrueUpLines.of(tenant, invoice, findings, costs);
  }

  /**
   * A plan as far back as lines of the invoice are booked: a corrected invoice need not be of the
   * days that it was of before.
   */
  private static SpreadPlan plan(
      CorrectionClients clients,
      String tenant,
      Spread.Invoice invoice,
      Map<String, LedgerLine> wanted) {
    long firstUs =
        wanted.values().stream().mapToLong(LedgerLine::getStartTimeUs).min().orElse(Long.MAX_VALUE);
    long fromMs =
        Math.min(
            TimeUnit.MICROSECONDS.toMillis(firstUs),
            SpreadRun.runs(clients).firstMs(tenant, invoice).orElse(Long.MAX_VALUE));
    return new SpreadPlan(tenant, Map.of(invoice, wanted), fromMs);
  }

  /** All lines of the invoice: what they add up to is what the findings do. */
  private static SpreadTable table(Map<String, LedgerLine> wanted, List<LineChange> changes) {
    SpreadTable table = new SpreadTable("cause", LedgerLine::getPriceReason);
    Set<String> changed = new HashSet<>();
    for (LineChange change : changes) {
      table.add(change);
      changed.add(change.any().getItem());
    }
    wanted.forEach(
        (item, line) -> {
          if (!changed.contains(item)) {
            table.addSame(line);
          }
        });
    return table;
  }

  /** What is taken back needs no day to be over: it was booked when it was. */
  private boolean areOver(List<Finding> findings) {
    LocalDate last = findings.stream().map(Finding::day).max(LocalDate::compareTo).orElse(null);
    if (last == null) {
      return true;
    }
    Instant from = TrueUpLines.start(last.plusDays(1)).plus(SETTLED);
    if (clock.instant().isBefore(from)) {
      say("nothing was written: findings of %s can be booked from %s on".formatted(last, from));
      return false;
    }
    return true;
  }

  private void say(String line) {
    out.println(line);
    out.flush();
  }
}
