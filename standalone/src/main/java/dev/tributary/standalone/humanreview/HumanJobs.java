package dev.tributary.standalone.humanreview;

import dev.tributary.runtime.config.CommonSettings;
import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.run.ClientProperties;
import dev.tributary.runtime.run.SettingsSerdes;
import dev.tributary.runtime.serde.TopicSerdes;
import dev.tributary.schemas.EvalJob;
import dev.tributary.schemas.EvalResult;
import dev.tributary.schemas.Keys;
import dev.tributary.schemas.TopicNames;
import dev.tributary.schemas.Topics;
import dev.tributary.standalone.platform.PlatformException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;

/** Jobs for people on their topic, and the way back for what they say. */
public final class HumanJobs implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(200);

  private final Settings settings;
  private final TopicSerdes serdes;
  private final TopicNames names;

  /** Jobs of a cluster. */
  public HumanJobs(Settings settings) {
    this.settings = settings;
    this.serdes = SettingsSerdes.of(settings);
    this.names = new TopicNames(settings.get(CommonSettings.TOPIC_PREFIX));
  }

  /** The last attempt of every job of a tenant whose deadline is not over, by id. */
  public Map<String, EvalJob> open(String tenant, long nowUs) {
    Map<String, EvalJob> jobs = new LinkedHashMap<>();
    Properties properties = ClientProperties.consumer(settings);
    try (KafkaConsumer<String, EvalJob> consumer =
        new KafkaConsumer<>(
            properties,
            serdes.key(Topics.EVAL_JOBS_HUMAN).deserializer(),
            serdes.value(Topics.EVAL_JOBS_HUMAN).deserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(names.of(Topics.EVAL_JOBS_HUMAN)).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
        for (ConsumerRecord<String, EvalJob> record : consumer.poll(POLL)) {
          EvalJob job = record.value();
          if (job.getTenant().equals(tenant)) {
            jobs.put(job.getJobId(), job);
          }
        }
      }
    }
    jobs.values().removeIf(job -> job.getDeadlineUs() < nowUs);
    return jobs;
  }

  /** Sends results; returns when all are safe. */
  public void answer(Collection<EvalResult> results) {
    Properties properties = ClientProperties.producer(settings);
    properties.put(ProducerConfig.ACKS_CONFIG, "all");
    String topic = names.of(Topics.EVAL_RESULTS);
    try (KafkaProducer<String, EvalResult> producer =
        new KafkaProducer<>(
            properties,
            serdes.key(Topics.EVAL_RESULTS).serializer(),
            serdes.value(Topics.EVAL_RESULTS).serializer())) {
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      for (EvalResult result : results) {
        sent.add(producer.send(new ProducerRecord<>(topic, key(result), result)));
      }
      for (Future<RecordMetadata> each : sent) {
        each.get();
      }
    } catch (ExecutionException e) {
      throw new PlatformException("cannot send the labels: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PlatformException("interrupted while sending the labels", e);
    }
  }

  /** Where the subject's trace or session is known. */
  private static String key(EvalResult result) {
    String trace = result.getScore().getTraceId();
    return trace != null
        ? Keys.trace(result.getTenant(), trace)
        : Keys.session(result.getTenant(), result.getScore().getSubjectId());
  }

  @Override
  public void close() {
    serdes.close();
  }
}
