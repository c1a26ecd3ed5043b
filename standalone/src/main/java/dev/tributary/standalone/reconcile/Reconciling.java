package dev.tributary.standalone.reconcile;

import dev.tributary.pricing.importer.PriceBook;
import dev.tributary.pricing.reconcile.Bill;
import dev.tributary.pricing.reconcile.EstimatedUsage;
import dev.tributary.pricing.reconcile.Reconciler;
import dev.tributary.pricing.reconcile.Reconciliation;
import dev.tributary.standalone.platform.PlatformException;
import dev.tributary.standalone.platform.SqlClient;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Compares the bills that a person has with what was estimated. */
public final class Reconciling {
  private final PriceBook book;
  private final PrintWriter notes;

  /**
   * A comparison.
   *
   * @param book knows what models are called, and what the buckets of a log's calls cost
   * @param notes where it says what it does
   */
  public Reconciling(PriceBook book, PrintWriter notes) {
    this.book = book;
    this.notes = notes;
  }

  /**
   * The exports of providers.
   *
   * @param openAi pages of OpenAI's costs; empty: none
   * @param anthropic pages of Anthropic's cost report; empty: none
   * @param focus files of FOCUS rows by the surface that billed; empty: none
   */
  public record Files(List<Path> openAi, List<Path> anthropic, Map<String, Path> focus) {}

  /**
   * The bills, in a fixed order of providers.
   *
   * @throws BillException where one cannot be read or none is given
   */
  public List<Bill> bills(Files files) throws IOException {
    BillFiles reader = new BillFiles(book.catalogue());
    List<Bill> bills = new ArrayList<>();
    add(bills, reader.openAi(files.openAi()));
    add(bills, reader.anthropic(files.anthropic()));
    for (Map.Entry<String, Path> focus : new TreeMap<>(files.focus()).entrySet()) {
      bills.add(focus(focus.getKey(), focus.getValue()));
    }
    if (bills.isEmpty()) {
      throw new PlatformException(
          "no bill is given: allowed are --openai FILE, --anthropic FILE and --focus SURFACE=FILE");
    }
    Set<String> providers = new HashSet<>();
    for (Bill bill : bills) {
      if (!providers.add(bill.provider())) {
        throw new PlatformException("two bills of " + bill.provider() + " are given");
      }
    }
    return bills;
  }

  private Bill focus(String surface, Path file) throws IOException {
    FocusBill.Read read = FocusBill.read(file, surface, new ModelNames(book.catalogue()));
    if (read.leftOut() > 0) {
      say(
          "%s: %,d rows of other services, %s in all, are left out"
              .formatted(file, read.leftOut(), read.leftOutCost().toPlainString()));
    }
    return read.bill();
  }

  private static void add(List<Bill> bills, @Nullable Bill bill) {
    if (bill != null) {
      bills.add(bill);
    }
  }

  /** Against the ledger in ClickHouse. */
  public List<Reconciliation> withLedger(List<Bill> bills, SqlClient sql, String tenant) {
    LedgerUsage ledger = new LedgerUsage(sql, tenant, new ModelNames(book.catalogue()));
    List<Reconciliation> results = new ArrayList<>();
    for (Bill bill : bills) {
      say(
          "%s: asking the ledger for %s to %s"
              .formatted(bill.provider(), bill.from(), lastDay(bill)));
      results.add(Reconciler.reconcileBilledDays(bill, ledger.read(bill)));
    }
    return results;
  }

  /** Against a log of calls, all of which is taken for the period. */
  public List<Reconciliation> withLog(List<Bill> bills, Path log) throws IOException {
    CallLog.Read read = CallLog.read(log, book);
    if (read.otherwise() > 0) {
      say(
          "%,d calls have an estimate that neither the catalogue nor other calls explain; it is spread over their buckets in the catalogue's proportions"
              .formatted(read.otherwise()));
    }
    List<Reconciliation> results = new ArrayList<>();
    for (Bill bill : bills) {
      results.add(Reconciler.reconcile(bill, read.usage()));
    }
    for (String provider : providers(read.usage())) {
      if (bills.stream().noneMatch(bill -> bill.provider().equals(provider))) {
        say(provider + ": the log has calls of it, but no bill of it is given");
      }
    }
    return results;
  }

  private static List<String> providers(List<EstimatedUsage> usage) {
    return usage.stream().map(EstimatedUsage::provider).distinct().sorted().toList();
  }

  static String lastDay(Bill bill) {
    return bill.until().minusDays(1).toString();
  }

  private void say(String line) {
    notes.println(line);
    notes.flush();
  }
}
