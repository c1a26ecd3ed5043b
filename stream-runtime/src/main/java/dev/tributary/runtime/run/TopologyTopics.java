package dev.tributary.runtime.run;

import dev.tributary.schemas.Topic;
import dev.tributary.schemas.TopicNames;
import dev.tributary.schemas.Topics;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyDescription;

/** What a topology says about its topics and names. */
public final class TopologyTopics {
  /** A name that Kafka Streams 4.3.1 made up, as {@code KSTREAM-FILTER-0000000003}. */
  private static final Pattern GENERATED = Pattern.compile("K(?:STREAM|TABLE)-[A-Z-]+-\\d{10}");

  private TopologyTopics() {}

  /** The topics of the catalogue that the topology reads or writes by a fixed name. */
  public static List<Topic<?, ?>> catalogued(Topology topology, TopicNames names) {
    Set<String> used = names(topology);
    return Topics.all().stream()
        .<Topic<?, ?>>map(topic -> topic)
        .filter(topic -> used.contains(names.of(topic)))
        .toList();
  }

  /**
   * Names of nodes and stores that were made up. There must be none: they become names of topics,
   * and change when an operator is added.
   */
  public static Set<String> generatedNames(Topology topology) {
    Set<String> generated = new TreeSet<>();
    Matcher matcher = GENERATED.matcher(topology.describe().toString());
    while (matcher.find()) {
      generated.add(matcher.group());
    }
    return generated;
  }

  private static Set<String> names(Topology topology) {
    Set<String> names = new LinkedHashSet<>();
    TopologyDescription description = topology.describe();
    for (TopologyDescription.Subtopology part : description.subtopologies()) {
      part.nodes().forEach(node -> add(node, names));
    }
    for (TopologyDescription.GlobalStore store : description.globalStores()) {
      add(store.source(), names);
    }
    return names;
  }

  private static void add(TopologyDescription.Node node, Set<String> names) {
    if (node instanceof TopologyDescription.Source source && source.topicSet() != null) {
      names.addAll(source.topicSet());
    } else if (node instanceof TopologyDescription.Sink sink && sink.topic() != null) {
      names.add(sink.topic());
    }
  }
}
