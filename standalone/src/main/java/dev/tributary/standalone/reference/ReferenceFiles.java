package dev.tributary.standalone.reference;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.tributary.alertrouter.core.PolicyJson;
import dev.tributary.anomaly.PolicyReader;
import dev.tributary.anomaly.core.series.PolicyRow;
import dev.tributary.anomaly.core.series.RuleBook;
import dev.tributary.anomaly.core.watch.QueuePolicy;
import dev.tributary.anomaly.core.watch.QueueRules;
import dev.tributary.attribution.OpenTracePolicyReader;
import dev.tributary.attribution.OwnershipReader;
import dev.tributary.attribution.core.OwnershipRule;
import dev.tributary.cost.BudgetReader;
import dev.tributary.cost.core.Budget;
import dev.tributary.evaldispatch.core.EvalPolicy;
import dev.tributary.pricing.CatalogueException;
import dev.tributary.schemas.ReferenceKind;
import dev.tributary.standalone.platform.PlatformException;
import dev.tributary.standalone.reference.ReferenceTimelines.Stated;
import dev.tributary.standalone.text.TextFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Files of reference data as rows. Each is checked by the reader of the application that will use
 * it, so what is published can be read.
 */
final class ReferenceFiles {
  private static final ObjectMapper YAML =
      new YAMLMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Checks a file and names what it states. */
  private interface Reader {
    List<String> ids(String file, String yaml);
  }

  private ReferenceFiles() {}

  static List<Stated> ownership(List<Path> files) {
    return read(
        files,
        "rules",
        new Rows(ReferenceKind.OWNERSHIP, "", null),
        (file, yaml) ->
            OwnershipReader.readFile(file, yaml).stream().map(OwnershipRule::id).toList());
  }

  static List<Stated> budgets(String tenant, List<Path> files) {
    return read(
        files,
        "budgets",
        new Rows(ReferenceKind.BUDGET, "", null),
        (file, yaml) ->
            BudgetReader.readFile(file, tenant, yaml).stream().map(Budget::id).toList());
  }

  static List<Stated> openTraces(List<Path> files) {
    return read(
        files,
        "policies",
        new Rows(ReferenceKind.POLICY, "open_trace.", OpenTracePolicyReader.TYPE),
        OpenTracePolicyReader::readFile);
  }

  static List<Stated> evaluations(String tenant, List<Path> files) {
    return read(
        files,
        "policies",
        new Rows(ReferenceKind.POLICY, "eval.", dev.tributary.evaldispatch.PolicyReader.TYPE),
        (file, yaml) ->
            dev.tributary.evaldispatch.PolicyReader.readFile(file, tenant, yaml).stream()
                .map(EvalPolicy::id)
                .toList());
  }

  static List<Stated> alerting(List<Path> files) {
    return read(
        files,
        "policies",
        new Rows(ReferenceKind.POLICY, "alerting.", null),
        ReferenceFiles::alertingIds);
  }

  private static List<String> alertingIds(String file, String yaml) {
    List<String> ids = new ArrayList<>();
    try {
      JsonNode root = YAML.readTree(yaml);
      // A misspelt name would else withdraw everything that is in force.
      if (!root.isObject() || root.size() != 1 || !root.path("policies").isArray()) {
        throw new IllegalArgumentException(
            "policies: a list of policies is expected, and nothing beside it");
      }
      for (JsonNode policy : root.path("policies")) {
        String id = policy.path("id").asText();
        if (id.isEmpty()) {
          throw new IllegalArgumentException("id: is missing");
        }
        if (PolicyJson.policy(id, json(policy), null, null).equals(PolicyJson.Policy.NONE)) {
          throw new IllegalArgumentException(
              id + ": type: silence, maintenance or alert_routing is expected");
        }
        ids.add(id);
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
    }
    return ids;
  }

  static List<Stated> prompts(List<Path> files) {
    List<Stated> prompts = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (Path file : files) {
      for (PromptFile.Prompt prompt :
          refusable(() -> PromptFile.parse(file.toString(), text(file)))) {
        requireNew(ids, file, prompt.id());
        prompts.add(new Stated(ReferenceKind.PROMPT, prompt.id(), null, null, prompt.json()));
      }
    }
    return prompts;
  }

  static List<Stated> anomalies(List<Path> files) {
    List<PolicyRow> rows = new ArrayList<>();
    List<Stated> stated = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (Path file : files) {
      for (PolicyRow row : refusable(() -> PolicyReader.readFile(file.toString(), text(file)))) {
        requireNew(ids, file, row.id());
        rows.add(row);
        stated.add(
            new Stated(ReferenceKind.POLICY, "anomaly." + row.id(), null, null, json(row.toMap())));
      }
    }
    refusable(() -> new RuleBook(rows)); // refuses what contradicts itself between files
    stated.addAll(queues(files, ids));
    return stated;
  }

  private static List<Stated> queues(List<Path> files, Set<String> ids) {
    List<QueuePolicy> rows = new ArrayList<>();
    List<Stated> stated = new ArrayList<>();
    for (Path file : files) {
      for (QueuePolicy row :
          refusable(() -> PolicyReader.readQueues(file.toString(), text(file)))) {
        requireNew(ids, file, row.id());
        rows.add(row);
        stated.add(
            new Stated(ReferenceKind.POLICY, "anomaly." + row.id(), null, null, json(row.toMap())));
      }
    }
    refusable(() -> new QueueRules(rows));
    return stated;
  }

  /**
   * How the items of a list become rows.
   *
   * @param prefix of their ids, where several kinds of policies share one kind of row
   * @param type what a row says of itself; null: what the file says
   */
  private record Rows(ReferenceKind kind, String prefix, @Nullable String type) {
    Stated of(JsonNode item) {
      if (type != null && item instanceof ObjectNode fields) {
        fields.put("type", type);
      }
      return new Stated(kind, prefix + item.path("id").asText(), null, null, json(item));
    }
  }

  private static List<Stated> read(List<Path> files, String list, Rows rows, Reader reader) {
    List<Stated> stated = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (Path file : files) {
      String yaml = text(file);
      for (String id : refusable(() -> reader.ids(file.toString(), yaml))) {
        requireNew(ids, file, id);
      }
      try {
        YAML.readTree(yaml).path(list).forEach(item -> stated.add(rows.of(item)));
      } catch (IOException e) {
        throw new PlatformException(file + ": " + e.getMessage(), e);
      }
    }
    return stated;
  }

  private static void requireNew(Set<String> ids, Path file, String id) {
    if (!ids.add(id)) {
      throw new PlatformException(file + ": id: a second one of the name " + id);
    }
  }

  private static <T> T refusable(Supplier<T> reading) {
    try {
      return reading.get();
    } catch (IllegalArgumentException | CatalogueException e) {
      throw new PlatformException(String.valueOf(e.getMessage()), e);
    }
  }

  private static String text(Path file) {
    try {
      return TextFile.read(file);
    } catch (IOException e) {
      throw new PlatformException(String.valueOf(e.getMessage()), e);
    }
  }

  private static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (IOException e) {
      throw new IllegalStateException("a tree and a map of texts can always be written", e);
    }
  }
}
