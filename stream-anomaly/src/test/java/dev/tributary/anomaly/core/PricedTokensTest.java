package dev.tributary.anomaly.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the price by itself says of tokens: windows cost 100 and have 10 tokens, more or less. */
class PricedTokensTest {
  private static final long STEP_US = 300_000_000L;
  private static final int DAY = 288;
  private static final double USUAL = 100;
  private static final double SAMPLES = 25;
  private static final Policy RISES = Policy.DEFAULT;
  private static final Policy DROPS = PolicyYaml.parse("test", "{direction: drop}").policy();

  @Test
  void sigmas_moreTokensThanUsual_areOffByWhatTheyCost() {
    UsualPrice price = known();

    assertThat(sigmas(price, RISES, 180, 14)).isPositive();
    assertThat(sigmas(price, RISES, 180, 16))
        .isCloseTo(1.5 * sigmas(price, RISES, 180, 14), within(0.1));
    assertThat(sigmas(price, RISES, 180, 10)).isCloseTo(0, within(0.1));
  }

  /** Tokens say that money was spent on purpose, but not more than was spent. */
  @Test
  void sigmas_tokensWorthMoreThanTheSpend_countAsTheSpend() {
    UsualPrice price = known();

    assertThat(sigmas(price, RISES, 150, 20)).isPositive();
    assertThat(sigmas(price, RISES, 150, 28)).isEqualTo(sigmas(price, RISES, 150, 20));
    assertThat(sigmas(price, DROPS, 70, 5)).isPositive();
    assertThat(sigmas(price, DROPS, 70, 4)).isEqualTo(sigmas(price, DROPS, 70, 5));
  }

  @ParameterizedTest
  @CsvSource({"150, 31", "250, 90"})
  void sigmas_tokensWorthManyTimesTheSpend_haveAnotherPrice(double value, double tokens) {
    assertThat(sigmas(known(), RISES, value, tokens)).isZero();
  }

  @Test
  void sigmas_tokensWorthAFractionOfADroppedSpend_haveAnotherPrice() {
    assertThat(sigmas(known(), DROPS, 70, 3)).isZero();
    assertThat(sigmas(known(), DROPS, 70, 4)).isPositive();
  }

  /** What never erred so far is not certain: nothing is surer than the series itself. */
  @Test
  void sigmas_tokensThatNeverErred_areNoSurerThanTheLeast() {
    UsualPrice price = new UsualPrice(STEP_US, 2_000);
    for (int window = 0; window < DAY; window++) {
      add(price, USUAL, 10);
    }

    assertThat(price.sigmas(RISES, 200, 20, USUAL, USUAL, SAMPLES, 5)).isCloseTo(20, within(1e-9));
    assertThat(price.sigmas(RISES, 200, 20, USUAL, USUAL, SAMPLES, 0)).isZero();
  }

  @Test
  void sigmas_leastAboveTheErrorsOfTheTokens_isWhatCounts() {
    UsualPrice price = known();

    assertThat(price.sigmas(RISES, 200, 25, USUAL, USUAL, SAMPLES, 50)).isCloseTo(2, within(1e-9));
  }

  /** Shares and signed values are no amounts of money that tokens could be the reason of. */
  @ParameterizedTest
  @CsvSource({"SHARE", "SIGNED"})
  void sigmas_valuesThatAreNoAmounts_haveNoPrice(ValueKind kind) {
    UsualPrice price = known();

    assertThat(sigmas(price, RISES, 200, 20)).isPositive();
    assertThat(sigmas(price, RISES.withValues(kind), 200, 20)).isZero();
  }

  @Test
  void sigmas_firstWindows_areNoPriceYet() {
    UsualPrice price = new UsualPrice(STEP_US, 2_000);
    for (int window = 0; window < 3; window++) {
      add(price, USUAL, window % 2 == 0 ? 9 : 11);
    }

    assertThat(price.sigmas(RISES, 200, 20, USUAL, USUAL, SAMPLES, 5)).isZero();
  }

  /** Else a cheaper model would hide for weeks what is done with it. */
  @Test
  void sigmas_dayAfterThePriceChanged_areOfTheNewOne() {
    UsualPrice price = known();
    for (int window = 0; window < DAY; window++) {
      add(price, USUAL, 50);
    }

    assertThat(sigmas(price, RISES, 200, 100)).isPositive();
    assertThat(sigmas(price, RISES, 200, 50)).isCloseTo(0, within(0.1));
  }

  @ParameterizedTest
  @CsvSource({"30000, 10", "100, 3000"})
  void sigmas_afterOneWildWindow_areStillOfTheUsualPrice(double value, double tokens) {
    UsualPrice price = known();
    add(price, value, tokens);

    assertThat(sigmas(price, RISES, 200, 20)).isPositive();
    assertThat(sigmas(price, RISES, 200, 10)).isLessThan(sigmas(price, RISES, 200, 20) / 4);
  }

  /** Where a restart falls must not say what the next windows are judged by. */
  @Test
  void sigmas_savedBeforeANewPriceIsLearned_areThoseOfTheOneThatWentOn() {
    UsualPrice wentOn = known();
    wentOn.forget();
    StateWriter to = new StateWriter();
    wentOn.save(to);
    UsualPrice loaded = new UsualPrice(STEP_US, 2_000);
    loaded.load(new StateReader(to.toBytes()));
    for (int window = 0; window < DAY; window++) {
      double tokens = window % 2 == 0 ? 4 : 6;
      add(wentOn, USUAL, tokens);
      add(loaded, USUAL, tokens);
    }

    assertThat(sigmas(wentOn, RISES, 200, 10)).isPositive();
    assertThat(sigmas(loaded, RISES, 200, 10)).isEqualTo(sigmas(wentOn, RISES, 200, 10));
  }

  /** A price after a day; every other window has a tenth more tokens, or less. */
  private static UsualPrice known() {
    UsualPrice price = new UsualPrice(STEP_US, 2_000);
    for (int window = 0; window < DAY; window++) {
      add(price, USUAL, window % 2 == 0 ? 9 : 11);
    }
    return price;
  }

  private static void add(UsualPrice price, double value, double tokens) {
    price.add(value, tokens, USUAL, USUAL, SAMPLES);
  }

  private static double sigmas(UsualPrice price, Policy policy, double value, double tokens) {
    return price.sigmas(policy, value, tokens, USUAL, USUAL, SAMPLES, 0);
  }
}
