package dev.tributary.sink.clickhouse;

import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.run.RunOptions;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * A sink in a process of its own that stands still at a given moment of the protocol, to be killed
 * there, or to go on when it is sent a line. Arguments: the step, how often it is passed before,
 * whether intents are kept, then settings as key=value.
 */
final class LoaderChildMain {
  static final String REACHED = "REACHED";
  static final String RUNS = "RUNS";

  /** Before the name of each step that is passed after it went on. */
  static final String LATER = "LATER ";

  private LoaderChildMain() {}

  public static void main(String[] args) throws InterruptedException {
    String step = args[0];
    boolean keepsIntents = Boolean.parseBoolean(args[2]);
    Map<String, String> texts = new HashMap<>();
    for (int i = 3; i < args.length; i++) {
      int equals = args[i].indexOf('=');
      texts.put(args[i].substring(0, equals), args[i].substring(equals + 1));
    }
    SinkFixture.registerSchemas();
    ClickHouseSink sink =
        ClickHouseSink.start(
            Settings.of(texts, SinkConfig.allSettings()),
            RunOptions.of(new SimpleMeterRegistry()),
            new StandStill(step, Integer.parseInt(args[1])),
            properties -> consumer(properties, keepsIntents));
    System.out.println(RUNS);
    if (!sink.awaitEnd()) {
      System.out.println("FAILED " + sink.status());
    }
  }

  /** Stands still once. */
  private static final class StandStill implements FaultPoints {
    private final String step;
    private final AtomicInteger left;
    private volatile boolean wentOn;

    StandStill(String step, int times) {
      this.step = step;
      this.left = new AtomicInteger(times);
    }

    @Override
    public void reach(String reached) {
      if (wentOn) {
        System.out.println(LATER + reached);
      } else if (reached.equals(step) && left.getAndDecrement() == 0) {
        System.out.println(REACHED);
        awaitLine();
        wentOn = true;
      }
    }

    private static void awaitLine() {
      try {
        if (System.in.read() < 0) {
          throw new IllegalStateException("nobody is there to say when to go on");
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static Consumer<byte[], byte[]> consumer(Properties properties, boolean keepsIntents) {
    Consumer<byte[], byte[]> real =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    return keepsIntents ? real : forgetful(real);
  }

  /** The negative control: commits offsets, but not what they announce. */
  @SuppressWarnings("unchecked")
  private static Consumer<byte[], byte[]> forgetful(Consumer<byte[], byte[]> real) {
    return (Consumer<byte[], byte[]>)
        Proxy.newProxyInstance(
            Consumer.class.getClassLoader(),
            new Class<?>[] {Consumer.class},
            (proxy, method, arguments) -> {
              try {
                if (method.getName().equals("commitSync") && arguments != null) {
                  Map<TopicPartition, OffsetAndMetadata> bare = new HashMap<>();
                  ((Map<TopicPartition, OffsetAndMetadata>) arguments[0])
                      .forEach(
                          (partition, offset) ->
                              bare.put(partition, new OffsetAndMetadata(offset.offset())));
                  real.commitSync(bare);
                  return null;
                }
                return method.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
