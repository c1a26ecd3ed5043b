package dev.tributary.standalone.correct;

import dev.tributary.pricing.allocation.CapacityPool;
import dev.tributary.pricing.allocation.DeclaredPool;
import dev.tributary.runtime.config.Settings;
import dev.tributary.schemas.LedgerLine;
import dev.tributary.standalone.correct.AllocationPlan.PoolHour;
import dev.tributary.standalone.platform.PlatformException;
import dev.tributary.standalone.platform.SqlClient;
import dev.tributary.standalone.text.Table;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a person asks of allocations: who bears what of a pool, shown and then booked. */
public final class AllocationDesk {
  private static final int TOKEN_BYTES = 8;

  private final Settings settings;
  private final Duration patience;
  private final PrintWriter out;
  private final Clock clock;

  /** One row of the table. */
  private static final class Row {
    private final Sum before = new Sum();
    private final Sum after = new Sum();
    private long lines;
  }

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
      Map<PoolHour, List<LineChange>> changes =
          AllocationRun.plan(clients, new AllocationPlan(tenant, wanted));
      if (changes.isEmpty()) {
        say("nothing differs: %,d hours of %,d pools".formatted(wanted.size(), pools.size()));
        return 0;
      }
      print(changes);
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
      AllocationRun run =
          new AllocationRun(clients, tenant, token(), Clock.systemUTC(), options.isTakingOver());
      return report(
          run.post(changes.keySet(), held -> new AllocationPlan(tenant, only(wanted, held))));
    }
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
      Map<PoolHour, Map<String, LedgerLine>> wanted, Collection<PoolHour> held) {
    Map<PoolHour, Map<String, LedgerLine>> kept = new LinkedHashMap<>(wanted);
    kept.keySet().retainAll(held);
    return kept;
  }

  private void print(Map<PoolHour, List<LineChange>> changes) {
    Map<List<String>, Row> rows = new LinkedHashMap<>();
    Map<String, List<String>> sorted = new TreeMap<>();
    Row total = new Row();
    changes
        .values()
        .forEach(
            list ->
                list.forEach(
                    change -> {
                      List<String> owner = owner(change.any());
                      sorted.put(String.join("\u0000", owner), owner);
                      add(rows.computeIfAbsent(owner, unused -> new Row()), change);
                      add(total, change);
                    }));
    Table table =
        new Table(
            5,
            List.of(
                "pool",
                "environment",
                "feature",
                "team",
                "workspace",
                "lines",
                "old",
                "new",
                "difference"));
    sorted.values().forEach(owner -> table.row(cells(owner, rows.getOrDefault(owner, total))));
    table.row(cells(List.of("total", "", "", "", ""), total));
    out.print(table);
    out.flush();
  }

  private static List<String> owner(LedgerLine line) {
    return List.of(
        line.getSource(),
        text(line.getAttribution().getEnvironment().getValue()),
        text(line.getAttribution().getFeature().getValue()),
        text(line.getAttribution().getTeam().getValue()),
        text(line.getAttribution().getWorkspace().getValue()));
  }

  private static String text(@org.jspecify.annotations.Nullable String tag) {
    return tag == null ? "unattributed" : tag;
  }

  private static void add(Row row, LineChange change) {
    row.lines++;
    LedgerLine before = change.before();
    LedgerLine after = change.after();
    if (before != null) {
      row.before.add(before.getCost());
    }
    if (after != null) {
      row.after.add(after.getCost());
    }
  }

  private static List<String> cells(List<String> owner, Row row) {
    List<String> cells = new ArrayList<>(owner);
    cells.add(Long.toString(row.lines));
    cells.add(Sum.text(row.before.orZero()));
    cells.add(Sum.text(row.after.orZero()));
    cells.add(Sum.text(row.after.orZero().subtract(row.before.orZero())));
    return cells;
  }

  private int report(AllocationRun.Outcome outcome) {
    long refused = outcome.refused().values().stream().mapToLong(Long::longValue).sum();
    say("%,d commands, %,d refused".formatted(outcome.commands(), refused));
    outcome.refused().forEach((reason, count) -> say("  refused " + reason + ": " + count));
    for (PoolHour hour : outcome.busy()) {
      say(
          "pool %s, hour %s: another run is open and this one left it alone; if none is at work, repeat with --take-over"
              .formatted(hour.pool(), hour.start()));
    }
    return refused == 0 && outcome.busy().isEmpty() ? 0 : 1;
  }

  private static String token() {
    byte[] random = new byte[TOKEN_BYTES];
    new SecureRandom().nextBytes(random);
    return HexFormat.of().formatHex(random);
  }

  private void say(String line) {
    out.println(line);
    out.flush();
  }
}
