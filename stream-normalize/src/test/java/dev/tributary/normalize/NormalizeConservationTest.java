package dev.tributary.normalize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.runtime.metrics.MetricNames;
import dev.tributary.runtime.testing.ConservationCheck;
import dev.tributary.runtime.testing.Seeds;
import dev.tributary.runtime.testing.TopologyFixture;
import dev.tributary.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** received = sent + rejected + dead-lettered, whatever comes. */
class NormalizeConservationTest {
  static Stream<Long> seeds() {
    return Seeds.many(3);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void counters_randomRequests_everySpanAccountedFor(long seed) {
    Seeds.with(
        seed,
        generator -> {
          try (TopologyFixture fixture = TopologyFixture.of(NormalizeMain.APP)) {
            fixture.clock().set(OtlpFixtures.NOW);
            RandomRequests requests = new RandomRequests(generator);
            long spans = 0;
            long broken = 0;
            long foreignTenants = 0;
            for (int i = 0; i < 60; i++) {
              int count = generator.between(0, 12);
              byte[] bytes = requests.request(count).toByteArray();
              RecordHeaders headers = new RecordHeaders();
              if (generator.chance(15)) {
                bytes = Arrays.copyOf(bytes, bytes.length - 1);
                broken++;
              } else if (generator.chance(10)) {
                headers.add("tributary-tenant", "No Tenant".getBytes(StandardCharsets.UTF_8));
                foreignTenants++;
              } else {
                spans += count;
              }
              fixture.rawInput(Topics.OTLP_SPANS).pipeInput(new TestRecord<>(null, bytes, headers));
            }

            ConservationCheck check = new ConservationCheck(fixture.meters(), "normalize");
            check.assertHolds();
            assertThat(check.received()).isEqualTo(spans + broken + foreignTenants);
            long sent = fixture.values(Topics.SPANS).size();
            long rejected =
                fixture.values(Topics.REJECTED).stream()
                    .filter(refused -> !refused.getReason().equals("INVALID_USAGE"))
                    .count();
            assertThat(fixture.rawOutput(Topics.DLQ).readRecordsToList()).hasSize((int) broken);
            assertThat(sent + rejected).isEqualTo(spans + foreignTenants);
            assertThat(fixture.count(MetricNames.SENT_PRIMARY)).isEqualTo(sent);
            assertThat(List.of(sent, rejected)).doesNotContain(0L);
          }
        });
  }
}
