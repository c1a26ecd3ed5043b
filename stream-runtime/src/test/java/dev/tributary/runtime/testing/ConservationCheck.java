package dev.tributary.runtime.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.runtime.metrics.MetricNames;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.TreeMap;

/**
 * Proves {@code received + taken_over = sent_primary + rejected + dead_lettered + dropped +
 * in_state}, per input topic and partition, and that no state holds fewer records than none.
 */
public final class ConservationCheck {
  private final MeterRegistry meters;
  private final String module;

  private static final class Sums {
    private long received;
    private long sentPrimary;
    private long rejected;
    private long deadLettered;
    private long dropped;
    private long inState;
    private long takenOver;

    long toAccountFor() {
      return received + takenOver;
    }

    long accountedFor() {
      return sentPrimary + rejected + deadLettered + dropped + inState;
    }

    @Override
    public String toString() {
      return "received "
          + received
          + ", taken_over "
          + takenOver
          + ", sent_primary "
          + sentPrimary
          + ", rejected "
          + rejected
          + ", dead_lettered "
          + deadLettered
          + ", dropped "
          + dropped
          + ", in_state "
          + inState;
    }
  }

  /**
   * A check of one module's counters.
   *
   * @param module the name given to its {@code ModuleMetrics}
   */
  public ConservationCheck(MeterRegistry meters, String module) {
    this.meters = meters;
    this.module = module;
  }

  /** Fails for a partition whose records are not accounted for, and where nothing was received. */
  public void assertHolds() {
    Map<String, Sums> byInput = sums();
    assertThat(byInput).as("nothing was received by " + module).isNotEmpty();
    byInput.forEach(
        (input, sums) -> {
          assertThat(sums.accountedFor()).as("%s: %s", input, sums).isEqualTo(sums.toAccountFor());
          assertThat(sums.inState).as("%s: %s", input, sums).isNotNegative();
        });
  }

  /** All records received, over all topics and partitions. */
  public long received() {
    return sums().values().stream().mapToLong(sums -> sums.received).sum();
  }

  private Map<String, Sums> sums() {
    Map<String, Sums> byInput = new TreeMap<>();
    for (Meter meter : meters.getMeters()) {
      Meter.Id id = meter.getId();
      String topic = id.getTag(MetricNames.TOPIC);
      String partition = id.getTag(MetricNames.PARTITION);
      if (topic != null && partition != null && module.equals(id.getTag(MetricNames.MODULE))) {
        add(byInput.computeIfAbsent(topic + "-" + partition, any -> new Sums()), meter);
      }
    }
    return byInput;
  }

  private static void add(Sums sums, Meter meter) {
    long value = 0;
    if (meter instanceof Counter counter) {
      value = Math.round(counter.count());
    } else if (meter instanceof Gauge gauge) {
      value = Math.round(gauge.value());
    }
    switch (meter.getId().getName()) {
      case MetricNames.RECEIVED -> sums.received += value;
      case MetricNames.SENT_PRIMARY -> sums.sentPrimary += value;
      case MetricNames.REJECTED -> sums.rejected += value;
      case MetricNames.DEAD_LETTERED -> sums.deadLettered += value;
      case MetricNames.DROPPED -> sums.dropped += value;
      case MetricNames.IN_STATE -> sums.inState += value;
      case MetricNames.TAKEN_OVER -> sums.takenOver += value;
      default -> {
        // other meters of the partition are outside the equation
      }
    }
  }
}
