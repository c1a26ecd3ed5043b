package dev.tributary.standalone.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tributary.pricing.Bucket;
import dev.tributary.pricing.ServiceTier;
import dev.tributary.pricing.reconcile.Bill;
import dev.tributary.pricing.reconcile.BilledLine;
import dev.tributary.pricing.reconcile.Charge;
import dev.tributary.standalone.text.CsvRows;
import dev.tributary.standalone.text.TextFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.MalformedInputException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rows of FOCUS 1.0 to 1.3, in which clouds and this ledger's own {@code export focus} write. The
 * model is the column {@code x_model}, {@code x_model} of {@code SkuPriceDetails} or the
 * description's; the bucket is {@code x_token_type}, {@code SkuMeter} or the description's. Other
 * services of a cloud are left out, with their count.
 */
final class FocusBill {
  private static final String OF_MODELS = "AI and Machine Learning";
  private static final List<String> REQUIRED =
      List.of(
          "BilledCost",
          "BillingCurrency",
          "ChargeCategory",
          "ChargePeriodStart",
          "ChargePeriodEnd");
  private static final DateTimeFormatter WITH_SPACE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm[:ss][.SSS]", Locale.ROOT);

  /**
   * A bill, read.
   *
   * @param leftOut rows of other services
   * @param leftOutCost what they were billed
   */
  record Read(Bill bill, long leftOut, BigDecimal leftOutCost) {}

  private final String file;
  private final String provider;
  private final ModelNames models;
  private final Map<String, Integer> columns = new HashMap<>();
  private final List<BilledLine> usage = new ArrayList<>();
  private final List<BilledLine> others = new ArrayList<>();
  private long leftOut;
  private BigDecimal leftOutCost = BigDecimal.ZERO;

  private FocusBill(String file, String provider, ModelNames models) {
    this.file = file;
    this.provider = provider;
    this.models = models;
  }

  /**
   * Reads a file.
   *
   * @param provider who billed; a surface of the ledger
   * @throws BillException naming the row that cannot be used
   */
  static Read read(Path file, String provider, ModelNames models) throws IOException {
    FocusBill focus = new FocusBill(file.toString(), provider, models);
    try (BufferedReader reader = TextFile.reader(file)) {
      CsvRows rows = new CsvRows(reader);
      focus.header(rows.next());
      for (List<String> row = rows.next(); row != null; row = rows.next()) {
        focus.add(focus.file + ", line " + rows.line(), row);
      }
    } catch (MalformedInputException e) {
      throw new IOException(file + ": not UTF-8", e);
    }
    return new Read(focus.bill(), focus.leftOut, focus.leftOutCost);
  }

  private void header(@Nullable List<String> names) {
    for (int i = 0; names != null && i < names.size(); i++) {
      columns.putIfAbsent(names.get(i), i);
    }
    for (String name : REQUIRED) {
      if (!columns.containsKey(name)) {
        throw new BillException(file + ": column " + name + " is missing; no FOCUS rows");
      }
    }
  }

  private void add(String place, List<String> row) {
    String category = field(row, "ServiceCategory");
    String model = model(place, row);
    BigDecimal cost = ReportJson.money(decimal(place, row, "BilledCost"));
    if (model == null && category != null && !category.equals(OF_MODELS)) {
      leftOut++;
      leftOutCost = leftOutCost.add(cost);
      return;
    }
    ReportJson.requireCurrency(place, field(row, "BillingCurrency"));
    String text = field(row, "ChargeDescription");
    Charge charge = charge(place, field(row, "ChargeCategory"), text);
    Bucket bucket = bucket(row);
    LocalDate day = time(place, row, "ChargePeriodStart").toLocalDate();
    BilledLine line =
        new BilledLine(
            day,
            field(row, "SubAccountId"),
            charge,
            model == null ? null : models.of(provider, model),
            bucket,
            tier(row),
            quantity(place, row),
            cost,
            text == null ? "(no ChargeDescription)" : text);
    if (charge == Charge.USAGE) {
      if (time(place, row, "ChargePeriodEnd").isAfter(day.plusDays(1).atStartOfDay())) {
        throw new BillException(
            place + ": charge periods of usage must lie within a day, as in daily or hourly rows");
      }
      usage.add(line);
    } else {
      others.add(line);
    }
  }

  private @Nullable String model(String place, List<String> row) {
    String own = field(row, "x_model");
    String details = field(row, "SkuPriceDetails");
    if (own == null && details != null && details.startsWith("{")) {
      JsonNode sku = ReportJson.parse(place + ", SkuPriceDetails", details);
      own = ReportJson.text(place + ", SkuPriceDetails", sku, "x_model");
    }
    if (own != null) {
      return own;
    }
    LineItem item = LineItem.parse(field(row, "ChargeDescription"));
    return item.bucket() == null ? null : item.model();
  }

  private @Nullable Bucket bucket(List<String> row) {
    for (String column : List.of("x_token_type", "SkuMeter")) {
      String name = field(row, column);
      Bucket bucket = name == null ? null : LineItem.bucketOf(name);
      if (bucket != null) {
        return bucket;
      }
    }
    return LineItem.parse(field(row, "ChargeDescription")).bucket();
  }

  private @Nullable ServiceTier tier(List<String> row) {
    String stated = field(row, "x_service_tier");
    return stated == null
        ? LineItem.parse(field(row, "ChargeDescription")).tier()
        : ServiceTier.parse(stated);
  }

  private static Charge charge(String place, @Nullable String category, @Nullable String text) {
    Charge said = text == null ? Charge.USAGE : LineItem.chargeOf(text);
    return switch (category == null ? "" : category) {
      case "Usage" -> Charge.USAGE;
      case "Purchase" -> Charge.PURCHASE;
      case "Tax" -> Charge.TAX;
      case "Credit" -> Charge.CREDIT;
      case "Adjustment" -> said == Charge.DISCOUNT ? said : Charge.ADJUSTMENT;
      default ->
          throw new BillException(
              place
                  + ": ChargeCategory "
                  + category
                  + "; allowed are Usage, Purchase, Tax, Credit and Adjustment");
    };
  }

  /** Tokens, where the row counts them; {@code 1M Tokens} are a million each. */
  private @Nullable BigDecimal quantity(String place, List<String> row) {
    String unit = field(row, "ConsumedUnit");
    if (unit == null || field(row, "ConsumedQuantity") == null) {
      return null;
    }
    BigDecimal quantity = decimal(place, row, "ConsumedQuantity");
    return switch (unit.toLowerCase(Locale.ROOT)) {
      case "tokens", "token", "requests", "seconds", "pages", "characters", "images" -> quantity;
      case "1000 tokens", "1k tokens" -> quantity.movePointRight(3);
      case "1000000 tokens", "1m tokens" -> quantity.movePointRight(6);
      default -> null;
    };
  }

  private @Nullable String field(List<String> row, String column) {
    Integer at = columns.get(column);
    String text = at == null || at >= row.size() ? "" : row.get(at);
    // Some exports write the word where a value is absent.
    return text.isEmpty() || text.equals("NULL") ? null : text;
  }

  private BigDecimal decimal(String place, List<String> row, String column) {
    String text = field(row, column);
    try {
      return new BigDecimal(text == null ? "" : text);
    } catch (NumberFormatException e) {
      throw new BillException(place + ": " + column + " must be a decimal number: " + text);
    }
  }

  private LocalDateTime time(String place, List<String> row, String column) {
    String text = String.valueOf(field(row, column));
    try {
      return text.contains("T")
          ? LocalDateTime.parse(text.replaceFirst("(Z|\\+00:00)$", ""))
          : text.length() == 10
              ? LocalDate.parse(text).atStartOfDay()
              : LocalDateTime.parse(text.replaceFirst(" UTC$", ""), WITH_SPACE);
    } catch (DateTimeException e) {
      throw new BillException(
          place + ": " + column + " must be a time in UTC as 2026-11-01T00:00:00Z: " + text);
    }
  }

  /** The days are those of the usage; what is charged for the whole is put on the last of them. */
  private Bill bill() {
    LocalDate from = usage.stream().map(BilledLine::day).min(LocalDate::compareTo).orElse(null);
    LocalDate last = usage.stream().map(BilledLine::day).max(LocalDate::compareTo).orElse(null);
    if (from == null || last == null) {
      throw new BillException(file + ": no row is usage of a model");
    }
    List<BilledLine> lines = new ArrayList<>(usage);
    for (BilledLine other : others) {
      boolean isWithin = !other.day().isBefore(from) && !other.day().isAfter(last);
      lines.add(isWithin ? other : other.on(last));
    }
    return new Bill(provider, from, last.plusDays(1), lines);
  }
}
