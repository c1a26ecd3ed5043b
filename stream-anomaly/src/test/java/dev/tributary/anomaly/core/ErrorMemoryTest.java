package dev.tributary.anomaly.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ErrorMemoryTest {
  private static final long SEED = Long.getLong("tributary.seed", 20261122);
  private static final int WINDOWS = 3000;

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.5, 0.9})
  void correlation_ofErrorsThatFadeByIt_isFound(double fade) {
    Random random = new Random(SEED);
    ErrorMemory memory = new ErrorMemory();
    double error = 0;
    for (int window = 0; window < WINDOWS; window++) {
      error = fade * error + Math.sqrt(1 - fade * fade) * random.nextGaussian();
      memory.add(error);
    }

    assertThat(memory.correlation()).as("seed %d", SEED).isCloseTo(fade, within(0.12));
  }

  @Test
  void correlation_beforeTwoErrorsInARow_isNone() {
    ErrorMemory memory = new ErrorMemory();
    memory.add(2);
    memory.interrupt();
    memory.add(2);

    assertThat(memory.correlation()).isZero();
  }

  /** Against sums that were drawn. */
  @ParameterizedTest
  @ValueSource(doubles = {0, 0.5, 0.9})
  void sigmaOfSum_isThatOfDrawnSums(double fade) {
    Random random = new Random(SEED);
    int count = 6;
    double squares = 0;
    for (int draw = 0; draw < WINDOWS; draw++) {
      double error = random.nextGaussian();
      double sum = error;
      for (int window = 1; window < count; window++) {
        error = fade * error + Math.sqrt(1 - fade * fade) * random.nextGaussian();
        sum += error;
      }
      squares += sum * sum;
    }

    double drawn = Math.sqrt(squares / WINDOWS);
    assertThat(ErrorMemory.sigmaOfSum(count, fade))
        .as("seed %d", SEED)
        .isCloseTo(drawn, within(0.05 * drawn));
  }
}
