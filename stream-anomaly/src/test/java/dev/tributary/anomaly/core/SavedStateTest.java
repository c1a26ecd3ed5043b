package dev.tributary.anomaly.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.runtime.testing.Seeds;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A detector that is saved and loaded says to the last bit what one says that never stopped. */
class SavedStateTest {
  private static final long STEP_US = 300_000_000L;

  @Test
  void detector_savedAtAnyWindow_goesOnEqually() {
    long seed = Seeds.one();
    Random random = new Random(seed);
    SeriesDetector whole = new SeriesDetector(Policy.DEFAULT, STEP_US);
    SeriesDetector saved = new SeriesDetector(Policy.DEFAULT, STEP_US);
    int largest = 0;
    for (int window = 0; window < 3_000; window++) {
      double value = 10 + 3 * Math.sin(window / 46.0) + random.nextGaussian();
      value *= window > 2_000 && window < 2_020 ? 4 : 1;
      double tokens = window % 7 == 0 ? Double.NaN : value * 100 + 30 * random.nextGaussian();
      Reading expected = whole.add(window * STEP_US, Math.max(0, value), 50, tokens);
      StateWriter to = new StateWriter();
      saved.save(to);
      byte[] bytes = to.toBytes();
      largest = Math.max(largest, bytes.length);
      saved = new SeriesDetector(Policy.DEFAULT, STEP_US);
      saved.load(new StateReader(bytes));

      Reading actual = saved.add(window * STEP_US, Math.max(0, value), 50, tokens);

      assertThat(actual).as("seed %d, window %d", seed, window).isEqualTo(expected);
    }
    assertThat(largest).as("bytes of a rule, as the README says").isBetween(1_000, 2_500);
  }

  /** What ran before errors had a memory and moves were watched goes on where it was. */
  @Test
  void detector_savedByAnOlderVersion_goesOn() {
    SeriesDetector saved = usual();
    StateWriter memory = new StateWriter();
    memory.number(1).number(1).number(1).number(1);
    memory.number(1).number(1).number(1).number(1).number(1);
    memory.numbers(new double[0]);
    memory.flag(false).numbers(new double[0]).number(1);

    SeriesDetector loaded = loadedWithout(withBefore(memory.whole(0).whole(0)), saved);

    Reading expected = saved.add(1_000 * STEP_US, 12, 50);
    assertThat(loaded.add(1_000 * STEP_US, 12, 50)).isEqualTo(expected);
  }

  /** What ran before samples were added up goes on, with a suspect waiting. */
  @Test
  void detector_savedWithoutSamples_goesOn() {
    SeriesDetector saved = usual();
    assertThat(saved.add(1_000 * STEP_US, 40, 50).status()).isEqualTo(SeriesStatus.OK);
    StateWriter samples = new StateWriter();
    samples.numbers(new double[] {50 / 30.0}).flag(false).numbers(new double[1]).number(1);

    SeriesDetector loaded = loadedWithout(withOneSurprise(samples), saved);

    Reading expected = saved.add(1_001 * STEP_US, 40, 50);
    assertThat(expected.status()).isEqualTo(SeriesStatus.OPEN);
    assertThat(loaded.add(1_001 * STEP_US, 40, 50)).isEqualTo(expected);
  }

  /** What ran before tokens were watched goes on, and learns their price. */
  @Test
  void detector_savedWithoutAPrice_goesOn() {
    SeriesDetector saved = usual();
    assertThat(saved.add(1_000 * STEP_US, 40, 50).status()).isEqualTo(SeriesStatus.OK);
    StateWriter priced = new StateWriter().flag(false).numbers(new double[1]).number(1);

    SeriesDetector loaded = loadedWithout(withOneSurprise(priced), saved);

    Reading expected = saved.add(1_001 * STEP_US, 40, 50, 120);
    assertThat(expected.status()).isEqualTo(SeriesStatus.OPEN);
    assertThat(loaded.add(1_001 * STEP_US, 40, 50, 120)).isEqualTo(expected);
  }

  /** What ran before what was expected was meant with the values goes on. */
  @Test
  void detector_savedWithoutWhatWasExpected_goesOn() {
    SeriesDetector saved = usual();

    StateWriter expectedThen = new StateWriter().number(1).whole(0).whole(0);
    SeriesDetector loaded = loadedWithout(withBefore(expectedThen), saved);

    for (long window = 1_000; window < 1_400; window++) {
      Reading expected = saved.add(window * STEP_US, 40, 50);
      assertThat(loaded.add(window * STEP_US, 40, 50)).isEqualTo(expected);
    }
    assertThat(loaded.expected(1_400 * STEP_US)).isBetween(39.0, 41.0);
  }

  /** What ran before habits were remembered goes on, and remembers. */
  @Test
  void detector_savedWithoutHabits_goesOn() {
    SeriesDetector saved = usual();

    SeriesDetector loaded = loadedWithout(withBefore(new StateWriter().whole(0).whole(0)), saved);

    for (long window = 1_000; window < 2_000; window++) {
      double value = window % 288 < 6 ? 100 : 10;
      Reading expected = saved.add(window * STEP_US, value, 50);
      assertThat(loaded.add(window * STEP_US, value, 50)).isEqualTo(expected);
    }
  }

  /** The habits of what was 40 once, after a thousand windows: no episode's, and one surprise. */
  private static StateWriter withOneSurprise(StateWriter before) {
    return withBefore(before.whole(0).whole(1).whole(1_001).sparse(new float[] {40}));
  }

  /** Where the window before was, and how steps of the baseline erred. */
  private static StateWriter withBefore(StateWriter habits) {
    return habits.number(1).number(1).number(0).number(0);
  }

  /** What ran before the window before was remembered goes on. */
  @Test
  void detector_savedWithoutTheWindowBefore_goesOn() {
    SeriesDetector saved = usual();

    SeriesDetector loaded = loadedWithout(withBefore(new StateWriter()), saved);

    for (long window = 1_000; window < 2_000; window++) {
      double value = window % 288 < 6 ? 30 : 10;
      Reading expected = saved.add(window * STEP_US, value, 50);
      assertThat(loaded.add(window * STEP_US, value, 50)).isEqualTo(expected);
    }
  }

  /** A detector that has seen a thousand windows without a surprise, whose tokens nobody knows. */
  private static SeriesDetector usual() {
    SeriesDetector detector = new SeriesDetector(Policy.DEFAULT, STEP_US);
    Random random = new Random(3);
    for (int window = 0; window < 1_000; window++) {
      detector.add(window * STEP_US, 8.5 + 3 * random.nextDouble(), 50);
    }
    return detector;
  }

  /** Goes on from an older state: what the saved one ends with, as long as this, is not in it. */
  private static SeriesDetector loadedWithout(StateWriter addedLater, SeriesDetector saved) {
    StateWriter to = new StateWriter();
    saved.save(to);
    byte[] bytes = to.toBytes();
    byte[] older = Arrays.copyOf(bytes, bytes.length - addedLater.toBytes().length);
    SeriesDetector loaded = new SeriesDetector(Policy.DEFAULT, STEP_US);
    loaded.load(new StateReader(older));
    return loaded;
  }

  @Test
  void limit_savedAtAnyWindow_goesOnEqually() {
    LimitDetector whole = new LimitDetector(Policy.DEFAULT, 0.05, 3);
    LimitDetector saved = new LimitDetector(Policy.DEFAULT, 0.05, 3);
    Random random = new Random(3);
    for (int window = 0; window < 200; window++) {
      double share = random.nextDouble() * (window > 100 ? 0.3 : 0.04);
      Reading expected = whole.add(window * STEP_US, share, 100);
      StateWriter to = new StateWriter();
      saved.save(to);
      saved = new LimitDetector(Policy.DEFAULT, 0.05, 3);
      saved.load(new StateReader(to.toBytes()));

      assertThat(saved.add(window * STEP_US, share, 100)).isEqualTo(expected);
    }
  }

  @Test
  void limit_opensBeyondIt_andResolvesWithin() {
    LimitDetector detector =
        new LimitDetector(PolicyYaml.parse("test", "{breaches: 1, out_of: 1}").policy(), 0.05, 3);
    for (int window = 0; window < 6; window++) {
      assertThat(detector.add(window * STEP_US, 0.04, 100).status()).isEqualTo(SeriesStatus.OK);
    }
    // One call in ten of ten calls is no evidence; thirty of a hundred are.
    assertThat(detector.add(6 * STEP_US, 0.1, 10).status()).isEqualTo(SeriesStatus.OK);
    assertThat(detector.add(7 * STEP_US, 0.3, 100).status()).isEqualTo(SeriesStatus.OPEN);
    SeriesStatus last = SeriesStatus.OPEN;
    for (int window = 8; window < 16 && last != SeriesStatus.RESOLVED; window++) {
      last = detector.add(window * STEP_US, 0.01, 100).status();
    }
    assertThat(last).isEqualTo(SeriesStatus.RESOLVED);
  }
}
