package dev.tributary.standalone.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tributary.pricing.Bucket;
import dev.tributary.pricing.CostLine;
import dev.tributary.pricing.Priced;
import dev.tributary.pricing.PricingRequest;
import dev.tributary.pricing.ServiceTier;
import dev.tributary.pricing.Usage;
import dev.tributary.pricing.UsageResult;
import dev.tributary.pricing.importer.PriceBook;
import dev.tributary.pricing.importer.UnitCounts;
import dev.tributary.pricing.reconcile.EstimatedUsage;
import dev.tributary.standalone.text.TextFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.MalformedInputException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Calls with their estimated costs as JSON lines, for those who have a log of another tool: {@code
 * response_id, ts, provider, model, project, tokens, batch, estimated_cost_usd}. The counts under
 * {@code tokens} are disjoint: input is what was not cached.
 */
final class CallLog {
  private static final MathContext DIGITS = new MathContext(40, RoundingMode.HALF_EVEN);
  private static final BigDecimal SAME = new BigDecimal("1e-12");

  /** One line, read. */
  private record Call(
      String place,
      @Nullable String responseId,
      Instant at,
      String provider,
      @Nullable String project,
      String model,
      ServiceTier tier,
      Map<Bucket, Long> counts,
      @Nullable BigDecimal cost) {}

  private final PriceBook book;
  private final ModelNames models;
  private final List<EstimatedUsage> usage = new ArrayList<>();
  private final Map<List<String>, OwnPrices> own = new HashMap<>();
  private long otherwise;

  private CallLog(PriceBook book, ModelNames models) {
    this.book = book;
    this.models = models;
  }

  /**
   * What a log says.
   *
   * @param otherwise calls whose estimate neither the catalogue gives nor prices that the log's own
   *     calls prove; it is spread over the buckets in the catalogue's proportions
   */
  record Read(List<EstimatedUsage> usage, long otherwise) {}

  /**
   * Reads a log.
   *
   * @param book says what each bucket of an estimate cost, of which the log has the sum only
   * @throws BillException naming the line that cannot be used
   */
  static Read read(Path file, PriceBook book) throws IOException {
    ModelNames models = new ModelNames(book.catalogue());
    List<Call> calls = new ArrayList<>();
    try (BufferedReader reader = TextFile.reader(file)) {
      long number = 0;
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        number++;
        if (!line.isBlank()) {
          String place = file + ", line " + number;
          calls.add(call(place, ReportJson.parse(place, line)));
        }
      }
    } catch (MalformedInputException e) {
      throw new IOException(file + ": not UTF-8", e);
    }
    // Of two reports the later one is the repetition, in whatever order they were written down.
    calls.sort(Comparator.comparing(Call::at));
    CallLog log = new CallLog(book, models);
    log.learn(calls);
    Set<List<String>> seen = new HashSet<>();
    for (Call call : calls) {
      String id = call.responseId;
      log.add(call, id != null && !seen.add(List.of(call.provider, id)));
    }
    return new Read(log.usage, log.otherwise);
  }

  private static Call call(String place, JsonNode line) {
    if (!line.isObject()) {
      throw new BillException(place + ": must be an object");
    }
    boolean isBatch = line.path("batch").asBoolean();
    return new Call(
        place,
        ReportJson.text(place, line, "response_id"),
        time(place, ReportJson.requiredText(place, line, "ts")),
        ReportJson.requiredText(place, line, "provider"),
        ReportJson.text(place, line, "project"),
        ReportJson.requiredText(place, line, "model"),
        isBatch ? ServiceTier.BATCH : ServiceTier.STANDARD,
        counts(place, line.path("tokens")),
        ReportJson.decimal(place, line, "estimated_cost_usd"));
  }

  private static Instant time(String place, String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw new BillException(place + ": 'ts' must be a time as 2026-11-01T09:30:00Z: " + text);
    }
  }

  private static Map<Bucket, Long> counts(String place, JsonNode tokens) {
    if (!tokens.isObject()) {
      throw new BillException(place + ": 'tokens' must be an object of counts");
    }
    Map<Bucket, Long> counts = new EnumMap<>(Bucket.class);
    for (Map.Entry<String, JsonNode> field : tokens.properties()) {
      Bucket bucket = LineItem.bucketOf(field.getKey());
      JsonNode count = field.getValue();
      if (bucket == null) {
        throw new BillException(place + ": tokens: unknown count " + field.getKey());
      }
      if (!count.isIntegralNumber()
          || !count.canConvertToLong()
          || count.longValue() < 0
          || counts.put(bucket, count.longValue()) != null) {
        throw new BillException(
            place + ": tokens: " + field.getKey() + " must be one count of at least 0");
      }
    }
    return counts;
  }

  /** Finds the prices of estimates that the catalogue does not give. */
  private void learn(List<Call> calls) {
    for (Call call : calls) {
      BigDecimal cost = call.cost;
      if (cost != null && cost.signum() != 0 && !isSum(catalogued(call, cost), cost)) {
        own.computeIfAbsent(series(call), unused -> new OwnPrices()).add(call.counts, cost);
      }
    }
    own.values().forEach(OwnPrices::end);
  }

  private static List<String> series(Call call) {
    return List.of(call.provider, call.model, call.tier.wireName());
  }

  private void add(Call call, boolean isRepeated) {
    Map<Bucket, BigDecimal> costs = costs(call);
    String model = models.of(call.provider, call.model);
    call.counts.forEach(
        (bucket, count) ->
            usage.add(
                new EstimatedUsage(
                    call.provider,
                    call.at,
                    call.project,
                    model,
                    bucket,
                    call.tier,
                    count,
                    call.cost == null ? null : costs.getOrDefault(bucket, BigDecimal.ZERO),
                    isRepeated)));
  }

  /** The estimate by bucket; nothing where there is none. */
  private Map<Bucket, BigDecimal> costs(Call call) {
    BigDecimal cost = call.cost;
    if (cost == null || cost.signum() == 0) {
      return Map.of();
    }
    List<CostLine> lines = catalogued(call, cost);
    OwnPrices prices = isSum(lines, cost) ? null : own.get(series(call));
    Map<Bucket, BigDecimal> proven = prices == null ? null : prices.costs(call.counts, cost);
    if (proven != null) {
      return proven;
    }
    BigDecimal sum = sum(lines);
    if (sum.signum() == 0) {
      throw new BillException(
          call.place
              + ": no price is known for "
              + call.provider
              + " "
              + call.model
              + ", so its estimate cannot be split by bucket; name a catalogue with --catalog");
    }
    Map<Bucket, BigDecimal> costs = new EnumMap<>(Bucket.class);
    boolean isAlike = isSum(lines, cost);
    otherwise += isAlike ? 0 : 1;
    BigDecimal left = cost;
    for (int i = 0; i < lines.size(); i++) {
      CostLine line = lines.get(i);
      BigDecimal part = isAlike ? line.cost() : cost.multiply(line.cost()).divide(sum, DIGITS);
      // The last takes what is left, so that the parts are the estimate.
      costs.put(line.bucket(), i == lines.size() - 1 ? left : part);
      left = left.subtract(part);
    }
    return costs;
  }

  /** What the catalogue says that the buckets of a call cost, at the tier that fits better. */
  private List<CostLine> catalogued(Call call, BigDecimal cost) {
    List<CostLine> lines = lines(call, call.tier);
    if (!isSum(lines, cost)) {
      // An estimate that took no notice of the tier is what a comparison is to find.
      List<CostLine> standard = lines(call, ServiceTier.STANDARD);
      return isSum(standard, cost) || lines.isEmpty() ? standard : lines;
    }
    return lines;
  }

  private List<CostLine> lines(Call call, ServiceTier tier) {
    Priced priced =
        book.price(
            call.provider,
            new PricingRequest(null, call.model, null, null, tier.wireName(), null, call.at),
            new UsageResult.Valid(new Usage(call.counts), false),
            UnitCounts.none());
    return priced.cost() == null ? List.of() : priced.lines();
  }

  private static boolean isSum(List<CostLine> lines, BigDecimal cost) {
    return !lines.isEmpty() && sum(lines).subtract(cost).abs().compareTo(SAME) <= 0;
  }

  private static BigDecimal sum(List<CostLine> lines) {
    return lines.stream().map(CostLine::cost).reduce(BigDecimal.ZERO, BigDecimal::add);
  }
}
