package dev.tributary.evalworker;

import dev.tributary.evalworker.core.SpanText;
import dev.tributary.runtime.metrics.InputMetrics;
import dev.tributary.schemas.EvalJob;
import dev.tributary.schemas.EvalResult;
import dev.tributary.schemas.Keys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;

/**
 * Takes jobs of one route in batches and answers each batch in one transaction with its offsets, so
 * that a job has one answer whatever happens. Before a judge is asked the batch is claimed beside
 * the committed offset: a successor answers claimed jobs with {@code INTERRUPTED} instead of asking
 * again. For one thread; whatever it throws ends it, and another begins where it stood.
 */
final class JobLoop {
  private static final Duration POLL = Duration.ofMillis(200);
  private static final long CONTENT_PAUSE_MS = 300;

  private final LoopSetup setup;
  private final Consumer<byte[], byte[]> consumer;
  private final Producer<byte[], byte[]> producer;
  private final ExecutorService pool;
  private final Map<TopicPartition, Long> begunUntil = new HashMap<>();

  JobLoop(
      LoopSetup setup,
      Consumer<byte[], byte[]> consumer,
      Producer<byte[], byte[]> producer,
      ExecutorService pool) {
    this.setup = setup;
    this.consumer = consumer;
    this.producer = producer;
    this.pool = pool;
  }

  /** A job of a batch. */
  private record Taken(ConsumerRecord<byte[], byte[]> record, @Nullable EvalJob job) {}

  /** Works until it is told to stop. */
  void run(BooleanSupplier isStopping) throws InterruptedException {
    producer.initTransactions();
    consumer.subscribe(List.of(setup.topic()), new Claims());
    while (!isStopping.getAsBoolean()) {
      ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
      tellLag();
      if (!records.isEmpty()) {
        setup.faults().reach(FaultPoints.AFTER_POLL);
        work(records, isStopping);
      }
    }
  }

  private final class Claims implements ConsumerRebalanceListener {
    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      partitions.forEach(begunUntil::remove);
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      consumer
          .committed(new HashSet<>(partitions))
          .forEach(
              (partition, offset) -> {
                OptionalLong end =
                    offset == null ? OptionalLong.empty() : Claim.end(offset.metadata());
                end.ifPresent(until -> begunUntil.put(partition, until));
              });
    }
  }

  private void work(ConsumerRecords<byte[], byte[]> records, BooleanSupplier isStopping)
      throws InterruptedException {
    List<Taken> batch = new ArrayList<>();
    Map<TopicPartition, OffsetAndMetadata> ends = new HashMap<>();
    Map<TopicPartition, OffsetAndMetadata> claims = new HashMap<>();
    for (TopicPartition partition : records.partitions()) {
      List<ConsumerRecord<byte[], byte[]>> ofPartition = records.records(partition);
      long first = ofPartition.get(0).offset();
      long end = ofPartition.get(ofPartition.size() - 1).offset() + 1;
      ends.put(partition, new OffsetAndMetadata(end));
      long begun = begunUntil.getOrDefault(partition, 0L);
      // What was begun before stays begun: the claim must not shrink while it is worked off.
      claims.put(partition, new OffsetAndMetadata(first, Claim.text(Math.max(end, begun))));
      ofPartition.forEach(record -> batch.add(new Taken(record, decode(record))));
    }
    // Before the claim: who ends while waiting for content has asked nobody, and who waited so long
    // that the partition is another's cannot claim and so does not ask.
    Map<String, List<SpanText>> content = content(batch, isStopping);
    if (content == null) {
      return;
    }
    if (setup.isClaimed()) {
      consumer.commitSync(claims);
      setup.faults().reach(FaultPoints.AFTER_CLAIM);
    }
    List<@Nullable JobAnswer> answers = answer(batch, content);
    setup.faults().reach(FaultPoints.AFTER_JUDGE);
    commit(batch, answers, keepClaims(ends));
    setup.faults().reach(FaultPoints.AFTER_COMMIT);
  }

  /** A claim that reaches beyond the batch, left by a predecessor, is carried on. */
  private Map<TopicPartition, OffsetAndMetadata> keepClaims(
      Map<TopicPartition, OffsetAndMetadata> ends) {
    Map<TopicPartition, OffsetAndMetadata> kept = new HashMap<>();
    ends.forEach(
        (partition, end) -> {
          long begun = begunUntil.getOrDefault(partition, 0L);
          if (begun > end.offset()) {
            kept.put(partition, new OffsetAndMetadata(end.offset(), Claim.text(begun)));
          } else {
            begunUntil.remove(partition);
            kept.put(partition, end);
          }
        });
    return kept;
  }

  /** Null: undecodable. */
  private @Nullable EvalJob decode(ConsumerRecord<byte[], byte[]> record) {
    try {
      return record.value() == null
          ? null
          : setup.jobs().deserialize(record.topic(), record.value());
    } catch (SerializationException e) {
      return null; // kept in the dead-letter topic by whoever sees null
    }
  }

  private List<@Nullable JobAnswer> answer(List<Taken> batch, Map<String, List<SpanText>> content)
      throws InterruptedException {
    List<@Nullable Future<JobAnswer>> futures = new ArrayList<>();
    for (Taken taken : batch) {
      EvalJob job = taken.job();
      futures.add(
          job == null
              ? null
              : pool.submit(
                  () ->
                      isBegun(taken.record())
                          ? setup.runner().interrupted(job)
                          : setup.runner().run(job, content.getOrDefault(key(job), List.of()))));
    }
    List<@Nullable JobAnswer> answers = new ArrayList<>();
    for (Future<JobAnswer> future : futures) {
      try {
        answers.add(future == null ? null : future.get());
      } catch (ExecutionException e) {
        throw new IllegalStateException("an evaluator threw " + e.getCause(), e);
      }
    }
    return answers;
  }

  private boolean isBegun(ConsumerRecord<byte[], byte[]> record) {
    TopicPartition partition = new TopicPartition(record.topic(), record.partition());
    return record.offset() < begunUntil.getOrDefault(partition, 0L);
  }

  private static String key(EvalJob job) {
    return Keys.trace(job.getTenant(), job.getTraceId());
  }

  /**
   * Content of the batch; what is not there yet is waited for, what never comes is absent. Null:
   * the loop is to stop, and the batch is whoever's comes next.
   */
  private @Nullable Map<String, List<SpanText>> content(
      List<Taken> batch, BooleanSupplier isStopping) throws InterruptedException {
    Map<String, Set<String>> wanted = new LinkedHashMap<>();
    long untilUs = 0;
    for (Taken taken : batch) {
      EvalJob job = taken.job();
      if (job != null && !isBegun(taken.record())) {
        wanted.computeIfAbsent(job.getTenant(), any -> new HashSet<>()).add(job.getTraceId());
        untilUs = Math.max(untilUs, job.getDispatchedAtUs() + setup.contentWaitUs());
      }
    }
    Map<String, List<SpanText>> found = new HashMap<>();
    while (true) {
      boolean isAnswered = fetch(wanted, found);
      wanted.values().removeIf(Set::isEmpty);
      if (wanted.isEmpty() || (isAnswered && nowUs() > untilUs)) {
        return found;
      }
      if (isStopping.getAsBoolean()) {
        return null;
      }
      TimeUnit.MILLISECONDS.sleep(CONTENT_PAUSE_MS);
    }
  }

  /**
   * Whether the source answered; content that is down is waited for, because no job may be lost.
   */
  private boolean fetch(Map<String, Set<String>> wanted, Map<String, List<SpanText>> found)
      throws InterruptedException {
    try {
      for (Map.Entry<String, Set<String>> tenant : wanted.entrySet()) {
        setup
            .content()
            .fetch(tenant.getKey(), tenant.getValue())
            .forEach(
                (traceId, spans) -> {
                  found.put(Keys.trace(tenant.getKey(), traceId), spans);
                  tenant.getValue().remove(traceId);
                });
      }
      return true;
    } catch (IOException e) {
      setup.metrics().error("content");
      return false;
    }
  }

  private void commit(
      List<Taken> batch,
      List<@Nullable JobAnswer> answers,
      Map<TopicPartition, OffsetAndMetadata> ends) {
    producer.beginTransaction();
    for (int i = 0; i < batch.size(); i++) {
      send(batch.get(i), answers.get(i));
    }
    setup.faults().reach(FaultPoints.IN_TRANSACTION);
    producer.sendOffsetsToTransaction(ends, consumer.groupMetadata());
    producer.commitTransaction();
    for (int i = 0; i < batch.size(); i++) {
      count(batch.get(i), answers.get(i));
    }
  }

  private void send(Taken taken, @Nullable JobAnswer answer) {
    EvalJob job = taken.job();
    if (job == null || answer == null) {
      send(letter(taken.record(), "UNDECODABLE"));
      return;
    }
    byte[] key = key(job).getBytes(StandardCharsets.UTF_8);
    for (EvalResult result : answer.results()) {
      send(
          new ProducerRecord<>(
              setup.resultsTopic(), key, setup.results().serialize(setup.resultsTopic(), result)));
    }
    if (answer.spans() != null) {
      ProducerRecord<byte[], byte[]> spans =
          new ProducerRecord<>(
              setup.spansTopic(), null, answer.spans().getBytes(StandardCharsets.UTF_8));
      spans.headers().add("tributary-encoding", "otlp_json".getBytes(StandardCharsets.UTF_8));
      spans.headers().add("tributary-tenant", job.getTenant().getBytes(StandardCharsets.UTF_8));
      send(spans);
    }
    if (answer.givenUp() != null) {
      send(letter(taken.record(), answer.givenUp()));
    }
  }

  private void send(ProducerRecord<byte[], byte[]> record) {
    // Committing the transaction throws where a record of it failed.
    Future<RecordMetadata> unused = producer.send(record);
  }

  private ProducerRecord<byte[], byte[]> letter(
      ConsumerRecord<byte[], byte[]> record, String reason) {
    return setup.letters().of(record, reason, "");
  }

  /** Counted when it is answered for good: what is under way, or begun anew, is not yet. */
  private void count(Taken taken, @Nullable JobAnswer answer) {
    InputMetrics input = setup.metrics().jobs(taken.record().topic(), taken.record().partition());
    input.received();
    EvalJob job = taken.job();
    if (job == null || answer == null) {
      input.deadLettered();
      return;
    }
    input.sentPrimary();
    setup.metrics().calls(answer.calls());
    String reason = answer.results().get(0).getScore().getStatusReason();
    setup.metrics().answered(job.getEvaluator(), reason == null ? "scored" : reason);
    if (answer.givenUp() != null) {
      setup.metrics().givenUp(answer.givenUp());
    }
    setup.route().ageMs().set((nowUs() - job.getDispatchedAtUs()) / 1_000);
  }

  private void tellLag() {
    long lag = 0;
    for (TopicPartition partition : consumer.assignment()) {
      lag += consumer.currentLag(partition).orElse(0);
    }
    setup.route().lag().set(lag);
  }

  private long nowUs() {
    Instant now = setup.clock().instant();
    return TimeUnit.SECONDS.toMicros(now.getEpochSecond()) + now.getNano() / 1_000;
  }
}
