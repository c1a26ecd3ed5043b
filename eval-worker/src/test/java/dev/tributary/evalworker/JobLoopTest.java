package dev.tributary.evalworker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.runtime.errors.DeadLetters;
import dev.tributary.schemas.EvalJob;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The order of what a loop does, without a broker. */
class JobLoopTest {
  private static final TopicPartition PARTITION = new TopicPartition("jobs", 0);

  private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
  private final MockProducer<byte[], byte[]> producer =
      new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
  private final ExecutorService pool = Executors.newFixedThreadPool(1);

  @AfterEach
  void close() {
    pool.shutdownNow();
  }

  private LoopSetup setup(ContentSource content) {
    WorkerMetrics metrics = new WorkerMetrics(new SimpleMeterRegistry());
    EvalJob job = Jobs.job(1, "judge", "faithfulness", WorkerFixture.nowUs());
    return new LoopSetup(
        PARTITION.topic(),
        "results",
        "spans",
        true,
        0,
        (topic, bytes) -> job,
        (topic, result) -> result.getScore().getStatusReason().getBytes(StandardCharsets.UTF_8),
        new JobRunner(null, "", Clock.systemUTC()),
        content,
        new DeadLetters("dlq", "eval-worker", 1_000_000),
        metrics,
        metrics.route("judge"),
        FaultPoints.NONE,
        Clock.systemUTC());
  }

  private @Nullable OffsetAndMetadata committed() {
    return consumer.committed(Set.of(PARTITION)).get(PARTITION);
  }

  /**
   * A worker that ends while it waits for content has asked nobody: whoever comes next may ask, and
   * a claim would say that it must not.
   */
  @Test
  void jobs_areClaimedWhenTheirContentIsThere_andNotBefore() throws Exception {
    List<@Nullable OffsetAndMetadata> whileFetching = new ArrayList<>();
    AtomicInteger fetches = new AtomicInteger();
    ContentSource content =
        (tenant, traces) -> {
          whileFetching.add(committed());
          if (fetches.incrementAndGet() < 3) {
            throw new IOException("down");
          }
          return Jobs.content(Map.of()).fetch(tenant, traces);
        };
    oneJobComes();

    new JobLoop(setup(content), consumer, producer, pool).run(() -> !producer.history().isEmpty());

    assertThat(whileFetching).hasSize(3).containsOnlyNulls();
    assertThat(committed()).isEqualTo(new OffsetAndMetadata(0, "begun:1"));
    assertThat(producer.history().get(0).value()).asString().isEqualTo("NO_JUDGE");
    assertThat(producer.consumerGroupOffsetsHistory().get(0).values())
        .allSatisfy(offsets -> assertThat(offsets).containsValue(new OffsetAndMetadata(1)));
  }

  /** Content that is down may be so for longer than whoever stops a process waits. */
  @Test
  void loopThatWaitsForContent_stopsWithoutAClaim() throws Exception {
    AtomicInteger fetches = new AtomicInteger();
    ContentSource down =
        (tenant, traces) -> {
          assertThat(fetches.incrementAndGet()).as("asked again though it is to stop").isEqualTo(1);
          throw new IOException("down");
        };
    oneJobComes();

    new JobLoop(setup(down), consumer, producer, pool).run(() -> fetches.get() > 0);

    assertThat(fetches).hasValue(1);
    assertThat(committed()).isNull();
    assertThat(producer.history()).isEmpty();
  }

  private void oneJobComes() {
    consumer.schedulePollTask(
        () -> {
          consumer.rebalance(List.of(PARTITION));
          consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
          consumer.addRecord(
              new ConsumerRecord<>(PARTITION.topic(), 0, 0, new byte[0], new byte[] {1}));
        });
  }
}
