package dev.tributary.evalworker;

import dev.tributary.evalworker.judge.Judge;
import dev.tributary.evalworker.judge.JudgeOptions;
import dev.tributary.runtime.config.CommonSettings;
import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.errors.DeadLetters;
import dev.tributary.runtime.health.Health;
import dev.tributary.runtime.health.HealthServer;
import dev.tributary.runtime.run.ClientProperties;
import dev.tributary.runtime.run.RunOptions;
import dev.tributary.runtime.run.RunningClient;
import dev.tributary.runtime.run.SettingsSerdes;
import dev.tributary.runtime.serde.TopicSerdes;
import dev.tributary.schemas.EvalJob;
import dev.tributary.schemas.Topic;
import dev.tributary.schemas.TopicNames;
import dev.tributary.schemas.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.jspecify.annotations.Nullable;

/**
 * A running worker: deterministic jobs always, those of judges where a judge is configured. Safe
 * for use by several threads; closing twice does nothing more.
 */
public final class EvalWorker implements RunningClient {
  /** Longest a batch may take before its partitions go to another worker. */
  private static final int MAX_POLL_INTERVAL_MS = 30 * 60_000;

  private final List<LoopThread> loops;
  private final CountDownLatch anyEnded;
  private final TopicSerdes serdes;
  private final boolean ownsSerdes;
  private final @Nullable HealthServer health;

  private EvalWorker(
      List<LoopThread> loops,
      CountDownLatch anyEnded,
      TopicSerdes serdes,
      boolean ownsSerdes,
      @Nullable HealthServer health) {
    this.loops = List.copyOf(loops);
    this.anyEnded = anyEnded;
    this.serdes = serdes;
    this.ownsSerdes = ownsSerdes;
    this.health = health;
  }

  /**
   * Starts taking jobs and returns at once.
   *
   * @throws dev.tributary.runtime.config.ConfigException when the settings cannot be used
   */
  public static EvalWorker start(Settings settings, RunOptions options) {
    EvalWorkerConfig config = EvalWorkerConfig.from(settings);
    return start(settings, options, new ClickHouseContent(config), FaultPoints.NONE, true);
  }

  static EvalWorker start(
      Settings settings,
      RunOptions options,
      ContentSource content,
      FaultPoints faults,
      boolean isClaiming) {
    EvalWorkerConfig config = EvalWorkerConfig.from(settings);
    TopicSerdes given = options.serdes();
    TopicSerdes serdes = given == null ? SettingsSerdes.of(settings) : given;
    JudgeOptions judge = config.judge();
    JobRunner runner =
        new JobRunner(
            judge == null ? null : new Judge(judge, options.clock()),
            judge == null ? "" : judge.provider(),
            options.clock());
    WorkerMetrics metrics = new WorkerMetrics(options.meters());
    CountDownLatch anyEnded = new CountDownLatch(1);
    Parts parts =
        new Parts(settings, config, options, serdes, runner, content, faults, metrics, anyEnded);
    List<LoopThread> loops = new ArrayList<>();
    loops.add(parts.loop("fast", Topics.EVAL_JOBS_FAST, false, config.batch(), 1));
    if (judge != null) {
      // As many jobs as are judged at a time: a claim covers no job that is not begun.
      loops.add(
          parts.loop(
              "judge",
              Topics.EVAL_JOBS_JUDGE,
              isClaiming,
              config.concurrency(),
              config.concurrency()));
    }
    EvalWorker worker = new EvalWorker(loops, anyEnded, serdes, given == null, options.health());
    if (worker.health != null) {
      worker.health.register(EvalWorkerConfig.NAME, worker::health);
    }
    loops.forEach(LoopThread::start);
    return worker;
  }

  private record Parts(
      Settings settings,
      EvalWorkerConfig config,
      RunOptions options,
      TopicSerdes serdes,
      JobRunner runner,
      ContentSource content,
      FaultPoints faults,
      WorkerMetrics metrics,
      CountDownLatch anyEnded) {

    LoopThread loop(
        String route, Topic<String, EvalJob> topic, boolean isClaimed, int batch, int threads) {
      TopicNames names = new TopicNames(settings.get(CommonSettings.TOPIC_PREFIX));
      long largest = settings.get(CommonSettings.MAX_RECORD_SIZE) - CommonSettings.RECORD_OVERHEAD;
      LoopSetup setup =
          new LoopSetup(
              names.of(topic),
              names.of(Topics.EVAL_RESULTS),
              names.of(Topics.OTLP_SPANS),
              isClaimed,
              config.contentWait().toNanos() / 1_000,
              serdes.value(topic).deserializer(),
              serdes.value(Topics.EVAL_RESULTS).serializer(),
              runner,
              content,
              new DeadLetters(names.of(Topics.DLQ), EvalWorkerConfig.NAME, largest),
              metrics,
              metrics.route(route),
              faults,
              options.clock());
      return new LoopThread(
          route, setup, consumer(route, batch), producer(settings), threads, anyEnded);
    }

    private Properties consumer(String route, int batch) {
      Properties properties = ClientProperties.consumer(settings);
      properties.put(ConsumerConfig.GROUP_ID_CONFIG, config.group() + "-" + route);
      properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, batch);
      properties.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, MAX_POLL_INTERVAL_MS);
      properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
      properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
      properties.putIfAbsent(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, "100");
      properties.putIfAbsent(
          ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
          CooperativeStickyAssignor.class.getName());
      return properties;
    }

    private static Properties producer(Settings settings) {
      Properties properties = ClientProperties.producer(settings);
      properties.put(ProducerConfig.ACKS_CONFIG, "all");
      properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
      properties.putIfAbsent(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
      properties.putIfAbsent(
          ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
          Math.toIntExact(settings.get(CommonSettings.MAX_RECORD_SIZE)));
      // Dispatch reads committed results only; a dead worker's transaction must not hold it up.
      properties.putIfAbsent(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, "30000");
      return properties;
    }
  }

  /** What the health endpoints say of it. */
  Health health() {
    for (LoopThread loop : loops) {
      Health health = loop.health();
      if (!health.ready()) {
        return health;
      }
    }
    return Health.up(loops.size() == 1 ? "deterministic evaluators, no judge" : "with a judge");
  }

  /** Waits for the first loop that ends: a worker without its judges would go unnoticed. */
  @Override
  public boolean awaitEnd() throws InterruptedException {
    anyEnded.await();
    return loops.stream().noneMatch(LoopThread::hasFailed);
  }

  /** Why the first of its loops that failed did so; null: none has, or it does not know. */
  public @Nullable String trouble() {
    return loops.stream()
        .filter(LoopThread::hasFailed)
        .map(LoopThread::health)
        .map(Health::detail)
        .findFirst()
        .orElse(null);
  }

  /** Ends after the batches under way, or in the middle of those that take longer. */
  @Override
  public void close() {
    LoopThread.close(loops);
    if (health != null) {
      health.unregister(EvalWorkerConfig.NAME);
    }
    if (ownsSerdes) {
      serdes.close();
    }
  }
}
