package dev.tributary.runtime.combine;

import dev.tributary.runtime.config.ProcessEnvironment;
import dev.tributary.runtime.run.StreamsApp;
import dev.tributary.runtime.run.StreamsRunner;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.StoreBuilder;

/** Sums numbers by key before it sends them on; the process that {@code CombiningStoreIT} kills. */
final class CombineApp {
  static final String INPUT = "amounts";
  static final String OUTPUT = "partial-sums-of-amounts";

  /** Put before both topics, so that several runs share one broker. */
  static final String TOPICS_KEY = "tributary.test.combine.topics";

  static final String DRAIN_KEY = "tributary.test.combine.drain";
  static final String MAX_ENTRIES_KEY = "tributary.test.combine.max-entries";

  /** When partial sums are sent on. */
  enum Drain {
    /** The real thing. */
    AT_COMMIT,
    /** The negative control: a timer, whatever the transaction does. */
    BY_TIMER
  }

  private CombineApp() {}

  public static void main(String[] args) {
    ProcessEnvironment process = ProcessEnvironment.current();
    Drain drain = Drain.valueOf(process.property(DRAIN_KEY));
    int maxEntries = Integer.parseInt(process.property(MAX_ENTRIES_KEY));
    String topics = process.property(TOPICS_KEY);
    StreamsApp app =
        new StreamsApp("combine", List.of(), context -> topology(drain, maxEntries, topics));
    System.exit(StreamsRunner.run(app, args));
  }

  static Topology topology(Drain drain, int maxEntries) {
    return topology(drain, maxEntries, "");
  }

  private static Topology topology(Drain drain, int maxEntries, String topics) {
    Topology topology = new Topology();
    topology.addSource(
        "consume-amounts",
        Serdes.String().deserializer(),
        Serdes.Long().deserializer(),
        topics + INPUT);
    ProcessorSupplier<String, Long, String, Long> supplier =
        drain == Drain.AT_COMMIT ? new AtCommit(maxEntries) : ByTimer::new;
    topology.addProcessor("combine-amounts", supplier, "consume-amounts");
    topology.addSink(
        "produce-sums",
        topics + OUTPUT,
        Serdes.String().serializer(),
        Serdes.Long().serializer(),
        "combine-amounts");
    return topology;
  }

  private record AtCommit(int maxEntries) implements ProcessorSupplier<String, Long, String, Long> {
    private static final String STORE = "partial-sums";

    @Override
    public Set<StoreBuilder<?>> stores() {
      return Set.of(CombiningStores.builder(STORE, new SumCombiner(), maxEntries));
    }

    @Override
    public Processor<String, Long, String, Long> get() {
      return new Processor<>() {
        private CombiningStore<String, Long, SumCombiner.Sum> store;
        private long timestamp;

        @Override
        public void init(ProcessorContext<String, Long> context) {
          store = context.getStateStore(STORE);
          store.drainTo(
              context, (key, sum) -> context.forward(new Record<>(key, sum.value(), timestamp)));
        }

        @Override
        public void process(Record<String, Long> amount) {
          timestamp = amount.timestamp();
          store.add(amount.key(), amount.value());
        }
      };
    }
  }

  private static final class ByTimer implements Processor<String, Long, String, Long> {
    private final Map<String, Long> sums = new HashMap<>();

    @Override
    public void init(ProcessorContext<String, Long> context) {
      context.schedule(
          Duration.ofMillis(100),
          PunctuationType.WALL_CLOCK_TIME,
          now -> {
            sums.forEach((key, sum) -> context.forward(new Record<>(key, sum, now)));
            sums.clear();
          });
    }

    @Override
    public void process(Record<String, Long> amount) {
      sums.merge(amount.key(), amount.value(), Long::sum);
    }
  }
}
