package dev.tributary.sink.clickhouse;

import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.run.RunOptions;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * A sink in a process of its own that stands still at a given moment of the protocol, to be killed
 * there. Arguments: the step, how often it is passed before, whether intents are kept, then
 * settings as key=value.
 */
final class LoaderChildMain {
  static final String REACHED = "REACHED";
  static final String RUNS = "RUNS";

  private LoaderChildMain() {}

  public static void main(String[] args) throws InterruptedException {
    String step = args[0];
    AtomicInteger left = new AtomicInteger(Integer.parseInt(args[1]));
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
            reached -> {
              if (reached.equals(step) && left.getAndDecrement() == 0) {
                System.out.println(REACHED);
                standStill();
              }
            },
            properties -> consumer(properties, keepsIntents));
    System.out.println(RUNS);
    if (!sink.awaitEnd()) {
      System.out.println("FAILED " + sink.status());
    }
  }

  private static void standStill() {
    while (true) {
      LockSupport.park();
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
