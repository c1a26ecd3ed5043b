package dev.tributary.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.attribution.core.MemoryStore;
import dev.tributary.runtime.metrics.InputMetrics;
import dev.tributary.runtime.metrics.MetricNames;
import dev.tributary.runtime.metrics.ModuleMetrics;
import dev.tributary.runtime.testing.ConservationCheck;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

class HeldSpansTest {
  private final MemoryStore store = new MemoryStore();

  /** One life of an instance: its counters begin anew. */
  private final class Life {
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final InputMetrics input = new ModuleMetrics(meters, "attribution").input("spans", 0);
    private final HeldSpans held = new HeldSpans(store, input);

    void came(int spans) {
      for (int span = 0; span < spans; span++) {
        input.received();
      }
      held.came(spans);
      held.save();
    }

    void booked(int spans) {
      held.booked(spans);
      input.sentPrimary(spans);
      held.save();
    }

    double gauge(String name) {
      return meters.get(name).gauge().value();
    }

    void check() {
      new ConservationCheck(meters, "attribution").assertHolds();
    }
  }

  @Test
  void restart_whatWaitsIsTakenOver() {
    Life first = new Life();
    first.came(7);
    first.booked(2);
    first.check();

    Life second = new Life();
    second.check();
    assertThat(second.gauge(MetricNames.TAKEN_OVER)).isEqualTo(5);
    second.booked(4);
    second.came(1);
    second.check();
    assertThat(second.gauge(MetricNames.IN_STATE)).isEqualTo(2);
  }

  @Test
  void taskGoes_leavesWhatWaits() {
    Life life = new Life();
    life.came(3);

    life.held.leave();

    life.check();
    assertThat(life.gauge(MetricNames.IN_STATE)).isZero();
    assertThat(life.gauge(MetricNames.TAKEN_OVER)).isEqualTo(-3);
  }

  /** A state of a version that kept no number: also after a restart in the middle of it. */
  @Test
  void stateWithoutNumber_isTakenOverAsItIsBooked() {
    store.put("clock", new byte[Long.BYTES]);
    Life life = new Life();
    life.came(1);
    life.booked(3);
    life.check();
    assertThat(life.gauge(MetricNames.IN_STATE)).isZero();
    assertThat(life.gauge(MetricNames.TAKEN_OVER)).isEqualTo(2);

    life.came(1);
    Life second = new Life();
    second.booked(2);
    second.check();
    assertThat(second.gauge(MetricNames.TAKEN_OVER)).isEqualTo(2);
  }

  /** Or a span that is booked twice would never be noticed. */
  @Test
  void moreBookedThanCame_isNotExplainedAway() {
    Life life = new Life();
    life.came(1);
    life.booked(2);

    assertThatThrownBy(life::check).isInstanceOf(AssertionError.class);
  }

  /** Most spans are booked as they come; that need not be written down. */
  @Test
  void bookedAtOnce_writesNothing() {
    Life life = new Life();
    life.held.came(1);
    life.held.booked(1);

    life.held.save();

    assertThat(store.writes()).isZero();
  }
}
