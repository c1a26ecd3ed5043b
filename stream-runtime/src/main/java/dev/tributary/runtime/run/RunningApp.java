package dev.tributary.runtime.run;

import dev.tributary.runtime.errors.FaultThreshold;
import dev.tributary.runtime.errors.Faults;
import dev.tributary.runtime.health.Health;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.ThreadMetadata;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A started application. Safe for use by several threads; closing twice does nothing more. */
public final class RunningApp implements AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(RunningApp.class);

  /** Longest that the streams may take to end. */
  public static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);

  private final String name;
  private final String applicationId;
  private final KafkaStreams streams;
  private final List<AutoCloseable> resources;
  private final FaultThreshold transientFaults;
  private final AtomicReference<@Nullable String> failure = new AtomicReference<>();
  private final CountDownLatch running = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);

  /**
   * An application about to start.
   *
   * @param resources closed after the streams, last one first
   */
  RunningApp(
      String name,
      String applicationId,
      KafkaStreams streams,
      List<AutoCloseable> resources,
      FaultThreshold transientFaults) {
    this.name = name;
    this.applicationId = applicationId;
    this.streams = streams;
    this.resources = new ArrayList<>(resources);
    this.transientFaults = transientFaults;
    streams.setStateListener(this::stateChanged);
    streams.setUncaughtExceptionHandler(this::uncaught);
  }

  /** Stores that are there are opened here, before any thread runs. */
  void start() {
    try {
      streams.start();
    } catch (ProcessorStateException e) {
      close();
      if (!Faults.isDamagedState(e)) {
        throw e;
      }
      streams.cleanUp();
      throw new DamagedStateException(
          "the local state of "
              + applicationId
              + " was damaged ("
              + e.getMessage()
              + ") and is deleted; start again: it is restored from Kafka",
          e);
    }
  }

  private void stateChanged(KafkaStreams.State now, KafkaStreams.State before) {
    LOGGER
        .atInfo()
        .addKeyValue("app", name)
        .addKeyValue("before", before)
        .addKeyValue("now", now)
        .log("state changed");
    if (now == KafkaStreams.State.RUNNING) {
      running.countDown();
    }
    if (now == KafkaStreams.State.NOT_RUNNING || now == KafkaStreams.State.ERROR) {
      ended.countDown();
    }
  }

  /**
   * What a new thread can go on after gets one, up to the threshold; anything else ends the
   * application.
   */
  private StreamThreadExceptionResponse uncaught(Throwable thrown) {
    StreamsException position = Faults.find(thrown, StreamsException.class);
    String task =
        position == null ? "unknown" : position.taskId().map(Object::toString).orElse("unknown");
    if (Faults.isRecoverable(thrown) && transientFaults.bears()) {
      LOGGER
          .atWarn()
          .addKeyValue("app", name)
          .addKeyValue("task", task)
          .addKeyValue("fault", Faults.describe(thrown))
          .log("transient fault: the stream thread is replaced");
      return StreamThreadExceptionResponse.REPLACE_THREAD;
    }
    String what = Faults.describe(thrown) + " at task " + task;
    if (failure.compareAndSet(null, what)) {
      LOGGER
          .atError()
          .addKeyValue("app", name)
          .addKeyValue("task", task)
          .addKeyValue("thread", Thread.currentThread().getName())
          .addKeyValue("transient_limit", transientFaults)
          .setCause(thrown)
          .log("uncaught fault: the application stops");
    }
    return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
  }

  /** The application's name. */
  public String name() {
    return name;
  }

  /** Kafka's view of the state. */
  public KafkaStreams.State state() {
    return streams.state();
  }

  /** State, tasks and what stopped it. */
  public AppStatus status() {
    int active = 0;
    int standby = 0;
    if (streams.state().isRunningOrRebalancing()) {
      for (ThreadMetadata thread : streams.metadataForLocalThreads()) {
        active += thread.activeTasks().size();
        standby += thread.standbyTasks().size();
      }
    }
    return new AppStatus(name, applicationId, streams.state(), active, standby, failure.get());
  }

  /** What the health endpoints say of it. */
  Health health() {
    KafkaStreams.State state = streams.state();
    String detail = "state " + state;
    String stoppedBy = failure.get();
    if (stoppedBy != null || state == KafkaStreams.State.ERROR) {
      return Health.dead(detail + (stoppedBy == null ? "" : ", stopped by " + stoppedBy));
    }
    return state == KafkaStreams.State.RUNNING ? Health.up(detail) : Health.starting(detail);
  }

  /**
   * Waits until it has been running for the first time.
   *
   * @throws IllegalStateException when it ended before, or the time is over
   */
  public void awaitRunning(Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (!running.await(50, TimeUnit.MILLISECONDS)) {
      if (ended.getCount() == 0) {
        throw new IllegalStateException(name + " ended before it ran: " + failure.get());
      }
      if (System.nanoTime() - deadline > 0) {
        throw new IllegalStateException(
            name + " is not running after " + timeout + " but " + streams.state());
      }
    }
  }

  /** Waits until it has ended, by {@link #close} or by a fault. */
  public ExitCode awaitEnd() throws InterruptedException {
    ended.await();
    return failure.get() == null && streams.state() != KafkaStreams.State.ERROR
        ? ExitCode.STOPPED
        : ExitCode.FAILED;
  }

  /** What stopped it: class names and position; null: nothing did. */
  public @Nullable String failure() {
    return failure.get();
  }

  /** The client itself, for metadata and metrics; lifecycle calls belong to this class. */
  public KafkaStreams streams() {
    return streams;
  }

  /** Ends it: the open transaction is committed, state is closed, at most 30 s. */
  @Override
  public void close() {
    close(CLOSE_TIMEOUT);
  }

  /**
   * Ends it.
   *
   * @return whether it ended within the time
   */
  public boolean close(Duration timeout) {
    boolean clean = streams.close(timeout);
    if (!clean) {
      LOGGER
          .atWarn()
          .addKeyValue("app", name)
          .addKeyValue("timeout", timeout)
          .log("did not end in time");
    }
    synchronized (resources) {
      for (int i = resources.size() - 1; i >= 0; i--) {
        closeResource(resources.get(i));
      }
      resources.clear();
    }
    return clean;
  }

  private void closeResource(AutoCloseable resource) {
    try {
      resource.close();
    } catch (Exception e) { // whatever one resource does, the others are closed too
      LOGGER.atWarn().addKeyValue("app", name).setCause(e).log("cannot close a resource");
    }
  }
}
