package dev.tributary.standalone.reconcile;

import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tributary.pricing.reconcile.Bill;
import dev.tributary.pricing.reconcile.BilledLine;
import dev.tributary.pricing.reconcile.Cause;
import dev.tributary.pricing.reconcile.Charge;
import dev.tributary.pricing.reconcile.Check;
import dev.tributary.pricing.reconcile.Finding;
import dev.tributary.pricing.reconcile.Reconciliation;
import dev.tributary.standalone.text.Table;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reconciliations for people, and for programs. */
public final class ReconcileReport {
  private static final JsonMapper JSON = new JsonMapper();

  /** Where most of a cause is; more rows than this hide the largest. */
  private static final int MOST_ROWS = 12;

  private static final int MOST_PLACES = 12;

  private ReconcileReport() {}

  /** What was billed, what was estimated, and where the difference comes from. */
  public static String text(List<Reconciliation> reconciliations) {
    StringBuilder text = new StringBuilder();
    for (Reconciliation one : reconciliations) {
      text.append(text.isEmpty() ? "" : "\n").append(text(one));
    }
    return text.toString();
  }

  private static String text(Reconciliation one) {
    Bill bill = one.bill();
    StringBuilder text =
        new StringBuilder(
            "%s, %s to %s%n".formatted(bill.provider(), bill.from(), Reconciling.lastDay(bill)));
    Table table = new Table(1, List.of("", "USD"));
    table.row(List.of("billed", shown(bill.total())));
    table.row(List.of("estimated", shown(one.estimated())));
    table.row(List.of("difference", signed(one.delta())));
    one.byCause().forEach((cause, sum) -> table.row(List.of("  " + words(cause), signed(sum))));
    text.append(table);
    if (!one.shift().isZero()) {
      text.append(
          "  days match where the ledger's clock is read %+.1f h: the bill's days are not those of UTC%n"
              .formatted(one.shift().toMinutes() / 60.0));
    }
    text.append(largest(one)).append(unmatched(bill)).append(checks(one));
    return text.toString();
  }

  private static String largest(Reconciliation one) {
    List<Finding> findings =
        one.findings().stream()
            .filter(finding -> finding.model() != null)
            .sorted((a, b) -> b.amount().abs().compareTo(a.amount().abs()))
            .toList();
    if (findings.isEmpty()) {
      return "";
    }
    Table table = new Table(4, List.of("day", "model", "bucket", "cause", "USD"));
    for (Finding finding : findings.subList(0, Math.min(MOST_ROWS, findings.size()))) {
      table.row(
          List.of(
              finding.day().toString(),
              text(finding.model()),
              text(finding.bucket()),
              words(finding.cause()),
              signed(finding.amount())));
    }
    String more =
        findings.size() > MOST_ROWS
            ? "  and %,d smaller ones (--json has all)%n".formatted(findings.size() - MOST_ROWS)
            : "";
    return "largest differences\n" + table + more;
  }

  /** Lines that name nothing known are shown as written: only a person can say what they are. */
  private static String unmatched(Bill bill) {
    Map<String, BigDecimal> sums = new LinkedHashMap<>();
    for (BilledLine line : bill.lines()) {
      if (line.charge() == Charge.USAGE && (line.model() == null || line.bucket() == null)) {
        sums.merge(line.description(), line.amount(), BigDecimal::add);
      }
    }
    if (sums.isEmpty()) {
      return "";
    }
    Table table = new Table(1, List.of("billed as", "USD"));
    sums.forEach((description, sum) -> table.row(List.of(description, shown(sum))));
    return "lines that name no known model and meter\n" + table;
  }

  private static String checks(Reconciliation one) {
    Table table = new Table(2, List.of("check", "", "measured", "allowed"));
    for (Check check : Check.of(one)) {
      boolean isCount = check.name().equals(Check.LINES);
      table.row(
          List.of(
              check.name().replace('_', ' '),
              check.isPassed() ? "ok" : "FAILED",
              isCount ? check.measured().toPlainString() : percent(check.measured()),
              isCount ? check.limit().toPlainString() : percent(check.limit())));
    }
    return "checks, in parts of billed usage\n" + table;
  }

  /** Whether every check of every bill holds. */
  public static boolean isPassed(List<Reconciliation> reconciliations) {
    return reconciliations.stream()
        .allMatch(one -> Check.of(one).stream().allMatch(Check::isPassed));
  }

  /**
   * Writes a list of findings, {@code {provider, day, cause, amount_usd, model, bucket}}; amounts
   * are decimal strings with the sign of billed - estimated.
   */
  public static void write(Path file, List<Reconciliation> reconciliations) throws IOException {
    ArrayNode list = JSON.createArrayNode();
    for (Reconciliation one : reconciliations) {
      for (Finding finding : one.findings()) {
        ObjectNode row = list.addObject();
        row.put("provider", finding.provider());
        row.put("day", finding.day().toString());
        row.put("cause", finding.cause().wireName());
        row.put("amount_usd", plain(finding.amount()));
        row.put("model", finding.model());
        row.put("bucket", finding.bucket());
      }
    }
    Files.writeString(
        file, JSON.writer(new DefaultPrettyPrinter()).writeValueAsString(list) + "\n");
  }

  private static String words(Cause cause) {
    return cause.wireName().replace('_', ' ');
  }

  private static String text(@Nullable String value) {
    return value == null ? "" : value;
  }

  private static String percent(BigDecimal part) {
    return part.movePointRight(2).setScale(2, RoundingMode.HALF_UP).toPlainString() + " %";
  }

  private static String signed(BigDecimal amount) {
    String text = shown(amount);
    return amount.signum() > 0 && !text.equals("0") ? "+" + text : text;
  }

  /** All digits, for programs. */
  private static String plain(BigDecimal amount) {
    return amount.signum() == 0 ? "0" : amount.stripTrailingZeros().toPlainString();
  }

  /** As many digits as prices of tokens have; what is behind them is noise of doubles. */
  private static String shown(BigDecimal amount) {
    return plain(
        amount.scale() > MOST_PLACES
            ? amount.setScale(MOST_PLACES, RoundingMode.HALF_EVEN)
            : amount);
  }
}
