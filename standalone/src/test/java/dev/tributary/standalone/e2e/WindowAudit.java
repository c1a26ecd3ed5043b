package dev.tributary.standalone.e2e;

import dev.tributary.runtime.serde.TopicSerdes;
import dev.tributary.schemas.Measures;
import dev.tributary.schemas.TokenSums;
import dev.tributary.schemas.Topics;
import dev.tributary.schemas.Window;
import dev.tributary.schemas.WindowRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.serialization.Deserializer;

/** The windows read from Kafka, the highest revision of each, summed by grouping set. */
final class WindowAudit {
  /** Sets that every call enters exactly once. */
  private static final List<String> SETS_OF_ALL_CALLS =
      List.of(
          "feature",
          "feature_prompt_version",
          "feature_model",
          "feature_agent",
          "team",
          "workspace",
          "provider_surface_model",
          "service",
          "user_tier");

  private final Map<String, Window> newest = new HashMap<>();

  private WindowAudit() {}

  /** Reads all committed windows. */
  static WindowAudit read(String bootstrapServers, TopicSerdes serdes) {
    WindowAudit audit = new WindowAudit();
    Deserializer<WindowRecord> decode = serdes.value(Topics.WINDOWS).deserializer();
    CommittedRecords.read(
        bootstrapServers,
        Topics.WINDOWS.name(),
        record -> {
          WindowRecord value = decode.deserialize(Topics.WINDOWS.name(), record.value());
          if (value.getBody() instanceof Window window) {
            audit.newest.merge(
                String.join(
                    "|",
                    window.getTenant(),
                    window.getEnvironment(),
                    window.getSeries(),
                    Long.toString(window.getStartTimeUs())),
                window,
                (a, b) -> a.getRevision() > b.getRevision() ? a : b);
          }
        });
    return audit;
  }

  /** Where a grouping set's sum is not the ledger's; also by feature. */
  List<String> differences(LedgerAudit ledger) {
    Map<String, Figures> bySet = new HashMap<>();
    Figures byFeature = new Figures();
    for (Window window : newest.values()) {
      add(bySet.computeIfAbsent(window.getGroupingSet(), set -> new Figures()), window);
      if (window.getGroupingSet().equals("feature")) {
        Measures measures = window.getMeasures();
        byFeature.add(
            window.getDimensions().getOrDefault("feature", "no feature"),
            measures.getCost().add(measures.getCostEstimated()));
      }
    }
    List<String> differences = new ArrayList<>();
    for (String set : SETS_OF_ALL_CALLS) {
      differences.addAll(
          ledger
              .everything()
              .differences("windows by " + set, bySet.getOrDefault(set, new Figures())));
    }
    differences.addAll(ledger.costByFeature().differences("cost of windows by feature", byFeature));
    return differences;
  }

  private static void add(Figures figures, Window window) {
    Measures measures = window.getMeasures();
    figures.add("calls", measures.getCalls());
    figures.add("cost", measures.getCost().add(measures.getCostEstimated()));
    for (TokenSums tokens : List.of(measures.getTokens(), measures.getTokensEstimated())) {
      figures
          .add("uncached", tokens.getInputUncached())
          .add("cache read", tokens.getCacheRead())
          .add("cache write", tokens.getCacheWrite5m() + tokens.getCacheWrite1h())
          .add("text", tokens.getOutputText())
          .add("reasoning", tokens.getReasoning());
    }
  }

  @Override
  public String toString() {
    return "%,d windows".formatted(newest.size());
  }
}
