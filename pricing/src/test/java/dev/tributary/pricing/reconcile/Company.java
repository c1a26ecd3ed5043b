package dev.tributary.pricing.reconcile;

import dev.tributary.pricing.Bucket;
import dev.tributary.pricing.ServiceTier;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A company's calls over three days, what its telemetry has of them and what its provider bills for
 * them. Everything is true until something is changed; each change adds what it is worth to the
 * truth.
 */
final class Company {
  static final LocalDate FIRST = LocalDate.parse("2026-11-10");
  static final LocalDate END = LocalDate.parse("2026-11-13");

  /** Dollars for a million tokens. */
  private static final Map<String, Map<Bucket, String>> PRICES =
      Map.of(
          "small",
          Map.of(
              Bucket.INPUT_UNCACHED, "0.15", Bucket.CACHE_READ, "0.075", Bucket.OUTPUT_TEXT, "0.6"),
          "middle",
          Map.of(
              Bucket.INPUT_UNCACHED, "0.25", Bucket.CACHE_READ, "0.025", Bucket.OUTPUT_TEXT, "2"),
          "large",
          Map.of(Bucket.INPUT_UNCACHED, "4", Bucket.CACHE_READ, "0.4", Bucket.OUTPUT_TEXT, "20"));

  private static final List<String> PROJECTS = List.of("search", "support", "nightly");

  /** A call as it was. */
  record Call(
      Instant at,
      String project,
      String model,
      ServiceTier tier,
      Map<Bucket, Long> counts,
      boolean isRepeated) {
    Call with(Map<Bucket, Long> other) {
      return new Call(at, project, model, tier, other, isRepeated);
    }

    Call at(ServiceTier other) {
      return new Call(at, project, model, other, counts, isRepeated);
    }
  }

  /** What a token of a call is billed at, in parts of the catalogue's price. */
  interface Factor {
    String of(Call call, Bucket bucket);
  }

  final Random random;

  /** What really happened; the provider bills it. */
  List<Call> calls = new ArrayList<>();

  /** What telemetry saw. */
  List<Call> seen = new ArrayList<>();

  final Map<Cause, BigDecimal> truth = new EnumMap<>(Cause.class);
  final List<BilledLine> extra = new ArrayList<>();
  Factor billedAt = (call, bucket) -> "1";

  /** Models that the catalogue has a price of. */
  Predicate<String> catalogueKnows = model -> true;

  Duration zone = Duration.ZERO;
  boolean isTierStated;
  boolean isProjectStated = true;

  Company(long seed, int count) {
    random = new Random(seed);
    long span = Duration.between(start(FIRST), start(END)).toSeconds();
    for (int i = 0; i < count; i++) {
      calls.add(call(start(FIRST).plusSeconds((long) (random.nextDouble() * span))));
    }
    seen.addAll(calls);
  }

  static Instant start(LocalDate day) {
    return day.atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  Call call(Instant at) {
    Map<Bucket, Long> counts = new EnumMap<>(Bucket.class);
    counts.put(Bucket.INPUT_UNCACHED, 200L + random.nextInt(3_000));
    if (random.nextInt(3) == 0) {
      counts.put(Bucket.CACHE_READ, 100L + random.nextInt(4_000));
    }
    counts.put(Bucket.OUTPUT_TEXT, 50L + random.nextInt(700));
    List<String> models = List.of("small", "middle", "large");
    return new Call(
        at,
        PROJECTS.get(random.nextInt(PROJECTS.size())),
        models.get(random.nextInt(models.size())),
        ServiceTier.STANDARD,
        counts,
        false);
  }

  static BigDecimal price(String model, Bucket bucket) {
    return new BigDecimal(PRICES.get(model).get(bucket)).movePointLeft(6);
  }

  static BigDecimal cost(Call call) {
    BigDecimal cost = BigDecimal.ZERO;
    for (Map.Entry<Bucket, Long> count : call.counts.entrySet()) {
      cost =
          cost.add(
              price(call.model, count.getKey()).multiply(BigDecimal.valueOf(count.getValue())));
    }
    return cost;
  }

  static LocalDate day(Instant at) {
    return LocalDate.ofInstant(at, ZoneOffset.UTC);
  }

  void worth(Cause cause, BigDecimal amount) {
    truth.merge(cause, amount, BigDecimal::add);
  }

  /** Adds a line that is of the bill as a whole. */
  void charge(Charge charge, Cause cause, String amount) {
    extra.add(
        new BilledLine(
            END.minusDays(1),
            null,
            charge,
            null,
            null,
            null,
            null,
            new BigDecimal(amount),
            charge.name()));
    worth(cause, new BigDecimal(amount));
  }

  private record Group(
      LocalDate day, String project, String model, Bucket bucket, @Nullable ServiceTier tier) {}

  /** The bill, in doubles as a provider prints them. */
  Bill bill() {
    Map<String, Group> groups = new TreeMap<>();
    Map<Group, BigDecimal> amounts = new LinkedHashMap<>();
    for (Call call : calls) {
      LocalDate day = day(call.at.plus(zone));
      if (day.isBefore(FIRST) || !day.isBefore(END)) {
        continue;
      }
      call.counts.forEach(
          (bucket, count) -> {
            Group group =
                new Group(
                    day,
                    isProjectStated ? call.project : "",
                    call.model,
                    bucket,
                    isTierStated ? call.tier : null);
            groups.put(group.toString(), group);
            amounts.merge(
                group,
                price(call.model, bucket)
                    .multiply(BigDecimal.valueOf(count))
                    .multiply(new BigDecimal(billedAt.of(call, bucket))),
                BigDecimal::add);
          });
    }
    List<BilledLine> lines = new ArrayList<>(extra);
    groups
        .values()
        .forEach(
            group ->
                lines.add(
                    new BilledLine(
                        group.day,
                        group.project.isEmpty() ? null : group.project,
                        Charge.USAGE,
                        group.model,
                        group.bucket,
                        group.tier,
                        null,
                        asDouble(amounts.getOrDefault(group, BigDecimal.ZERO)),
                        group.model + ", " + group.bucket.wireName())));
    return new Bill("provider", FIRST, END, lines);
  }

  private static BigDecimal asDouble(BigDecimal amount) {
    return new BigDecimal(Double.toString(amount.round(new MathContext(17)).doubleValue()));
  }

  /** The ledger's estimate. */
  List<EstimatedUsage> usage() {
    List<EstimatedUsage> usage = new ArrayList<>();
    for (Call call : seen) {
      call.counts.forEach(
          (bucket, count) ->
              usage.add(
                  new EstimatedUsage(
                      "provider",
                      call.at,
                      call.project,
                      call.model,
                      bucket,
                      call.tier,
                      count,
                      catalogueKnows.test(call.model)
                          ? price(call.model, bucket).multiply(BigDecimal.valueOf(count))
                          : null,
                      call.isRepeated)));
    }
    return usage;
  }
}
