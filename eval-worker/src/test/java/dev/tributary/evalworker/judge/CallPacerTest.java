package dev.tributary.evalworker.judge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Turns that come too late for a job. */
final class CallPacerTest {
  private static long in(long seconds) {
    return System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
  }

  @Test
  void await_turnThatComesTooLate_isNotTaken() throws Exception {
    CallPacer pacer = new CallPacer(1);

    assertThat(pacer.await(in(1))).isTrue();
    assertThat(pacer.await(in(30))).isFalse();
  }

  @Test
  void await_noTimeIsLeft_isNoTurn_alsoWithoutALimitOfCalls() throws Exception {
    CallPacer pacer = new CallPacer(0);

    assertThat(pacer.await(in(1))).isTrue();
    assertThat(pacer.await(in(1))).isTrue();
    assertThat(pacer.await(in(-1))).isFalse();
  }
}
