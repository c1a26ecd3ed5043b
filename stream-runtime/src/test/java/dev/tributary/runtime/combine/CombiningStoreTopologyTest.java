package dev.tributary.runtime.combine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Instant;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.LongSerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;

/** The wiring: the driver commits after every record, so combining itself cannot show here. */
class CombiningStoreTopologyTest {
  private static final Instant TIME = Instant.parse("2026-03-01T10:00:00Z");

  @Test
  void record_isForwardedAtCommitFromItsOwnNode() {
    Properties properties = new Properties();
    properties.put("application.id", "combine");
    properties.put("bootstrap.servers", "unused:1");
    properties.put("default.key.serde", Serdes.StringSerde.class);
    properties.put("default.value.serde", Serdes.LongSerde.class);
    try (TopologyTestDriver driver =
        new TopologyTestDriver(CombineApp.topology(CombineApp.Drain.AT_COMMIT, 100), properties)) {
      TestInputTopic<String, Long> input =
          driver.createInputTopic(CombineApp.INPUT, new StringSerializer(), new LongSerializer());

      input.pipeInput("a", 3L, TIME);
      input.pipeInput("b", 4L, TIME.plusSeconds(1));

      List<TestRecord<String, Long>> output =
          driver
              .createOutputTopic(
                  CombineApp.OUTPUT, new StringDeserializer(), new LongDeserializer())
              .readRecordsToList();
      assertThat(output)
          .extracting(TestRecord::key, TestRecord::value, TestRecord::getRecordTime)
          .containsExactly(tuple("a", 3L, TIME), tuple("b", 4L, TIME.plusSeconds(1)));
    }
  }

  @Test
  void drainTo_mockContext_isRefused() {
    CombiningStore<String, Long, SumCombiner.Sum> store =
        CombiningStores.builder("sums", new SumCombiner(), 10).build();

    assertThatThrownBy(
            () -> store.drainTo(new MockProcessorContext<String, Long>(), (key, sum) -> {}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("MockProcessorContext");
  }

  @Test
  void flush_partialsWithoutTarget_isAnError() {
    CombiningStore<String, Long, SumCombiner.Sum> store =
        CombiningStores.builder("sums", new SumCombiner(), 10).build();
    store.add("a", 1L);

    assertThatThrownBy(store::flushCache)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("drainTo was not called");
  }

  @Test
  void close_withPartials_forgetsThem() {
    CombiningStore<String, Long, SumCombiner.Sum> store =
        CombiningStores.builder("sums", new SumCombiner(), 10).build();
    store.add("a", 1L);

    store.close();

    assertThat(store.size()).isZero();
    assertThat(store.isOpen()).isFalse();
  }
}
