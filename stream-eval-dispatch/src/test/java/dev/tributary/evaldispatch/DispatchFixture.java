package dev.tributary.evaldispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.runtime.metrics.MetricNames;
import dev.tributary.runtime.testing.ConservationCheck;
import dev.tributary.runtime.testing.TopologyFixture;
import dev.tributary.schemas.Anomaly;
import dev.tributary.schemas.EvalControl;
import dev.tributary.schemas.EvalJob;
import dev.tributary.schemas.EvalResult;
import dev.tributary.schemas.Keys;
import dev.tributary.schemas.Reference;
import dev.tributary.schemas.Topic;
import dev.tributary.schemas.Topics;
import dev.tributary.schemas.TraceSummary;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.serialization.StringSerializer;

/** The application without a broker: policies, traces and results in, what it writes out. */
final class DispatchFixture implements AutoCloseable {
  private final TopologyFixture topology =
      TopologyFixture.of(
          DispatchMain.APP,
          Map.of("tributary.eval-dispatch.most-attempts", "2", "tributary.topics.partitions", "1"));

  /** Everything that came in must have been accounted for, and what waits be left to the next. */
  @Override
  public void close() {
    ConservationCheck check = new ConservationCheck(topology.meters(), "eval-dispatch");
    check.assertHolds();
    topology.close();
    check.assertHolds();
    assertThat(topology.meters().find(MetricNames.IN_STATE).gauges())
        .allSatisfy(gauge -> assertThat(gauge.value()).isZero());
  }

  /** What came out on a topic since it was last asked. */
  <V> List<V> values(Topic<?, V> topic) {
    return topology.values(topic);
  }

  void advance(Duration by) {
    topology.advance(by);
  }

  /** Microseconds since the epoch. */
  long nowUs() {
    return TraceProcessor.micros(topology.clock().instant());
  }

  /** What a counter counts. */
  long count(String name) {
    return topology.count(name);
  }

  /** How many entries a store holds. */
  long entries(String store) {
    return topology.driver().getKeyValueStore(store).approximateNumEntries();
  }

  /** Puts a policy in force. */
  void publish(String policy) {
    publish(policy, 1);
  }

  void publish(String policy, long version) {
    for (Reference each : PolicyInForce.of(policy, version)) {
      topology
          .input(Topics.REF)
          .pipeInput(Keys.reference(each.getTenant(), each.getKind(), each.getId()), each);
    }
  }

  /** Closes a trace. */
  void close(TraceSummary trace) {
    topology
        .input(Topics.TRACES)
        .pipeInput(Keys.trace(trace.getTenant(), trace.getTraceId()), trace);
  }

  /** Tells the controller of a job like one before, for another trace that closes now. */
  void candidate(EvalJob like, String traceId) {
    EvalJob job =
        EvalJob.newBuilder(like)
            .setJobId(traceId + like.getJobId().substring(traceId.length()))
            .setTraceId(traceId)
            .setInclusionProbability(0)
            .build();
    EvalControl told =
        EvalControl.newBuilder()
            .setTenant(like.getTenant())
            .setKind("candidate")
            .setPolicy(like.getPolicy())
            .setTeam("blue")
            .setStratum(like.getStratum())
            .setAtUs(nowUs())
            .setCandidate(job)
            .build();
    topology
        .driver()
        .createInputTopic(
            "tributary-" + DispatchMain.APP.name() + "-eval-control-repartition",
            new StringSerializer(),
            topology.serdes().avro(EvalControl.class).serializer())
        .pipeInput(like.getTenant(), told);
  }

  /** What became of an episode, as stream-anomaly tells it. */
  void episode(String tenant, String state) {
    Anomaly anomaly =
        Anomaly.newBuilder()
            .setTenant(tenant)
            .setEpisodeId("e-1")
            .setRevision(1)
            .setState(state)
            .setEnvironment("production")
            .setSeries("feature|environment=production|feature=checkout")
            .setMetric("spend_per_hour")
            .setDimensions(Map.of("feature", "checkout"))
            .setOpenedAtUs(nowUs())
            .setWindowStartUs(nowUs())
            .setScore(1)
            .build();
    topology.input(Topics.ANOMALIES).pipeInput(tenant + "|e-1", anomaly);
  }

  /** Brings a result home. */
  void answer(EvalResult result) {
    String subject =
        result.getScore().getTraceId() == null
            ? result.getScore().getSubjectId()
            : result.getScore().getTraceId();
    topology.input(Topics.EVAL_RESULTS).pipeInput(Keys.trace(Traces.TENANT, subject), result);
  }

  /** The controller knows the team after its first trace, and writes rates at its next plan. */
  void warmUp() {
    close(Traces.closed(Traces.id(9_999_999), nowUs()));
    topology.advance(Duration.ofSeconds(61));
    topology.advance(Duration.ofSeconds(10));
    topology.values(Topics.EVAL_JOBS_FAST);
    topology.values(Topics.SCORES);
  }

  /** What a judge makes of a job. */
  EvalResult judged(EvalJob job, double value) {
    return EvalResult.newBuilder()
        .setTenant(job.getTenant())
        .setJobId(job.getJobId())
        .setAttempt(job.getAttempt())
        .setScore(
            Traces.score(job.getJobId(), job.getEvaluator(), value, nowUs())
                .setTraceId(job.getTraceId())
                .setSubjectId(job.getTraceId())
                .setCost(new BigDecimal("0.004").setScale(18))
                .build())
        .build();
  }
}
