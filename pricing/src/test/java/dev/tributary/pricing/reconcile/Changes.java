package dev.tributary.pricing.reconcile;

import dev.tributary.pricing.Bucket;
import dev.tributary.pricing.ServiceTier;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What may happen to a company, between what was, what its telemetry saw and what was billed. */
final class Changes {
  private Changes() {}

  /** Something that makes a bill and an estimate differ. */
  record Change(String name, Consumer<Company> of) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** One thing each, which is to be found in every company. */
  static Stream<Change> single() {
    return Stream.of(
        new Change("nothing", company -> {}),
        new Change("repeated telemetry", Changes::repeat),
        new Change("calls that nobody saw", Changes::lose),
        new Change("a project that nobody saw", Changes::loseProject),
        new Change("calls that nobody billed", Changes::invent),
        new Change("cached input counted twice", company -> overcount(company, 1)),
        new Change("cached input counted twice by some", company -> overcount(company, 3)),
        new Change("a price of another list", company -> reprice(company, "small", "1.2", 0)),
        new Change("a price since a day", company -> reprice(company, "large", "0.8", 24)),
        new Change("a price since an hour", company -> reprice(company, "middle", "1.25", 30)),
        new Change("a price since an hour of the last day", c -> reprice(c, "large", "1.237", 60)),
        new Change("usage given back", Changes::giveBack),
        new Change("a region's price", company -> reprice(company, "large", "1.1", 0)),
        new Change("output at half the price", c -> repriceBuckets(c, "1", "0.5")),
        new Change("a price of output since an hour", c -> repriceOutput(c, "0.637", 30)),
        new Change("two prices of another list", c -> repriceBuckets(c, "1.25", "1.3")),
        new Change("a model at half the price", c -> reprice(c, "large", "0.5", 0)),
        new Change(
            "a project at half the price",
            c -> repriceProject(c, "0.5", Cause.PRICE_DIFFERENCE_SERVICE_TIER)),
        new Change("some calls at half the price", Changes::halfPriceCalls),
        new Change("tiers that telemetry states", Changes::ignoredTiers),
        new Change("tiers that the bill states", Changes::billedTiers),
        new Change("a model without a price", Changes::unprice),
        new Change("a ledger that begins late", Changes::beginLate),
        new Change("a ledger that ends early", Changes::endEarly),
        new Change("a ledger that begins little later", c -> beginLate(c, 100)),
        new Change("a ledger that ends little earlier", c -> endEarly(c, 100)),
        new Change("a bill without its latest usage", Changes::billEarly),
        new Change("a ledger of more days", Changes::moreDays),
        new Change("days of another zone", Changes::otherZone),
        new Change("discount, credit and tax", Changes::adjust));
  }

  /** Two things each: in rare companies calls happen to hide one of them. */
  static Stream<Change> twoAtOnce() {
    return Stream.of(
        both(
            "cached input counted twice, and calls that nobody saw",
            Changes::lose,
            company -> overcount(company, 1)),
        both(
            "cached input counted twice, and begins late",
            Changes::beginLate,
            company -> overcount(company, 1)),
        both("repeated, and a discount", Changes::repeat, Changes::adjust),
        both("untracked, and a price", c -> reprice(c, "small", "1.2", 0), c -> loseOf(c, "large")),
        both(
            "untracked, and its price",
            c -> reprice(c, "large", "1.3", 0),
            c -> loseOf(c, "large")),
        both(
            "untracked, and twice its price",
            c -> reprice(c, "large", "2", 0),
            c -> loseOf(c, "large")),
        both("not billed, and twice the price", Changes::invent, c -> reprice(c, "large", "2", 0)),
        both(
            "untracked, and a project at twice the price",
            Changes::lose,
            c -> repriceProject(c, "2", Cause.PRICE_DIFFERENCE)),
        both(
            "untracked, and output at another price",
            Changes::lose,
            c -> repriceBuckets(c, "1", "1.3")),
        both(
            "untracked, and a project at another price",
            Changes::lose,
            c -> repriceProject(c, "1.3", Cause.PRICE_DIFFERENCE)),
        both(
            "untracked, and a price since a day",
            Changes::lose,
            c -> reprice(c, "large", "1.3", 24)),
        both("untracked, and tiers that the bill states", Changes::lose, Changes::billedTiers),
        both(
            "not billed, and a price since a day",
            Changes::invent,
            c -> reprice(c, "large", "0.8", 24)),
        both(
            "not billed, and a model at half the price",
            Changes::invent,
            c -> reprice(c, "large", "0.5", 0)),
        both(
            "not billed, and a project at another price",
            Changes::invent,
            c -> repriceProject(c, "1.3", Cause.PRICE_DIFFERENCE)),
        both(
            "not billed, and a project at half the price",
            Changes::invent,
            c -> repriceProject(c, "0.5", Cause.PRICE_DIFFERENCE_SERVICE_TIER)),
        both(
            "cached input counted twice, and a price since a day",
            c -> overcount(c, 1),
            c -> reprice(c, "large", "0.8", 24)),
        both(
            "cached input counted twice, and two prices of another list",
            c -> overcount(c, 1),
            c -> repriceBuckets(c, "1.25", "1.3")),
        both(
            "begins late, and two prices of another list",
            Changes::beginLate,
            c -> repriceBuckets(c, "1.25", "1.3")),
        both(
            "begins late, and output at half the price",
            Changes::beginLate,
            c -> repriceBuckets(c, "1", "0.5")),
        both(
            "ends early, and a project at half the price",
            Changes::endEarly,
            c -> repriceProject(c, "0.5", Cause.PRICE_DIFFERENCE_SERVICE_TIER)),
        both(
            "a bill without its latest usage, and a model at half the price",
            Changes::billEarly,
            c -> reprice(c, "large", "0.5", 0)),
        both("unpriced, and half the price", Changes::unprice, c -> halfPriceProjectOf(c, "large")),
        both("begins late, and repeated", Changes::beginLate, Changes::repeat),
        both(
            "no projects, and another price",
            c -> c.isProjectStated = false,
            c -> reprice(c, "large", "1.3", 0)));
  }

  private static Change both(String name, Consumer<Company> one, Consumer<Company> other) {
    return new Change(name, one.andThen(other));
  }

  private static void repeat(Company company) {
    for (Company.Call call : List.copyOf(company.seen)) {
      if (company.random.nextInt(20) == 0) {
        company.seen.add(
            new Company.Call(
                call.at(), call.project(), call.model(), call.tier(), call.counts(), true));
        if (company.catalogueKnows.test(call.model())) {
          company.worth(Cause.DUPLICATED_TELEMETRY, Company.cost(call).negate());
        }
      }
    }
  }

  private static void lose(Company company) {
    miss(company, call -> company.random.nextInt(12) == 0, Cause.UNTRACKED_USAGE);
  }

  private static void loseOf(Company company, String model) {
    miss(
        company,
        call -> call.model().equals(model) && company.random.nextInt(8) == 0,
        Cause.UNTRACKED_USAGE);
  }

  private static void loseProject(Company company) {
    miss(company, call -> call.project().equals("nightly"), Cause.UNTRACKED_USAGE);
  }

  /** Telemetry does not see some of the calls. */
  private static void miss(Company company, Predicate<Company.Call> which, Cause cause) {
    company.seen.removeIf(
        call -> {
          boolean isMissed = which.test(call);
          if (isMissed) {
            company.worth(cause, Company.cost(call));
          }
          return isMissed;
        });
  }

  private static void invent(Company company) {
    Instant noon = Company.start(Company.FIRST).plus(Duration.ofHours(36));
    for (int i = 0; i < 60; i++) {
      Company.Call call = company.call(noon.plusSeconds(i));
      company.seen.add(call);
      company.worth(Cause.NOT_BILLED, Company.cost(call).negate());
    }
  }

  /** Telemetry of every so many calls has the cached tokens in the uncached ones as well. */
  private static void overcount(Company company, int everySoMany) {
    List<Company.Call> seen = new ArrayList<>();
    int number = 0;
    for (Company.Call call : company.seen) {
      long cached = call.counts().getOrDefault(Bucket.CACHE_READ, 0L);
      Map<Bucket, Long> counts = new EnumMap<>(call.counts());
      if (number++ % everySoMany == 0 && cached > 0) {
        counts.merge(Bucket.INPUT_UNCACHED, cached, Long::sum);
        company.worth(
            Cause.QUANTITY_OVERCOUNT_UNCACHED_INPUT,
            Company.price(call.model(), Bucket.INPUT_UNCACHED)
                .multiply(BigDecimal.valueOf(-cached)));
      }
      seen.add(call.with(counts));
    }
    company.seen = seen;
  }

  private static void reprice(Company company, String model, String factor, int sinceHour) {
    Instant since = Company.start(Company.FIRST).plus(Duration.ofHours(sinceHour));
    bill(
        company,
        (call, bucket) -> call.model().equals(model) && !call.at().isBefore(since) ? factor : "1",
        Cause.PRICE_DIFFERENCE);
  }

  private static void repriceBuckets(Company company, String input, String output) {
    bill(
        company,
        (call, bucket) -> bucket == Bucket.OUTPUT_TEXT ? output : input,
        Cause.PRICE_DIFFERENCE);
  }

  private static void repriceOutput(Company company, String factor, int sinceHour) {
    Instant since = Company.start(Company.FIRST).plus(Duration.ofHours(sinceHour));
    bill(
        company,
        (call, bucket) -> bucket == Bucket.OUTPUT_TEXT && !call.at().isBefore(since) ? factor : "1",
        Cause.PRICE_DIFFERENCE);
  }

  private static void repriceProject(Company company, String factor, Cause cause) {
    bill(company, (call, bucket) -> call.project().equals("nightly") ? factor : "1", cause);
  }

  private static void halfPriceProjectOf(Company company, String model) {
    bill(
        company,
        (call, bucket) ->
            call.project().equals("nightly") && call.model().equals(model) ? "0.5" : "1",
        Cause.PRICE_DIFFERENCE_SERVICE_TIER);
  }

  private static void halfPriceCalls(Company company) {
    bill(
        company,
        (call, bucket) -> call.at().getEpochSecond() % 3 == 0 ? "0.5" : "1",
        Cause.PRICE_DIFFERENCE_SERVICE_TIER);
  }

  /** Bills other prices, and says what that is worth of what is billed. */
  private static void bill(Company company, Company.Factor factor, Cause cause) {
    company.billedAt = factor;
    for (Company.Call call : company.calls) {
      call.counts()
          .forEach(
              (bucket, count) -> {
                BigDecimal more = new BigDecimal(factor.of(call, bucket)).subtract(BigDecimal.ONE);
                if (more.signum() != 0) {
                  company.worth(
                      cause,
                      Company.price(call.model(), bucket)
                          .multiply(BigDecimal.valueOf(count))
                          .multiply(more));
                }
              });
    }
  }

  /** Telemetry says batch, the estimate takes no notice. */
  private static void ignoredTiers(Company company) {
    company.seen.replaceAll(
        call -> call.at().getEpochSecond() % 4 == 0 ? call.at(ServiceTier.BATCH) : call);
    bill(
        company,
        (call, bucket) -> call.at().getEpochSecond() % 4 == 0 ? "0.5" : "1",
        Cause.PRICE_DIFFERENCE_SERVICE_TIER);
  }

  /** The bill says batch, telemetry does not. */
  private static void billedTiers(Company company) {
    company.isTierStated = true;
    company.calls.replaceAll(
        call -> call.at().getEpochSecond() % 4 == 0 ? call.at(ServiceTier.BATCH) : call);
    bill(
        company,
        (call, bucket) -> call.tier() == ServiceTier.BATCH ? "0.5" : "1",
        Cause.PRICE_DIFFERENCE_SERVICE_TIER);
  }

  private static void unprice(Company company) {
    company.catalogueKnows = model -> !model.equals("middle");
    for (Company.Call call : company.calls) {
      if (call.model().equals("middle")) {
        company.worth(Cause.UNPRICED_USAGE, Company.cost(call));
      }
    }
  }

  private static void beginLate(Company company) {
    beginLate(company, 7 * 60);
  }

  private static void beginLate(Company company, int minutes) {
    Instant begin = Company.start(Company.FIRST).plus(Duration.ofMinutes(minutes));
    miss(company, call -> call.at().isBefore(begin), Cause.PERIOD_CUTOFF_HEAD);
  }

  private static void endEarly(Company company) {
    endEarly(company, 5 * 60);
  }

  private static void endEarly(Company company, int minutes) {
    Instant end = Company.start(Company.END).minus(Duration.ofMinutes(minutes));
    miss(company, call -> !call.at().isBefore(end), Cause.PERIOD_CUTOFF_TAIL);
  }

  /** Asked for before the provider had counted the last hours. */
  private static void billEarly(Company company) {
    Instant end = Company.start(Company.END).minus(Duration.ofHours(3));
    company.calls.removeIf(
        call -> {
          if (!call.at().isBefore(end)) {
            company.worth(Cause.PERIOD_CUTOFF_TAIL, Company.cost(call).negate());
          }
          return !call.at().isBefore(end);
        });
  }

  private static void moreDays(Company company) {
    for (int i = 0; i < 60; i++) {
      Company.Call before = company.call(Company.start(Company.FIRST).minusSeconds(60L * i + 1));
      Company.Call after = company.call(Company.start(Company.END).plusSeconds(60L * i));
      company.seen.add(before);
      company.seen.add(after);
      company.worth(Cause.PERIOD_CUTOFF_HEAD, Company.cost(before).negate());
      company.worth(Cause.PERIOD_CUTOFF_TAIL, Company.cost(after).negate());
    }
  }

  /** The provider's days begin eight hours after those of UTC; the ledger has the days of UTC. */
  private static void otherZone(Company company) {
    company.zone = Duration.ofHours(-8);
    for (int i = 0; i < 170; i++) {
      Company.Call after =
          company.call(
              Company.start(Company.END)
                  .plusSeconds((long) (company.random.nextDouble() * 8 * 3_600)));
      company.calls.add(after);
      company.worth(Cause.PERIOD_CUTOFF_TAIL, Company.cost(after));
    }
    for (Company.Call call : company.seen) {
      if (call.at().atOffset(ZoneOffset.UTC).toLocalDate().equals(Company.FIRST)
          && call.at().atOffset(ZoneOffset.UTC).getHour() < 8) {
        company.worth(Cause.PERIOD_CUTOFF_HEAD, Company.cost(call).negate());
      }
    }
  }

  private static void giveBack(Company company) {
    company.extra.add(
        new BilledLine(
            Company.FIRST,
            "search",
            Charge.USAGE,
            "large",
            Bucket.OUTPUT_TEXT,
            null,
            null,
            new BigDecimal("-0.75"),
            "large, output"));
    company.worth(Cause.ADJUSTMENT, new BigDecimal("-0.75"));
  }

  private static void adjust(Company company) {
    company.charge(Charge.DISCOUNT, Cause.DISCOUNT, "-0.84094979");
    company.charge(Charge.CREDIT, Cause.CREDIT, "-0.5");
    company.charge(Charge.TAX, Cause.TAX, "1.35");
  }
}
