package dev.tributary.sink.clickhouse;

import dev.tributary.runtime.config.ProcessEnvironment;
import dev.tributary.runtime.run.RunOptions;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The sink in a process of its own that stands still at a given step of its protocol, to be killed
 * there. Arguments: the step, and how often it is passed before. Settings come as {@code -D}.
 */
public final class StoppingSinkMain {
  /** Printed when it stands still. */
  public static final String REACHED = "REACHED";

  /** Printed when it was started. */
  public static final String STARTED = "STARTED";

  /** No step: it never stands still. */
  public static final String NEVER = "never";

  /** Inserted, and the offsets not yet committed: the moment that only the token survives. */
  public static final String INSERTED = FaultPoints.AFTER_INSERT;

  private StoppingSinkMain() {}

  /** Runs until it is killed or fails. */
  public static void main(String[] args) throws InterruptedException {
    AtomicInteger left = new AtomicInteger(Integer.parseInt(args[1]));
    ClickHouseSink sink =
        ClickHouseSink.start(
            ProcessEnvironment.current().settings(new String[0], SinkConfig.allSettings()),
            RunOptions.of(new SimpleMeterRegistry()),
            step -> {
              if (step.equals(args[0]) && left.getAndDecrement() == 0) {
                System.out.println(REACHED);
                standStill();
              }
            },
            properties ->
                new KafkaConsumer<>(
                    properties, new ByteArrayDeserializer(), new ByteArrayDeserializer()));
    Runtime.getRuntime().addShutdownHook(new Thread(sink::close, "shutdown-sink"));
    System.out.println(STARTED);
    if (!sink.awaitEnd()) {
      System.out.println("FAILED " + sink.status());
      System.exit(1);
    }
  }

  private static void standStill() {
    while (true) {
      LockSupport.park();
    }
  }
}
