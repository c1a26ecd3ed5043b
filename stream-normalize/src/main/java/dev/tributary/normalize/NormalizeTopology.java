package dev.tributary.normalize;

import static dev.tributary.normalize.NormalizeProcessor.CONTENT_SINK;
import static dev.tributary.normalize.NormalizeProcessor.EVAL_RESULTS_SINK;
import static dev.tributary.normalize.NormalizeProcessor.EVENTS_SINK;
import static dev.tributary.normalize.NormalizeProcessor.GAUGES_SINK;
import static dev.tributary.normalize.NormalizeProcessor.REJECTED_SINK;
import static dev.tributary.normalize.NormalizeProcessor.SPANS_SINK;

import dev.tributary.normalize.core.Erasures;
import dev.tributary.runtime.metrics.ModuleMetrics;
import dev.tributary.runtime.run.AppContext;
import dev.tributary.schemas.Reference;
import dev.tributary.schemas.Topic;
import dev.tributary.schemas.Topics;
import java.util.Map;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.WallclockTimestampExtractor;
import org.apache.kafka.streams.state.Stores;

/**
 * OTLP requests and Avro spans in; normalised spans, their content, evaluations, failures, gauges
 * and refusals out.
 */
public final class NormalizeTopology {
  private static final String CONSUME_OTLP = "consume-otlp-spans";
  private static final String CONSUME_AVRO = "consume-avro-spans";
  private static final String NORMALIZE_OTLP = "normalize-otlp-spans";
  private static final String NORMALIZE_AVRO = "normalize-avro-spans";
  private static final String CONSUME_LOGS = "consume-otlp-logs";
  private static final String CONSUME_METRICS = "consume-otlp-metrics";
  private static final String READ_LOGS = "read-otlp-logs";
  private static final String READ_METRICS = "read-otlp-metrics";

  /** Name of the global store of erasures. */
  static final String ERASURES = "erasures";

  private NormalizeTopology() {}

  /** The topology under these settings. */
  public static Topology build(AppContext context) {
    NormalizeConfig config = NormalizeConfig.from(context.settings());
    Topology topology = new Topology();
    NormalizeMetrics metrics =
        new NormalizeMetrics(
            new ModuleMetrics(context.meters(), NormalizeMetrics.MODULE),
            Map.of(
                SPANS_SINK, context.topics().of(Topics.SPANS),
                CONTENT_SINK, context.topics().of(Topics.SPAN_CONTENT),
                EVAL_RESULTS_SINK, context.topics().of(Topics.EVAL_RESULTS),
                EVENTS_SINK, context.topics().of(Topics.EVENTS),
                GAUGES_SINK, context.topics().of(Topics.GAUGES),
                REJECTED_SINK, context.topics().of(Topics.REJECTED)));

    // Who asked to be forgotten: few, needed by every task, read before the first span.
    Erasures erasures = new Erasures();
    topology.addGlobalStore(
        Stores.keyValueStoreBuilder(
                Stores.inMemoryKeyValueStore(ERASURES),
                Serdes.String(),
                context.serdes().avro(Reference.class))
            .withLoggingDisabled(), // a global store's changelog is its topic
        "consume-erasures",
        context.serdes().key(Topics.REF).deserializer(),
        context.serdes().value(Topics.REF).deserializer(),
        context.topics().of(Topics.REF),
        "keep-erasures",
        () -> new ErasureProcessor(erasures));

    // Producers' record times are not needed, and a broken one must not stop the stream: a span's
    // time is in the span. A new installation reads what is already there.
    source(topology, context, CONSUME_OTLP, Topics.OTLP_SPANS);
    source(topology, context, CONSUME_AVRO, Topics.SPANS_IN);
    source(topology, context, CONSUME_LOGS, Topics.OTLP_LOGS);
    source(topology, context, CONSUME_METRICS, Topics.OTLP_METRICS);

    // Stateless: one request becomes as many spans as it holds, each with its trace's key.
    topology.addProcessor(
        NORMALIZE_OTLP,
        () -> new OtlpProcessor(config, metrics, erasures, context.clock()),
        CONSUME_OTLP);
    topology.addProcessor(
        NORMALIZE_AVRO,
        () -> new AvroSpanProcessor(config, metrics, erasures, context.clock()),
        CONSUME_AVRO);

    // Events about calls that are over, and measurements of what serves them: stateless as well.
    topology.addProcessor(
        READ_LOGS,
        () -> new LogProcessor(config, metrics, erasures, context.clock()),
        CONSUME_LOGS);
    topology.addProcessor(
        READ_METRICS,
        () -> new MetricProcessor(config, metrics, erasures, context.clock()),
        CONSUME_METRICS);

    // Keyed tenant|trace with Kafka's own partitioner, whatever the Collector's exporter used;
    // gauges tenant|host|model.
    sink(topology, context, SPANS_SINK, Topics.SPANS, NORMALIZE_OTLP, NORMALIZE_AVRO);
    sink(
        topology,
        context,
        CONTENT_SINK,
        Topics.SPAN_CONTENT,
        NORMALIZE_OTLP,
        NORMALIZE_AVRO,
        READ_LOGS);
    sink(topology, context, EVAL_RESULTS_SINK, Topics.EVAL_RESULTS, NORMALIZE_OTLP, READ_LOGS);
    sink(topology, context, EVENTS_SINK, Topics.EVENTS, READ_LOGS);
    sink(topology, context, GAUGES_SINK, Topics.GAUGES, READ_METRICS);
    sink(
        topology,
        context,
        REJECTED_SINK,
        Topics.REJECTED,
        NORMALIZE_OTLP,
        NORMALIZE_AVRO,
        READ_LOGS,
        READ_METRICS);
    return topology;
  }

  private static <V> void source(
      Topology topology, AppContext context, String name, Topic<byte[], V> topic) {
    topology.addSource(
        AutoOffsetReset.earliest(),
        name,
        new WallclockTimestampExtractor(),
        context.serdes().key(topic).deserializer(),
        context.serdes().value(topic).deserializer(),
        context.topics().of(topic));
  }

  private static <V> void sink(
      Topology topology, AppContext context, String name, Topic<String, V> topic, String... from) {
    Serde<V> values = context.serdes().value(topic);
    topology.addSink(
        name,
        context.topics().of(topic),
        context.serdes().key(topic).serializer(),
        values.serializer(),
        from);
  }
}
