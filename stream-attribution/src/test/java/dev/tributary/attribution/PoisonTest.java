package dev.tributary.attribution;

import static dev.tributary.attribution.CorrectionDrafts.booked;
import static dev.tributary.attribution.CorrectionDrafts.command;
import static dev.tributary.attribution.CorrectionDrafts.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.runtime.metrics.MetricNames;
import dev.tributary.schemas.CorrectionCommand;
import dev.tributary.schemas.Rejected;
import dev.tributary.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;

/** Records that nobody should have written: whatever comes, the next one is processed. */
class PoisonTest {
  @Test
  void commandWithoutValue_isADeadLetter() {
    try (AttributionFixture topology = booked(Duration.ZERO)) {
      topology
          .topology()
          .rawInput(Topics.CORRECTIONS)
          .pipeInput(new TestRecord<>("k".getBytes(StandardCharsets.UTF_8), null));
      topology.send(run("r", 1, CorrectionCommand.OPEN_RUN));
      assertThat(topology.topology().count(MetricNames.DEAD_LETTERED)).isEqualTo(1);
      assertThat(topology.rejected()).isEmpty();
    }
  }

  @Test
  void commandWithoutKey_isRefused() {
    try (AttributionFixture topology = booked(Duration.ZERO)) {
      topology.send(run("r", 1, CorrectionCommand.OPEN_RUN));
      topology
          .topology()
          .input(Topics.CORRECTIONS)
          .pipeInput(new TestRecord<>(null, command("r", CorrectionCommand.REPRICE, 1L).build()));
      assertThat(topology.rejected()).extracting(Rejected::getReason).containsExactly("WRONG_KEY");
    }
  }
}
