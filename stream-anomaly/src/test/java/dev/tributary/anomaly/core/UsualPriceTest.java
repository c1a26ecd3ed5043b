package dev.tributary.anomaly.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Spend of few calls, one in twenty of which is twenty times as dear: its tokens are surer. */
class UsualPriceTest {
  private static final long SEED = Long.getLong("tributary.seed", 20261122);
  private static final long START_US = 1_772_409_600_000_000L;
  private static final long STEP_US = 300_000_000L;
  private static final int CALLS = 25;
  private static final int DAY = 288;
  private static final int TEN_DAYS = 10 * DAY;
  private static final double DEAR = 20;
  private static final int SWAPS = 40;
  private static final String NAMED = "seed " + SEED;
  private static final double USUAL = CALLS * (0.95 + 0.05 * DEAR);

  @Test
  void add_twiceTheTokensAndTwiceTheSpend_opensWithTheSecondWindow() {
    assertThat(afterTwo(usual(true), 2.3, 2.3)).as(NAMED).isEqualTo(SeriesStatus.OPEN);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.7, 1, 1.2})
  void add_twiceTheSpendOfAsManyTokens_mayBeChanceYet(double tokens) {
    assertThat(afterTwo(usual(true), 2.3, tokens)).as(NAMED).isEqualTo(SeriesStatus.OK);
  }

  /** More tokens than the spend has grown by have another price, and explain nothing. */
  @Test
  void add_sevenTimesTheTokensAndTwiceTheSpend_mayBeChanceYet() {
    assertThat(afterTwo(usual(true), 2.3, 7)).as(NAMED).isEqualTo(SeriesStatus.OK);
  }

  /** The negative control: without the tokens the same spend is no more than chance. */
  @Test
  void add_tokensNeverKnown_mayBeChanceYet() {
    assertThat(afterTwo(usual(false), 2.3, Double.NaN)).as(NAMED).isEqualTo(SeriesStatus.OK);
  }

  /** Either row is judged by itself: a window full of tokens does not speak for those beside it. */
  @Test
  void add_manyTokensBetweenTwoDearWindows_areNoEvidenceForThem() {
    SeriesDetector detector = usual(true);

    assertThat(add(detector, 2.3, 1)).as(NAMED).isEqualTo(SeriesStatus.OK);
    assertThat(add(detector, 0.9, 5)).as(NAMED).isEqualTo(SeriesStatus.OK);
    assertThat(add(detector, 2.3, 1)).as(NAMED).isEqualTo(SeriesStatus.OK);
  }

  /** What the spend says by itself is not taken back by tokens that say less. */
  @ParameterizedTest
  @ValueSource(doubles = {0.5, 1, 1.6, 9})
  void add_spendBeyondChance_opensWhateverTheTokensSay(double tokens) {
    assertThat(afterTwo(usual(true), 4, tokens)).as(NAMED).isEqualTo(SeriesStatus.OPEN);
  }

  @Test
  void add_oneWildWindow_doesNotMakeThePrice() {
    SeriesDetector detector = usual(true);
    add(detector, 300, 1);
    for (int window = 0; window < 3; window++) {
      add(detector, 1, 1);
    }

    assertThat(afterTwo(detector, 2.3, 1)).as(NAMED).isEqualTo(SeriesStatus.OK);
  }

  /** What was given away for a day had no price; then one is learned as in any other series. */
  @Test
  void add_tokensThatCostNothingAtFirst_getTheirPriceLater() {
    UsualPrice price = new UsualPrice(STEP_US, DAY);
    for (int window = 0; window < DAY; window++) {
      price.add(0, 1_000, 0, 0, CALLS);
    }
    Random random = new Random(SEED);
    for (int window = 0; window < 40; window++) {
      price.add(10, 1_000 + 50 * random.nextGaussian(), 10, 10, CALLS);
    }

    double sigmas = price.sigmas(Policy.DEFAULT, 20, 2_000, 10, 10, CALLS, 1e-9);

    assertThat(sigmas).as(NAMED).isGreaterThan(5);
  }

  /**
   * Calls go to a model of a fifth of the price, with five times the tokens: nothing to tell. Until
   * the price is known anew chance may make an episode of it, of one change in ten at most.
   */
  @Test
  void add_moreTokensOfACheaperModel_seldomOpens() {
    int known = 0;
    int unknown = 0;
    for (int series = 0; series < SWAPS; series++) {
      known += openedAfterTheSwap(SEED + series, true);
      unknown += openedAfterTheSwap(SEED + series, false);
    }

    assertThat(known).as(NAMED).isLessThanOrEqualTo(unknown + SWAPS / 10);
  }

  private static int openedAfterTheSwap(long seed, boolean areTokensKnown) {
    Random random = new Random(seed);
    SeriesDetector detector = usual(Policy.DEFAULT, random, areTokensKnown);
    int opened = 0;
    SeriesStatus before = SeriesStatus.OK;
    for (int window = 0; window < 2 * DAY; window++) {
      SeriesStatus status = add(detector, random, areTokensKnown ? 5 : Double.NaN);
      opened += status == SeriesStatus.OPEN && before != SeriesStatus.OPEN ? 1 : 0;
      before = status;
    }
    return opened;
  }

  /** Five times the tokens of a cheap model are no spend. */
  @Test
  void add_manyTokensAndTheUsualSpend_staysClosed() {
    SeriesDetector detector = usual(true);

    for (int window = 0; window < 12; window++) {
      assertThat(add(detector, 1.2, 5)).as(NAMED).isEqualTo(SeriesStatus.OK);
    }
  }

  /** What is not known when it matters is not missed either: the spend is judged by itself. */
  @Test
  void add_tokensUnknownWhenTheSpendRises_judgesTheSpendAlone() {
    SeriesDetector detector = usual(true);

    assertThat(add(detector, 4, Double.NaN)).as(NAMED).isEqualTo(SeriesStatus.OK);
    assertThat(add(detector, 4, 0)).as(NAMED).isEqualTo(SeriesStatus.OPEN);
  }

  @Test
  void add_halfTheTokensAndHalfTheSpend_opensWhereDropsMatter() {
    Policy drops = PolicyYaml.parse("test", "{direction: drop}").policy();
    SeriesDetector detector = usual(drops, new Random(SEED), true);
    SeriesDetector unknown = usual(drops, new Random(SEED), false);

    assertThat(afterTwo(detector, 0.35, 0.35)).as(NAMED).isEqualTo(SeriesStatus.OPEN);
    add(unknown, 0.35, Double.NaN);
    assertThat(add(unknown, 0.35, Double.NaN)).as(NAMED).isEqualTo(SeriesStatus.OK);
  }

  /** What tokens cost at the old level is no price at the new one. */
  @Test
  void add_afterALevelShift_tokensSayNothingUntilTheirPriceIsKnownAnew() {
    Policy soon = PolicyYaml.parse("test", "{level_shift_after: 6h}").policy();
    SeriesDetector detector = usual(soon, new Random(SEED), true);
    for (int window = 0; window < DAY && !detector.latest().levelShift(); window++) {
      add(detector, 5, 5);
    }
    assertThat(detector.latest().levelShift()).as(NAMED).isTrue();

    // Soon after an episode it takes three.
    assertThat(afterTwo(detector, 5 * 2.3, 5 * 2.3)).as(NAMED).isEqualTo(SeriesStatus.OK);
    assertThat(add(detector, 5 * 2.3, 5 * 2.3)).as(NAMED).isEqualTo(SeriesStatus.OK);
    for (int window = 0; window < DAY; window++) {
      add(detector, 5, 5);
    }
    SeriesDetector other = loaded(detector, soon);
    assertThat(afterTwo(detector, 5 * 2.3, 5 * 2.3)).as(NAMED).isEqualTo(SeriesStatus.OPEN);
    assertThat(afterTwo(other, 5 * 2.3, 5)).as(NAMED).isEqualTo(SeriesStatus.OK);
  }

  /** Tokens that chance also moves: one window is not enough, and the one before is not lost. */
  @Test
  void add_savedBetweenTwoWindowsOfTwiceTheTokens_opensWithTheSecond() {
    Random random = new Random(SEED);
    SeriesDetector detector = usual(Policy.DEFAULT, random, true);
    for (int window = 0; window < TEN_DAYS; window++) {
      add(detector, random, 1 + 0.2 * random.nextGaussian());
    }
    assertThat(add(detector, 2.3, 2.3)).as(NAMED).isEqualTo(SeriesStatus.OK);

    SeriesDetector loaded = loaded(detector, Policy.DEFAULT);

    assertThat(add(loaded, 2.3, 2.3)).as(NAMED).isEqualTo(SeriesStatus.OPEN);
  }

  /** Nothing between its few moves is no certainty: the tokens move as seldom as the spend. */
  @Test
  void add_seriesThatMostlyStandsStill_isNoSurerOfItsTokensThanOfItsMoves() {
    SeriesDetector detector = new SeriesDetector(Policy.DEFAULT, STEP_US);
    detector.add(START_US, USUAL, CALLS, CALLS);
    for (int window = 1; window < TEN_DAYS; window++) {
      double more = window % 19 == 0 ? 3 : 1;
      add(detector, more, more);
    }

    assertThat(afterTwo(detector, 2.3, 2.3)).isEqualTo(SeriesStatus.OK);
  }

  private static SeriesDetector loaded(SeriesDetector saved, Policy policy) {
    StateWriter to = new StateWriter();
    saved.save(to);
    SeriesDetector loaded = new SeriesDetector(policy, STEP_US);
    loaded.load(new StateReader(to.toBytes()));
    return loaded;
  }

  private static SeriesDetector usual(boolean areTokensKnown) {
    return usual(Policy.DEFAULT, new Random(SEED), areTokensKnown);
  }

  /** A detector after ten days of calls that chance makes dear. */
  private static SeriesDetector usual(Policy policy, Random random, boolean areTokensKnown) {
    SeriesDetector detector = new SeriesDetector(policy, STEP_US);
    detector.add(START_US, USUAL, CALLS, areTokensKnown ? CALLS : Double.NaN);
    for (int window = 1; window < TEN_DAYS; window++) {
      add(detector, random, areTokensKnown ? 1 : Double.NaN);
    }
    return detector;
  }

  /** The next window of calls, each with so many times the tokens at that part of the price. */
  private static SeriesStatus add(SeriesDetector detector, Random random, double more) {
    double spend = 0;
    double tokens = 0;
    for (int call = 0; call < CALLS; call++) {
      double own = Math.exp(0.4 * random.nextGaussian() - 0.08);
      tokens += own;
      spend += own * (random.nextInt(20) == 0 ? DEAR : 1);
    }
    return detector.add(detector.lastUs() + STEP_US, spend, CALLS, more * tokens).status();
  }

  private static SeriesStatus add(SeriesDetector detector, double spend, double tokens) {
    return detector.add(detector.lastUs() + STEP_US, spend * USUAL, CALLS, tokens * CALLS).status();
  }

  /** What the second of two such windows is said to be; one alone may always be chance. */
  private static SeriesStatus afterTwo(SeriesDetector detector, double spend, double tokens) {
    assertThat(add(detector, spend, tokens)).as(NAMED).isEqualTo(SeriesStatus.OK);
    return add(detector, spend, tokens);
  }
}
