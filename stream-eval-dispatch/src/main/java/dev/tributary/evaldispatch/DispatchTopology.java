package dev.tributary.evaldispatch;

import dev.tributary.runtime.config.StoreType;
import dev.tributary.runtime.reference.ReferenceData;
import dev.tributary.runtime.run.AppContext;
import dev.tributary.runtime.run.StreamsProperties;
import dev.tributary.runtime.serde.TopicSerdes;
import dev.tributary.schemas.Anomaly;
import dev.tributary.schemas.EvalControl;
import dev.tributary.schemas.EvalJob;
import dev.tributary.schemas.EvalRate;
import dev.tributary.schemas.EvalResult;
import dev.tributary.schemas.EvalSubject;
import dev.tributary.schemas.Event;
import dev.tributary.schemas.ReferenceKind;
import dev.tributary.schemas.Rejected;
import dev.tributary.schemas.Score;
import dev.tributary.schemas.Signal;
import dev.tributary.schemas.Topic;
import dev.tributary.schemas.Topics;
import java.time.Clock;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.Stores;

/** Closed traces to evaluation jobs, results to scores; wiring only. */
public final class DispatchTopology {
  private static final Map<String, Topic<String, EvalJob>> ROUTES =
      Map.of(
          "fast", Topics.EVAL_JOBS_FAST,
          "judge", Topics.EVAL_JOBS_JUDGE,
          "human", Topics.EVAL_JOBS_HUMAN);
  private static final List<String> OF_TRACES = List.of("fast", "judge", "human");
  private static final List<String> OF_CONTROLLER = List.of("judge", "human");

  /** In the text of every series, and in no subject of an alarm. */
  private static final String SERIES_MARK = "|environment=";

  private DispatchTopology() {}

  /** The topology under these settings. */
  public static Topology build(AppContext context) {
    DispatchConfig config = DispatchConfig.from(context.settings());
    DispatchMetrics metrics = new DispatchMetrics(context.meters(), context.topics());
    Properties properties = StreamsProperties.of(DispatchMain.APP.name(), context.settings());
    StreamsBuilder builder = new StreamsBuilder(new TopologyConfig(new StreamsConfig(properties)));
    TopicSerdes serdes = context.serdes();
    Clock clock = context.clock();

    // Policies are reference data, put in force by a manifest.
    LoadedPolicies policies = new LoadedPolicies(metrics);
    ReferenceData.addGlobalStore(
        builder,
        serdes,
        context.topics().of(Topics.REF),
        DispatchTopologyNames.REFERENCES,
        EnumSet.of(ReferenceKind.POLICY),
        policies);

    // Closed traces, their jobs and their results are keyed alike, so one task has all of a trace.
    // Jobs are read back to be watched: those of judges are sent by the controller's task.
    KStream<String, SpecificRecord> ofTraces =
        source(builder, context, Topics.TRACES, "traces")
            .merge(
                source(builder, context, Topics.EVAL_RESULTS, "results"), Named.as("add-results"))
            .merge(
                source(builder, context, Topics.EVAL_JOBS_FAST, "fast-jobs"), Named.as("add-fast"))
            .merge(
                source(builder, context, Topics.EVAL_JOBS_JUDGE, "judge-jobs"),
                Named.as("add-judge"))
            .merge(
                source(builder, context, Topics.EVAL_JOBS_HUMAN, "human-jobs"),
                Named.as("add-human"));

    // Subjects are kept for `subject-retention`, jobs until their answer, waiting results for
    // `resolve-wait`, ids of scores for `score-retention`; all end through one index of deadlines.
    addStores(builder, config, serdes);
    KStream<String, SpecificRecord> decided =
        ofTraces.process(
            () -> new TraceProcessor(config, metrics, policies, clock),
            Named.as("evaluate-traces"),
            DispatchTopologyNames.SUBJECTS,
            DispatchTopologyNames.SESSIONS,
            DispatchTopologyNames.FIRST_SEEN,
            DispatchTopologyNames.PENDING,
            DispatchTopologyNames.WAITING,
            DispatchTopologyNames.WRITTEN,
            DispatchTopologyNames.DEADLINES);

    // Results about a session come keyed by it: its traces are told there, too.
    KStream<String, EvalSubject> bySession =
        only(decided, EvalSubject.class, "subjects")
            .repartition(
                Repartitioned.with(Serdes.String(), serdes.avro(EvalSubject.class))
                    .withName(DispatchTopologyNames.BY_SESSION)
                    .withNumberOfPartitions(config.partitions()));
    KStream<String, SpecificRecord> ofSessions =
        bySession.process(
            () -> new SessionProcessor(config, metrics, clock),
            Named.as("keep-sessions"),
            DispatchTopologyNames.SUBJECTS,
            DispatchTopologyNames.SESSIONS,
            DispatchTopologyNames.FIRST_SEEN,
            DispatchTopologyNames.PENDING,
            DispatchTopologyNames.WAITING,
            DispatchTopologyNames.WRITTEN,
            DispatchTopologyNames.DEADLINES);

    // One partition: money is counted in one place. Only candidates come, thinned by the highest
    // rate their stratum can have, and sums of demand.
    KStream<String, EvalControl> episodes =
        builder.stream(
                context.topics().of(Topics.ANOMALIES),
                Consumed.with(serdes.key(Topics.ANOMALIES), serdes.value(Topics.ANOMALIES))
                    .withName("consume-anomalies"))
            .filter((key, anomaly) -> isOfSeries(anomaly), Named.as("select-episodes"))
            .mapValues(DispatchTopology::episode, Named.as("read-episodes"));
    KStream<String, SpecificRecord> controlled =
        only(decided, EvalControl.class, "control")
            .merge(episodes, Named.as("add-episodes"))
            .repartition(
                Repartitioned.with(Serdes.String(), serdes.avro(EvalControl.class))
                    .withName(DispatchTopologyNames.CONTROL)
                    .withNumberOfPartitions(1))
            .process(
                () -> new ControllerProcessor(config, metrics, policies, clock),
                Named.as("control-rates"),
                DispatchTopologyNames.CONTROLLER);

    jobs(decided, context, OF_TRACES, "");
    jobs(controlled, context, OF_CONTROLLER, "-admitted");
    sink(decided, context, Score.class, Topics.SCORES, "scores");
    sink(ofSessions, context, Score.class, Topics.SCORES, "session-scores");
    sink(decided, context, Rejected.class, Topics.REJECTED, "rejected");
    sink(controlled, context, Score.class, Topics.SCORES, "gaps");
    sink(controlled, context, Event.class, Topics.EVENTS, "coverage");
    sink(controlled, context, Signal.class, Topics.SIGNALS, "queues");
    controlled
        // A tombstone takes an old rate off the topic; nothing else here is null.
        .filter(
            (key, value) -> value == null || value instanceof EvalRate, Named.as("select-rates"))
        .mapValues(EvalRate.class::cast, Named.as("type-rates"))
        .to(
            context.topics().of(Topics.EVAL_RATES),
            Produced.with(serdes.key(Topics.EVAL_RATES), serdes.value(Topics.EVAL_RATES))
                .withName("produce-rates"));
    return builder.build(properties);
  }

  private static <V extends SpecificRecord> KStream<String, SpecificRecord> source(
      StreamsBuilder builder, AppContext context, Topic<String, V> topic, String what) {
    return builder.stream(
            context.topics().of(topic),
            Consumed.with(context.serdes().key(topic), context.serdes().value(topic))
                .withName("consume-" + what))
        .mapValues(value -> (SpecificRecord) value, Named.as("take-" + what));
  }

  private static void jobs(
      KStream<String, SpecificRecord> stream,
      AppContext context,
      List<String> routes,
      String suffix) {
    KStream<String, EvalJob> jobs = only(stream, EvalJob.class, "jobs" + suffix);
    for (String route : routes) {
      Topic<String, EvalJob> topic = Objects.requireNonNull(ROUTES.get(route), route);
      jobs.filter((key, job) -> job.getRoute().equals(route), Named.as("select-" + route + suffix))
          .to(
              context.topics().of(topic),
              Produced.with(context.serdes().key(topic), context.serdes().value(topic))
                  .withName("produce-" + route + "-jobs" + suffix));
    }
  }

  private static <V extends SpecificRecord> void sink(
      KStream<String, SpecificRecord> stream,
      AppContext context,
      Class<V> type,
      Topic<String, V> topic,
      String what) {
    only(stream, type, what)
        .to(
            context.topics().of(topic),
            Produced.with(context.serdes().key(topic), context.serdes().value(topic))
                .withName("produce-" + what));
  }

  private static <T> KStream<String, T> only(
      KStream<String, SpecificRecord> stream, Class<T> type, String what) {
    return stream
        .filter((key, value) -> type.isInstance(value), Named.as("select-" + what))
        .mapValues(type::cast, Named.as("type-" + what));
  }

  /**
   * Whether answers moved: a budget that is spent, a trace that runs away or a queue of evaluations
   * is no reason to evaluate more, and some of these alarms have no end. An amendment says nothing
   * of whether an episode is open: most come after its end, and nothing would end it again.
   */
  private static boolean isOfSeries(Anomaly anomaly) {
    return anomaly.getSeries().contains(SERIES_MARK) && !anomaly.getState().equals("AMENDED");
  }

  private static EvalControl episode(Anomaly anomaly) {
    return EvalControl.newBuilder()
        .setTenant(anomaly.getTenant())
        .setKind("episode")
        .setAtUs(anomaly.getWindowStartUs())
        .setSubject(anomaly.getEpisodeId())
        .setActive(
            !anomaly.getState().equals("RESOLVED") && !anomaly.getState().equals("LEVEL_SHIFT"))
        .setDimensions(anomaly.getDimensions())
        .build();
  }

  private static void addStores(StreamsBuilder builder, DispatchConfig config, TopicSerdes serdes) {
    add(builder, config, DispatchTopologyNames.SUBJECTS, serdes.avro(EvalSubject.class));
    add(builder, config, DispatchTopologyNames.SESSIONS, serdes.avro(EvalSubject.class));
    add(builder, config, DispatchTopologyNames.FIRST_SEEN, Serdes.String());
    add(builder, config, DispatchTopologyNames.PENDING, serdes.avro(EvalJob.class));
    add(builder, config, DispatchTopologyNames.WAITING, serdes.avro(EvalResult.class));
    add(builder, config, DispatchTopologyNames.WRITTEN, Serdes.String());
    add(builder, config, DispatchTopologyNames.DEADLINES, Serdes.String());
    add(builder, config, DispatchTopologyNames.CONTROLLER, Serdes.String());
  }

  private static <V> void add(
      StreamsBuilder builder, DispatchConfig config, String name, Serde<V> serde) {
    KeyValueBytesStoreSupplier supplier =
        config.store() == StoreType.ROCKSDB
            ? Stores.persistentKeyValueStore(name)
            : Stores.inMemoryKeyValueStore(name);
    // Read at every record and changed often between commits.
    builder.addStateStore(
        Stores.keyValueStoreBuilder(supplier, Serdes.String(), serde).withCachingEnabled());
  }
}
