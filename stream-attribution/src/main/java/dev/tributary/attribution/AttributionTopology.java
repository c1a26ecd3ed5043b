package dev.tributary.attribution;

import dev.tributary.attribution.core.References;
import dev.tributary.runtime.config.StoreType;
import dev.tributary.runtime.metrics.ModuleMetrics;
import dev.tributary.runtime.reference.ReferenceData;
import dev.tributary.runtime.run.AppContext;
import dev.tributary.runtime.serde.TopicSerdes;
import dev.tributary.schemas.Correction;
import dev.tributary.schemas.LedgerEntry;
import dev.tributary.schemas.ReferenceKind;
import dev.tributary.schemas.Rejected;
import dev.tributary.schemas.Span;
import dev.tributary.schemas.TopicNames;
import dev.tributary.schemas.Topics;
import dev.tributary.schemas.TraceSummary;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.function.Function;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/** Spans and commands in; ledger, traces, sessions and refusals out. */
public final class AttributionTopology {
  /** Name of the application, and the label of its metrics. */
  static final String MODULE = "attribution";

  static final String SPANS_BY_TRACE = "spans-by-trace";
  static final String LINES_BY_TRACE = "lines-by-trace";
  static final String TRACES = "traces";
  static final String DEADLINES = "deadlines";
  static final String STUBS = "stubs";
  static final String JOIN_META = "join-meta";
  static final String CORRECTION_RUNS = "correction-runs";
  static final String TURNS_BY_SESSION = "turns-by-session";
  static final String SESSIONS = "sessions";
  static final String SESSION_DEADLINES = "session-deadlines";
  static final String REFERENCES = "references";

  /** Half of the time after which a broker gives up a transaction of Streams (4.3.1: 10 s). */
  private static final Duration REFERENCE_PATIENCE = Duration.ofSeconds(5);

  private AttributionTopology() {}

  /** Wires the topology; the reading order is the order of the data. */
  public static Topology build(AppContext context) {
    return build(context, new Route(context.topics(), context.topics(), references -> references));
  }

  /**
   * Where it reads and writes.
   *
   * @param inputs names of spans and reference data
   * @param topics names of everything else
   * @param versions which reference versions it books under
   */
  record Route(
      TopicNames inputs, TopicNames topics, Function<LoadedReferences, References> versions) {}

  static Topology build(AppContext context, Route route) {
    AttributionConfig config = AttributionConfig.from(context.settings());
    ModuleMetrics metrics = new ModuleMetrics(context.meters(), MODULE);
    TopicSerdes serdes = context.serdes();
    TopicNames topics = route.topics();
    Clock wallClock = context.clock();
    StreamsBuilder builder = new StreamsBuilder();

    // Used through an index that is swapped when a manifest comes. Every kind is kept: a manifest
    // counts them all.
    LoadedReferences references = new LoadedReferences(REFERENCE_PATIENCE);
    ReferenceData.addGlobalStore(
        builder,
        serdes,
        route.inputs().of(Topics.REF),
        REFERENCES,
        EnumSet.complementOf(EnumSet.of(ReferenceKind.MANIFEST)),
        new ReferenceVersionsInForce(references, metrics));

    // Spans and commands are keyed by tenant and trace already, so the join needs no repartition;
    // both go through one processor, because both change the same lines.
    KStream<String, Object> spans = consumeSpans(builder, serdes, route.inputs());
    KStream<String, Object> commands = consumeCorrections(builder, serdes, topics);
    joinStores(config.store()).forEach(builder::addStateStore);
    JoinProcessor.Inputs inputs =
        new JoinProcessor.Inputs(route.inputs().of(Topics.SPANS), topics.of(Topics.CORRECTIONS));
    References versions = route.versions().apply(references);
    KStream<String, Object> joined =
        spans
            .merge(commands, Named.as("merge-commands"))
            .process(
                () -> new JoinProcessor(config, versions, metrics, wallClock, inputs),
                Named.as("join-traces"),
                SPANS_BY_TRACE,
                LINES_BY_TRACE,
                TRACES,
                DEADLINES,
                STUBS,
                JOIN_META,
                CORRECTION_RUNS);

    // What the join sends is told apart by its type; all of it has the event time of its subject.
    only(joined, SignedEntry.class, "entries")
        .to(
            topics.of(Topics.LEDGER),
            Produced.with(Serdes.String(), ledgerSerde(serdes)).withName("produce-ledger"));
    only(joined, TraceSummary.class, "traces")
        .to(
            topics.of(Topics.TRACES),
            Produced.with(Serdes.String(), serdes.value(Topics.TRACES)).withName("produce-traces"));
    only(joined, Rejected.class, "rejected")
        .to(
            topics.of(Topics.REJECTED),
            Produced.with(Serdes.String(), serdes.value(Topics.REJECTED))
                .withName("produce-rejected"));
    only(joined, SignalChange.class, "signals")
        .mapValues(SignalChange::signal, Named.as("unwrap-signals"))
        .to(
            topics.of(Topics.SIGNALS),
            Produced.with(Serdes.String(), serdes.value(Topics.SIGNALS))
                .withName("produce-signals"));

    // A session's traces are on any partition: the one repartition of this module, one record per
    // closed trace that has a session. Entries per trace and sums per session live as long as the
    // sessions' topic.
    sessionStores(config.store()).forEach(builder::addStateStore);
    only(joined, JoinProcessor.SessionTrace.class, "session-traces")
        .mapValues(JoinProcessor.SessionTrace::summary, Named.as("unwrap-session-traces"))
        .repartition(
            Repartitioned.<String, TraceSummary>as(SESSIONS)
                .withKeySerde(Serdes.String())
                .withValueSerde(serdes.avro(TraceSummary.class)))
        .process(
            () -> new SessionProcessor(config.sessions(), wallClock),
            Named.as("join-sessions"),
            TURNS_BY_SESSION,
            SESSIONS,
            SESSION_DEADLINES)
        .to(
            topics.of(Topics.SESSIONS),
            Produced.with(Serdes.String(), serdes.value(Topics.SESSIONS))
                .withName("produce-sessions"));
    return builder.build();
  }

  private static KStream<String, Object> consumeSpans(
      StreamsBuilder builder, TopicSerdes serdes, TopicNames topics) {
    Serde<Span> values = serdes.value(Topics.SPANS);
    return builder.stream(
        topics.of(Topics.SPANS),
        Consumed.with(
                serdes.key(Topics.SPANS),
                reading(new IncomingSpanDeserializer(values.deserializer(), values.serializer())))
            .withName("consume-spans"));
  }

  private static KStream<String, Object> consumeCorrections(
      StreamsBuilder builder, TopicSerdes serdes, TopicNames topics) {
    Serde<Correction> values = serdes.value(Topics.CORRECTIONS);
    return builder.stream(
        topics.of(Topics.CORRECTIONS),
        Consumed.with(serdes.key(Topics.CORRECTIONS), reading(values.deserializer()))
            .withName("consume-corrections"));
  }

  private static Serde<Object> reading(Deserializer<?> reader) {
    return Serdes.serdeFrom(
        (topic, value) -> {
          throw new UnsupportedOperationException("inputs are only read");
        },
        reader::deserialize);
  }

  private static Serde<SignedEntry> ledgerSerde(TopicSerdes serdes) {
    Serde<LedgerEntry> configured = serdes.value(Topics.LEDGER);
    return Serdes.serdeFrom(
        new LedgerEntrySerializer(configured.serializer()),
        (topic, bytes) -> {
          throw new UnsupportedOperationException("the ledger is only written");
        });
  }

  private static <T> KStream<String, T> only(
      KStream<String, Object> joined, Class<T> type, String what) {
    return joined
        .filter((key, value) -> type.isInstance(value), Named.as("select-" + what))
        .mapValues(type::cast, Named.as("type-" + what));
  }

  /** Open traces and their lines live for minutes to hours, stubs for hours; see the README. */
  private static List<StoreBuilder<?>> joinStores(StoreType type) {
    return List.of(
        bytes(type, SPANS_BY_TRACE),
        bytes(type, LINES_BY_TRACE),
        cached(type, TRACES),
        bytes(type, DEADLINES),
        bytes(type, STUBS),
        cached(type, JOIN_META),
        bytes(type, CORRECTION_RUNS));
  }

  private static List<StoreBuilder<?>> sessionStores(StoreType type) {
    return List.of(
        bytes(type, TURNS_BY_SESSION), cached(type, SESSIONS), bytes(type, SESSION_DEADLINES));
  }

  private static StoreBuilder<KeyValueStore<String, byte[]>> bytes(StoreType type, String name) {
    KeyValueBytesStoreSupplier supplier =
        type == StoreType.MEMORY
            ? Stores.inMemoryKeyValueStore(name)
            : Stores.persistentKeyValueStore(name);
    return Stores.keyValueStoreBuilder(supplier, Serdes.String(), Serdes.ByteArray());
  }

  /** Entries that change several times between two commits go to the changelog once. */
  private static StoreBuilder<KeyValueStore<String, byte[]>> cached(StoreType type, String name) {
    return bytes(type, name).withCachingEnabled();
  }
}
