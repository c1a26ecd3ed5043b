package dev.tributary.standalone.correct;

import dev.tributary.pricing.allocation.CapacityPool;
import dev.tributary.pricing.allocation.DeclaredPool;
import dev.tributary.runtime.config.Settings;
import dev.tributary.schemas.LedgerLine;
import dev.tributary.standalone.correct.Spread.PoolHour;
import dev.tributary.standalone.platform.PlatformException;
import dev.tributary.standalone.platform.SqlClient;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a person asks of allocations: who bears what of a pool, shown and then booked. */
public final class AllocationDesk {
  private final Settings settings;
  private final Duration patience;
  private final PrintWriter out;
  private final Clock clock;

  /**
   * How to go about it.
   *
   * @param isDryRun true: only shows
   * @param isTakingOver true: closes runs that another process left open
   * @param isBesidePrices true: books also where calls on a pool have a price of their own, as for
   *     capacity that is paid beside the tokens; else that is refused, because the same work would
   *     be paid for twice
   */
  public record Options(boolean isDryRun, boolean isTakingOver, boolean isBesidePrices) {
    /** Books, and leaves alone what another process has open or what is priced already. */
    public static final Options DEFAULT = new Options(false, false, false);
  }

  /**
   * A desk.
   *
   * @param patience how long to wait for the owner of the ledger, and for ClickHouse
   * @param clock says which hours are over; commands are stamped with the time it really is
   */
  public AllocationDesk(Settings settings, Duration patience, PrintWriter out, Clock clock) {
    this.settings = settings;
    this.patience = patience;
    this.out = out;
    this.clock = clock;
  }

  /**
   * Spreads the hours of a period over those who used the pools, and books what differs from what
   * is booked already.
   *
   * @param from first hour; whole
   * @param until first hour after; whole. Hours that are not over are left out
   * @return 0; 1 where something was left alone or refused
   */
  public int allocate(
      String tenant, List<DeclaredPool> pools, Instant from, Instant until, Options options) {
    requireHour("--from", from);
    requireHour("--to", until);
    Instant over = clock.instant().truncatedTo(ChronoUnit.HOURS);
    Instant end = until.isAfter(over) ? over : until;
    if (!from.isBefore(end)) {
      throw new PlatformException("no hour between --from and --to is over");
    }
    if (end.isBefore(until)) {
      say("hours from " + end + " are not over and left out");
    }
    try (CorrectionClients clients = CorrectionClients.open(settings, patience)) {
      clients.awaitClickHouse();
      List<String> priced = new ArrayList<>();
      Map<PoolHour, Map<String, LedgerLine>> wanted = wanted(tenant, pools, from, end, priced);
      priced.forEach(this::say);
      SpreadBooking booking = new SpreadBooking(clients, tenant, out);
      Map<Spread, List<LineChange>> changes = SpreadRun.plan(clients, plan(tenant, wanted));
      if (changes.isEmpty()) {
        say("nothing differs: %,d hours of %,d pools".formatted(wanted.size(), pools.size()));
        return 0;
      }
      SpreadTable table = new SpreadTable("pool", LedgerLine::getSource);
      changes.values().forEach(list -> list.forEach(table::add));
      booking.print(table);
      if (options.isDryRun()) {
        say("nothing was written (--dry-run)");
        return 0;
      }
      if (!priced.isEmpty() && !options.isBesidePrices()) {
        say(
            "nothing was written: the same work would be paid for twice. Give these calls a card"
                + " that is free and correct their price, narrow the pool's 'uses', or book the"
                + " pool beside the prices with --beside-prices");
        return 1;
      }
      return booking.post(
          changes.keySet(), held -> plan(tenant, only(wanted, held)), options.isTakingOver());
    }
  }

  private static SpreadPlan plan(String tenant, Map<PoolHour, Map<String, LedgerLine>> wanted) {
    return new SpreadPlan(tenant, wanted, PoolHour.firstMs(wanted.keySet()));
  }

  private static void requireHour(String option, Instant moment) {
    if (moment.getEpochSecond() % CapacityPool.HOUR.toSeconds() != 0 || moment.getNano() != 0) {
      throw new PlatformException(option + ": a whole hour is expected: " + moment);
    }
  }

  private Map<PoolHour, Map<String, LedgerLine>> wanted(
      String tenant, List<DeclaredPool> pools, Instant from, Instant until, List<String> priced) {
    SqlClient sql = SqlClient.of(settings);
    Map<String, Map<Instant, PoolUse>> uses = new PoolCalls(sql).read(tenant, pools, from, until);
    Map<PoolHour, Map<String, LedgerLine>> wanted = new LinkedHashMap<>();
    for (DeclaredPool pool : pools) {
      Map<Instant, PoolUse> used = uses.getOrDefault(pool.pool().id(), Map.of());
      addPriced(pool.pool().id(), used.values(), priced);
      for (Instant hour : PoolCalls.hours(from, until)) {
        PoolUse use = used.getOrDefault(hour, new PoolUse());
        wanted.put(
            new PoolHour(pool.pool().id(), hour), AllocationLines.of(tenant, pool, hour, use));
      }
    }
    return wanted;
  }

  private static void addPriced(String pool, Collection<PoolUse> uses, List<String> priced) {
    long calls = uses.stream().mapToLong(PoolUse::pricedCalls).sum();
    if (calls > 0) {
      BigDecimal cost =
          uses.stream().map(PoolUse::ownCost).reduce(BigDecimal.ZERO, BigDecimal::add);
      priced.add(
          "%,d calls on pool %s have a price of their own, %s in all"
              .formatted(calls, pool, Sum.text(cost)));
    }
  }

  private static Map<PoolHour, Map<String, LedgerLine>> only(
      Map<PoolHour, Map<String, LedgerLine>> wanted, Collection<Spread> held) {
    Map<PoolHour, Map<String, LedgerLine>> kept = new LinkedHashMap<>(wanted);
    kept.keySet().retainAll(held);
    return kept;
  }

  private void say(String line) {
    out.println(line);
    out.flush();
  }
}
