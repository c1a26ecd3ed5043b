package dev.tributary.pricing.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Against an instance the ledger is read in the bill's own days, whatever their zone: there is no
 * cut-off but where telemetry began late or ended early.
 */
class BilledDaysTest {
  private static final BigDecimal CENT = new BigDecimal("0.01");

  /** A company whose provider has days of another zone, with calls on all of its days. */
  private static Company inZone(int hours) {
    return inZone(Duration.ofHours(hours));
  }

  private static Company inZone(Duration zone) {
    Company company = new Company(7, 1_000);
    company.zone = zone;
    long span = zone.abs().toSeconds();
    for (int i = 0; i < 200; i++) {
      long within = (long) (company.random.nextDouble() * span);
      Company.Call call =
          company.call(
              zone.isNegative()
                  ? Company.start(Company.END).plusSeconds(within)
                  : Company.start(Company.FIRST).minusSeconds(within + 1));
      company.calls.add(call);
      company.seen.add(call);
    }
    return company;
  }

  private static Instant begin(Company company) {
    return Company.start(Company.FIRST).minus(company.zone);
  }

  private static Instant end(Company company) {
    return Company.start(Company.END).minus(company.zone);
  }

  private static BigDecimal lose(Company company, Instant from, Instant until, int oneOf) {
    BigDecimal[] lost = {BigDecimal.ZERO};
    company.seen.removeIf(
        call -> {
          boolean isLost =
              !call.at().isBefore(from)
                  && call.at().isBefore(until)
                  && company.random.nextInt(oneOf) == 0;
          if (isLost) {
            lost[0] = lost[0].add(Company.cost(call));
          }
          return isLost;
        });
    return lost[0];
  }

  private static void assertOnly(Company company, Cause cause, BigDecimal worth) {
    Reconciliation found = Reconciler.reconcileBilledDays(company.bill(), company.usage());
    Map<Cause, BigDecimal> byCause = found.byCause();
    assertThat(found.shift()).isEqualTo(company.zone);
    assertThat(byCause.getOrDefault(cause, BigDecimal.ZERO).subtract(worth).abs())
        .as("%s", byCause)
        .isLessThan(CENT);
    assertThat(byCause.entrySet())
        .filteredOn(entry -> entry.getKey() != cause)
        .allMatch(entry -> entry.getValue().abs().compareTo(CENT) < 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-PT12H", "-PT3H30M", "PT0S", "PT5H30M", "PT14H"})
  void daysOfAnyZone_matchExactly(Duration zone) {
    Company company = inZone(zone);

    assertOnly(company, Cause.ROUNDING, BigDecimal.ZERO);
  }

  @ParameterizedTest
  @CsvSource({"-8", "9"})
  void callsLostOfTheFirstAndTheLastDay_areUntracked(int hours) {
    Company company = inZone(hours);
    Instant first = begin(company);
    Instant last = end(company);
    BigDecimal lost =
        lose(company, first.plus(Duration.ofHours(2)), first.plus(Duration.ofHours(22)), 8)
            .add(
                lose(
                    company, last.minus(Duration.ofHours(22)), last.minus(Duration.ofHours(2)), 8));

    assertOnly(company, Cause.UNTRACKED_USAGE, lost);
  }

  @ParameterizedTest
  @CsvSource({"-8", "9"})
  void telemetryThatBeganLate_isACutOff(int hours) {
    Company company = inZone(hours);
    Instant first = begin(company);
    BigDecimal lost = lose(company, first, first.plus(Duration.ofHours(7)), 1);

    assertOnly(company, Cause.PERIOD_CUTOFF_HEAD, lost);
  }

  @ParameterizedTest
  @CsvSource({"-8", "9"})
  void telemetryThatEndedEarly_isACutOff(int hours) {
    Company company = inZone(hours);
    Instant last = end(company);
    BigDecimal lost = lose(company, last.minus(Duration.ofHours(7)), last, 1);

    assertOnly(company, Cause.PERIOD_CUTOFF_TAIL, lost);
  }
}
