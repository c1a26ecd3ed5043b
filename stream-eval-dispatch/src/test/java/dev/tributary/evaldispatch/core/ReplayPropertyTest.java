package dev.tributary.evaldispatch.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.runtime.testing.Generator;
import dev.tributary.runtime.testing.Seeds;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Candidates and what the controller wrote are enough to decide again, however late candidates
 * come: traces of several partitions, many closed at one moment, with outages behind which a
 * backlog is decided while newer rates are written already.
 */
class ReplayPropertyTest {
  private static final long SECOND = 1_000_000;
  private static final long START = 1_772_359_200L * SECOND;
  private static final EvalPolicy POLICY = Policies.withCeiling("0.50", 0.6, 0.2);

  /** What one run let through, and what it wrote. */
  private static final class Run {
    private final List<Candidate> candidates = new ArrayList<>();
    private final Set<String> admitted = new HashSet<>();
    private final List<RateChange> written = new ArrayList<>();
    private final Map<String, String> saved = new TreeMap<>();
    private RateController controller = fresh();

    private RateController fresh() {
      return new RateController(
          new ControllerOptions(SECOND, 1_000_000, 3_600 * SECOND),
          (key, value) -> {
            if (value == null) {
              saved.remove(key);
            } else {
              saved.put(key, value);
            }
          });
    }

    private void restart() {
      Map<String, String> before = new TreeMap<>(saved);
      controller = fresh();
      before.forEach(controller::restore);
    }

    private void decide(Candidate candidate, long nowUs) {
      candidates.add(candidate);
      Admission admission = controller.admit(candidate, POLICY, nowUs);
      if (admission instanceof Admission.Admitted) {
        admitted.add(candidate.jobId());
      } else if (admission instanceof Admission.Gap gap) {
        written.addAll(gap.changes());
      }
    }

    /** What traces and rates alone say, the later of two changes at one time counting. */
    private Set<String> replayed(boolean isToldOfRefusals) {
      Map<String, RateTimeline> timelines = new TreeMap<>();
      Set<String> refused = new HashSet<>();
      for (RateChange change : written) {
        if (change.jobId() == null) {
          timelines
              .computeIfAbsent(change.stratum(), any -> new RateTimeline())
              .put(change.fromUs(), change.rate(), change.isGap());
        } else if (isToldOfRefusals) {
          refused.add(change.jobId());
        }
      }
      Set<String> again = new HashSet<>();
      for (Candidate candidate : candidates) {
        RateTimeline timeline = timelines.get(candidate.stratum());
        RateTimeline.Rate rate = timeline == null ? null : timeline.at(candidate.closedAtUs());
        if (rate != null
            && !rate.isGap()
            && candidate.draw() < rate.probability()
            && !refused.contains(candidate.jobId())) {
          again.add(candidate.jobId());
        }
      }
      return again;
    }
  }

  private static Run run(Generator generator) {
    Run run = new Run();
    int number = 0;
    List<Candidate> waiting = new ArrayList<>();
    Deque<String> inFlight = new ArrayDeque<>();
    for (int second = 0; second < 900; second++) {
      long nowUs = START + second * SECOND;
      boolean isDown = second % 300 > 100 && second % 300 < 160;
      for (int i = generator.between(0, 3); i > 0; i--) {
        waiting.add(
            new Candidate(
                "job" + ++number,
                Policies.CELL,
                generator.chance(20) ? "errors" : Stratum.REST,
                generator.random().nextDouble(),
                1,
                // A partition's clock: it may be behind, and stands still between two closes.
                nowUs - SECOND * generator.between(0, 2),
                Policies.COST));
      }
      if (isDown) {
        continue;
      }
      if (generator.chance(5)) {
        run.restart();
      }
      if (second % 20 == 0) {
        run.written.addAll(run.controller.plan(nowUs, List.of(POLICY)));
      }
      // A backlog takes a while, and its partitions come one behind the other.
      waiting.sort(Comparator.comparingInt(each -> each.jobId().hashCode() % 2));
      for (Candidate each : List.copyOf(waiting.subList(0, Math.min(4, waiting.size())))) {
        run.controller.demand(Policies.CELL, each.stratum(), 1);
        run.decide(each, nowUs);
        waiting.remove(each);
        inFlight.add(each.jobId());
      }
      // Answers free money again and again, so that gaps begin and end.
      if (inFlight.size() > 60) {
        run.controller.settle(inFlight.remove(), Policies.COST.movePointLeft(1));
      }
    }
    return run;
  }

  static Stream<Long> seeds() {
    return Seeds.many(30);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void replay_ofCandidatesAndRates_letsTheSameThrough(long seed) {
    Seeds.with(
        seed,
        generator -> {
          Run run = run(generator);

          assertThat(run.admitted).hasSizeGreaterThan(50);
          assertThat(run.written).anyMatch(RateChange::isGap);
          assertThat(run.replayed(true)).isEqualTo(run.admitted);
        });
  }

  /** The negative control: without what was refused by name a replay lets more through. */
  @Test
  void replay_ofRatesWithoutRefusals_letsMoreThrough() {
    Seeds.with(
        7,
        generator -> {
          Run run = run(generator);

          assertThat(run.replayed(false)).hasSizeGreaterThan(run.admitted.size());
        });
  }
}
