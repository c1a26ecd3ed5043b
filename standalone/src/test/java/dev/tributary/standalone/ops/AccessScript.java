package dev.tributary.standalone.ops;

import dev.tributary.alertrouter.AlertRouterConfig;
import dev.tributary.attribution.AttributionReplay;
import dev.tributary.evalworker.EvalWorkerConfig;
import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.run.AppContext;
import dev.tributary.runtime.run.StreamsApp;
import dev.tributary.runtime.serde.TopicSerdes;
import dev.tributary.schemas.Topic;
import dev.tributary.schemas.TopicNames;
import dev.tributary.schemas.Topics;
import dev.tributary.sink.clickhouse.SinkConfig;
import dev.tributary.sink.clickhouse.core.SinkLayouts;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyDescription;

/**
 * Renders {@code ops/acls/create-acls.sh}: what each process may do with the topics, taken from
 * what its topology reads and writes.
 */
final class AccessScript {
  /**
   * What one process does with topics of the catalogue.
   *
   * @param name its principal is the application prefix, a dash and this
   * @param describes those it only asks for partitions and offsets; who reads or writes may as well
   */
  record Access(String name, Set<String> reads, Set<String> writes, Set<String> describes) {
    Access {
      describes = new TreeSet<>(describes);
      describes.removeAll(reads);
      describes.removeAll(writes);
    }

    Access(String name, Set<String> reads, Set<String> writes) {
      this(name, reads, writes, Set.of());
    }
  }

  private static final String HEADER =
      """
      #!/usr/bin/env bash
      # Lets every process read and write what it needs and nothing else; safe to run again.
      # Generated from the topologies (mvn verify -Dtributary.golden.update=true); do not edit.
      #   BOOTSTRAP=kafka:9092 [PREFIX=staging.] [APPLICATIONS=tributary] [COMMAND_CONFIG=admin.properties]
      #   create-acls.sh
      # Principals are User:$APPLICATIONS-normalize and so on. Who writes llm.spans.in and reads from
      # outside is for you to say.
      set -euo pipefail
      : "${BOOTSTRAP:?address of a broker, host:port}"
      allow() { # principal operations and resources...
        kafka-acls.sh --bootstrap-server "$BOOTSTRAP" ${COMMAND_CONFIG:+--command-config "$COMMAND_CONFIG"} \\
          --add --force --allow-principal "User:${APPLICATIONS:-tributary}-$1" "${@:2}"
      }
      topics() { # operation principal topics...
        local operation="$1" principal="$2" topic options=()
        shift 2
        for topic in "$@"; do options+=(--topic "${PREFIX:-}$topic"); done
        allow "$principal" --operation "$operation" "${options[@]}"
      }
      streams() { # application: its group, its transactions, its changelogs and repartition topics
        local id="${APPLICATIONS:-tributary}-$1"
        allow "$1" --operation Read --group "$id"
        allow "$1" --operation Write --operation Describe --transactional-id "$id-" --resource-pattern-type prefixed
        allow "$1" --operation All --topic "$id-" --resource-pattern-type prefixed
      }
      """;

  private static final Set<Topic<?, ?>> ROUTER_READS =
      Set.of(Topics.ALERTS, Topics.REF, Topics.ALERT_DELIVERIES);
  private static final Set<Topic<?, ?>> ROUTER_WRITES = Set.of(Topics.ALERT_DELIVERIES, Topics.DLQ);

  private static final String TOOL = "tool";

  /** Reference data, what corrections read beside what a replay does, and jobs for people. */
  private static final Set<Topic<?, ?>> TOOL_READS =
      Set.of(
          Topics.REF, Topics.CORRECTIONS, Topics.LEDGER, Topics.REJECTED, Topics.EVAL_JOBS_HUMAN);

  /** An erasure asks where these end, to wait until they are read; it sees none of their text. */
  private static final Set<Topic<?, ?>> ERASURE_AWAITS =
      Set.of(Topics.OTLP_SPANS, Topics.OTLP_LOGS, Topics.SPANS_IN, Topics.SPAN_CONTENT);

  private static final String TOOL_GROUPS =
      """
      # A correction waits for the owner of the ledger and for the loader, an erasure for normalize
      # and for the loader; a replay runs beside them; reference data is published in transactions.
      for kind in --group --transactional-id --topic; do
        allow tool --operation All "$kind" "${APPLICATIONS:-tributary}-run-" --resource-pattern-type prefixed
      done
      allow tool --operation All --topic "${PREFIX:-}run." --resource-pattern-type prefixed
      allow tool --operation Describe --group "${APPLICATIONS:-tributary}-attribution" \\
        --group "${APPLICATIONS:-tributary}-normalize" --group""";

  /** A worker answers in transactions of its own; content it reads from ClickHouse. */
  private static final String WORKER_GROUPS =
      """

      allow eval-worker --operation Read --group tributary-eval-worker- --resource-pattern-type prefixed
      allow eval-worker --operation Write --operation Describe --transactional-id tributary-eval-worker- --resource-pattern-type prefixed
      """;

  private AccessScript() {}

  static String render(Collection<StreamsApp> apps) {
    StringBuilder script = new StringBuilder(HEADER);
    for (StreamsApp app : apps) {
      Access access = of(app);
      script.append("\nstreams ").append(access.name()).append('\n');
      append(script, "Read", access.name(), access.reads());
      append(script, "Write", access.name(), access.writes());
      append(script, "Describe", access.name(), access.describes());
    }
    Access sink = sink();
    script
        .append("\nallow ")
        .append(sink.name())
        .append(" --operation Read --group ")
        .append(SinkConfig.GROUP.defaultText())
        .append('\n');
    append(script, "Read", sink.name(), sink.reads());
    append(script, "Write", sink.name(), sink.writes());

    script
        .append("\nallow ")
        .append(AlertRouterConfig.NAME)
        .append(" --operation Read --group ")
        .append(AlertRouterConfig.GROUP.defaultText())
        .append('\n');
    append(script, "Read", AlertRouterConfig.NAME, names(ROUTER_READS::contains));
    append(script, "Write", AlertRouterConfig.NAME, names(ROUTER_WRITES::contains));
    Access worker = worker();
    script.append(WORKER_GROUPS);
    append(script, "Read", worker.name(), worker.reads());
    append(script, "Write", worker.name(), worker.writes());

    Access tool = tool();
    script.append('\n');
    append(script, "Read", tool.name(), tool.reads());
    append(script, "Write", tool.name(), tool.writes());
    append(script, "Describe", tool.name(), tool.describes());
    script.append(TOOL_GROUPS).append(' ').append(SinkConfig.GROUP.defaultText()).append('\n');
    script.append('\n');
    append(script, "Write", "collector", names(topic -> topic.name().startsWith("otlp_")));
    return script.toString();
  }

  static Access of(StreamsApp app) {
    AppContext context =
        new AppContext(
            Settings.of(Map.of(), app.allSettings()),
            TopicSerdes.inMemory(),
            TopicNames.PLAIN,
            new SimpleMeterRegistry(),
            Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));
    Topology topology = app.topology().apply(context);
    Set<String> reads = new TreeSet<>();
    Set<String> writes = new TreeSet<>();
    // The error routes write it beside the topology.
    writes.add(Topics.DLQ.name());
    for (TopologyDescription.Node node : nodes(topology)) {
      if (node instanceof TopologyDescription.Source source) {
        reads.addAll(Objects.requireNonNullElse(source.topicSet(), Set.of()));
      } else if (node instanceof TopologyDescription.Sink to && to.topic() != null) {
        writes.add(to.topic());
      }
    }
    Set<String> catalogue = names(topic -> true);
    reads.retainAll(catalogue);
    writes.retainAll(catalogue);
    // Co-partitioned topics are compared at the start.
    return new Access(app.name(), reads, writes, names(topic -> topic.coPartitionGroup() != null));
  }

  static Access sink() {
    Set<String> reads = new TreeSet<>();
    SinkLayouts.all().forEach(layout -> reads.add(layout.topic()));
    return new Access(SinkConfig.NAME, reads, new TreeSet<>(Set.of(Topics.DLQ.name())));
  }

  /** All commands together; a replay starts an application, with what that needs of live topics. */
  static Access tool() {
    Access replay = of(AttributionReplay.app("run.any.", "any", 1));
    Set<String> reads = names(TOOL_READS::contains);
    reads.addAll(replay.reads());
    Set<String> writes = names(topic -> topic.owner().contains("command-line tool"));
    writes.addAll(replay.writes());
    Set<String> describes = names(ERASURE_AWAITS::contains);
    describes.addAll(replay.describes());
    return new Access(TOOL, reads, writes, describes);
  }

  private static Access worker() {
    return new Access(
        EvalWorkerConfig.NAME,
        names(topic -> topic == Topics.EVAL_JOBS_FAST || topic == Topics.EVAL_JOBS_JUDGE),
        names(
            topic ->
                topic == Topics.EVAL_RESULTS || topic == Topics.OTLP_SPANS || topic == Topics.DLQ));
  }

  private static List<TopologyDescription.Node> nodes(Topology topology) {
    List<TopologyDescription.Node> nodes = new ArrayList<>();
    TopologyDescription description = topology.describe();
    description.subtopologies().forEach(part -> nodes.addAll(part.nodes()));
    description.globalStores().forEach(store -> nodes.add(store.source()));
    return nodes;
  }

  private static Set<String> names(Predicate<Topic<?, ?>> which) {
    Set<String> names = new TreeSet<>();
    for (Topic<?, ?> topic : Topics.all()) {
      if (which.test(topic)) {
        names.add(topic.name());
      }
    }
    return names;
  }

  private static void append(
      StringBuilder script, String operation, String principal, Set<String> topics) {
    script.append("topics ").append(operation).append(' ').append(principal);
    topics.forEach(topic -> script.append(" \\\n  ").append(topic));
    script.append('\n');
  }
}
