package dev.tributary.evaldispatch;

import dev.tributary.runtime.testing.Generator;
import dev.tributary.schemas.EvalJob;
import dev.tributary.schemas.EvalResult;
import dev.tributary.schemas.Keys;
import dev.tributary.schemas.Topic;
import dev.tributary.schemas.Topics;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * A worker that judges whatever it is told and writes the bill: it asks nobody whether it did a job
 * before. Some answers do not say what they cost, some come twice.
 */
final class AnsweringJudge implements AutoCloseable {
  /** What the policy says a job costs at most. */
  static final BigDecimal MOST = new BigDecimal("0.01");

  private final DispatchRun run;
  private final Generator generator;
  private final KafkaProducer<String, EvalResult> producer;
  private final Map<String, Integer> judged = new ConcurrentHashMap<>();
  private final Map<String, BigDecimal> bill = new TreeMap<>();
  private final Thread thread = new Thread(this::work, "answering-judge");
  private volatile boolean isEnding;
  private volatile Throwable fault;

  AnsweringJudge(DispatchRun run, long seed) {
    this.run = run;
    this.generator = new Generator(seed);
    this.producer = run.producer(Topics.EVAL_RESULTS);
    thread.setUncaughtExceptionHandler((any, e) -> fault = e);
    thread.start();
  }

  private void work() {
    Topic<String, EvalJob> topic = Topics.EVAL_JOBS_JUDGE;
    Properties properties = new Properties();
    properties.put("bootstrap.servers", run.bootstrapServers());
    properties.put("isolation.level", "read_committed");
    try (KafkaConsumer<String, EvalJob> consumer =
        new KafkaConsumer<>(
            properties,
            run.serdes().key(topic).deserializer(),
            run.serdes().value(topic).deserializer())) {
      List<TopicPartition> all =
          IntStream.range(0, DispatchRun.PARTITIONS)
              .mapToObj(partition -> new TopicPartition(topic.name(), partition))
              .toList();
      consumer.assign(all);
      consumer.seekToBeginning(all);
      while (!isEnding) {
        for (ConsumerRecord<String, EvalJob> record : consumer.poll(Duration.ofMillis(50))) {
          judge(record.value());
        }
      }
    }
  }

  private void judge(EvalJob job) {
    BigDecimal cost =
        generator.chance(10)
            ? null
            : MOST.multiply(BigDecimal.valueOf(generator.between(40, 100))).movePointLeft(2);
    synchronized (bill) {
      bill.merge(
          job.getAttribution().getTeam().getValue(), cost == null ? MOST : cost, BigDecimal::add);
    }
    EvalResult answer =
        EvalResult.newBuilder()
            .setTenant(job.getTenant())
            .setJobId(job.getJobId())
            .setAttempt(job.getAttempt())
            .setScore(
                Traces.score(job.getJobId(), job.getEvaluator(), 0.5, run.nowUs())
                    .setTraceId(job.getTraceId())
                    .setSubjectId(job.getTraceId())
                    .setCost(cost == null ? null : cost.setScale(18))
                    .build())
            .build();
    for (int times = generator.chance(10) ? 2 : 1; times > 0; times--) {
      producer.send(
          new ProducerRecord<>(
              Topics.EVAL_RESULTS.name(), Keys.trace(job.getTenant(), job.getTraceId()), answer));
    }
    judged.merge(job.getJobId(), 1, Integer::sum);
  }

  /** How often each job was judged. */
  Map<String, Integer> judged() {
    return new HashMap<>(judged);
  }

  /** What each team's jobs cost; of an answer without a cost what the policy says at most. */
  Map<String, BigDecimal> bill() {
    synchronized (bill) {
      return new TreeMap<>(bill);
    }
  }

  @Override
  public void close() throws InterruptedException {
    isEnding = true;
    thread.join();
    producer.close();
    if (fault != null) {
      throw new IllegalStateException("the judge did not end well", fault);
    }
  }
}
