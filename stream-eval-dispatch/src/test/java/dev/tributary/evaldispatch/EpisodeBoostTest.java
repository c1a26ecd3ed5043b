package dev.tributary.evaldispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.schemas.EvalRate;
import dev.tributary.schemas.Topics;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Episodes raise rates while they are open, and of their own tenant alone. */
class EpisodeBoostTest {
  private final DispatchFixture fixture = new DispatchFixture();

  @BeforeEach
  void warmUp() {
    fixture.publish(
        """
        {type: eval, id: answers, filter: {feature: checkout},
         evaluators: [{name: faithfulness, route: judge, cost: 0.01}],
         base_rate: 0.1, episode_boost: 4, ceiling: {per_hour: 100}}
        """);
    fixture.warmUp();
    assertThat(rates()).containsExactly(0.1);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private List<Double> rates() {
    return fixture.values(Topics.EVAL_RATES).stream().map(EvalRate::getRate).toList();
  }

  @Test
  void episode_ofTheTenant_raisesRatesUntilItEnds() {
    fixture.episode(Traces.TENANT, "OPENED");
    fixture.advance(Duration.ofSeconds(61));
    fixture.episode(Traces.TENANT, "AMENDED");
    fixture.advance(Duration.ofSeconds(61));
    fixture.episode(Traces.TENANT, "RESOLVED");
    fixture.advance(Duration.ofSeconds(61));

    assertThat(rates()).containsExactly(0.4, 0.1);
  }

  /** Late windows amend an episode after its end: that opens nothing, and nothing would end it. */
  @Test
  void episode_amendedAfterItsEnd_staysOver() {
    fixture.episode(Traces.TENANT, "OPENED");
    fixture.episode(Traces.TENANT, "LEVEL_SHIFT");
    fixture.episode(Traces.TENANT, "AMENDED");
    fixture.advance(Duration.ofSeconds(61));

    assertThat(rates()).isEmpty();
  }

  @Test
  void episode_ofAnotherTenant_raisesNothing() {
    fixture.episode("other", "OPENED");
    fixture.advance(Duration.ofSeconds(61));

    assertThat(rates()).isEmpty();
  }
}
