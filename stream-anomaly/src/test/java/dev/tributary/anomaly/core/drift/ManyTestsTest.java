package dev.tributary.anomaly.core.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** Corrections, against values worked out by hand. */
class ManyTestsTest {
  private static final double[] PROBABILITIES = {0.01, 0.04, 0.03, 0.005, 0.9};

  /** In order 0.005, 0.01, 0.03, 0.04, 0.9: times 5 over the rank, none above that of the next. */
  @Test
  void benjaminiHochberg_byHand() {
    assertThat(ManyTests.benjaminiHochberg(PROBABILITIES))
        .containsExactly(new double[] {0.025, 0.05, 0.05, 0.025, 0.9}, within(1e-12));
  }

  @Test
  void one_staysAsItIs_andNoneIsNone() {
    assertThat(ManyTests.benjaminiHochberg(new double[] {0.2})).containsExactly(0.2);
    assertThat(ManyTests.benjaminiHochberg(new double[0])).isEmpty();
  }
}
