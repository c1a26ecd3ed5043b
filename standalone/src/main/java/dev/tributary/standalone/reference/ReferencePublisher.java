package dev.tributary.standalone.reference;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.tributary.alertrouter.core.PolicyJson;
import dev.tributary.anomaly.PolicyReader;
import dev.tributary.anomaly.core.PolicyException;
import dev.tributary.anomaly.core.series.PolicyRow;
import dev.tributary.anomaly.core.series.RuleBook;
import dev.tributary.attribution.OwnershipReader;
import dev.tributary.cost.BudgetReader;
import dev.tributary.cost.core.Budget;
import dev.tributary.pricing.curated.CuratedCatalogue;
import dev.tributary.runtime.config.Settings;
import dev.tributary.schemas.Reference;
import dev.tributary.schemas.ReferenceKind;
import dev.tributary.standalone.platform.PlatformException;
import dev.tributary.standalone.reference.ReferenceTimelines.Stated;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Publishes the curated prices, a user's own, ownership tables, budgets, prompts, alerting policies
 * and erasures; does nothing where they are published already.
 */
public final class ReferencePublisher {
  private static final String CURATED = "curated";
  private static final String PRICES = "prices";
  private static final String OWNERSHIP = "ownership";
  private static final String BUDGETS = "budgets";
  private static final String PROMPTS = "prompts";
  private static final String ALERTING = "alerting";
  private static final String EVAL_POLICIES = "eval-policies";
  private static final String ERASURE = "erasure";
  private static final String POLICIES = "anomaly-policies";

  private ReferencePublisher() {}

  /**
   * Publishes what differs from what is there.
   *
   * @param tenant tenant the data is for
   * @param ownership ownership files (YAML); empty: ownership stays as it is
   * @return the version in force afterwards
   * @throws PlatformException when a file is refused, naming file, line and field; nothing is
   *     published then
   */
  public static long publish(Settings settings, String tenant, List<Path> ownership) {
    List<Stated> rules = rules(ownership);
    try (ReferenceLog log = ReferenceLog.open(settings)) {
      long version = publish(log, tenant, CURATED, List.of(ReferenceKind.RATE_CARD), cards());
      return ownership.isEmpty()
          ? version
          : publish(log, tenant, OWNERSHIP, List.of(ReferenceKind.OWNERSHIP), rules);
    }
  }

  /**
   * Publishes a user's own prices and names of models beside the curated ones; what the files no
   * longer state is withdrawn, so that the curated price holds again.
   *
   * @param files catalogue files (YAML)
   * @return the version in force afterwards
   * @throws PlatformException when a file is refused, naming file, line and field; nothing is
   *     published then
   */
  public static long publishPrices(Settings settings, String tenant, List<Path> files) {
    List<Stated> prices = PriceFiles.read(files);
    try (ReferenceLog log = ReferenceLog.open(settings)) {
      return publish(
          log, tenant, PRICES, List.of(ReferenceKind.RATE_CARD, ReferenceKind.POLICY), prices);
    }
  }

  /**
   * Publishes budgets; those that the files no longer state are withdrawn.
   *
   * @param files budget files (YAML)
   * @return the version in force afterwards
   * @throws PlatformException when a file is refused, naming file, line and field; nothing is
   *     published then
   */
  public static long publishBudgets(Settings settings, String tenant, List<Path> files) {
    List<Stated> budgets = budgets(tenant, files);
    try (ReferenceLog log = ReferenceLog.open(settings)) {
      return publish(log, tenant, BUDGETS, List.of(ReferenceKind.BUDGET), budgets);
    }
  }

  /**
   * Registers versions of prompts; those that the files no longer state are withdrawn.
   *
   * @param files files of prompts (YAML)
   * @return the version in force afterwards
   * @throws dev.tributary.pricing.CatalogueException when a file is refused; nothing is published
   *     then
   */
  public static long publishPrompts(Settings settings, String tenant, List<Path> files) {
    List<Stated> prompts = new ArrayList<>();
    SortedSet<String> ids = new TreeSet<>();
    for (Path file : files) {
      try {
        for (PromptFile.Prompt prompt : PromptFile.parse(file.toString(), Files.readString(file))) {
          if (!ids.add(prompt.id())) {
            throw new PlatformException(file + ": " + prompt.id() + " stands in two files");
          }
          prompts.add(new Stated(ReferenceKind.PROMPT, prompt.id(), null, null, prompt.json()));
        }
      } catch (IOException e) {
        throw new PlatformException("cannot read " + file + ": " + e.getMessage(), e);
      }
    }
    try (ReferenceLog log = ReferenceLog.open(settings)) {
      return publish(log, tenant, PROMPTS, List.of(ReferenceKind.PROMPT), prompts);
    }
  }

  /**
   * Publishes what alerts are silenced and how teams want theirs; what the files no longer state is
   * withdrawn.
   *
   * @param files files (YAML) with a list {@code policies}
   * @return the version in force afterwards
   * @throws PlatformException when a file is refused, naming file, policy and field; nothing is
   *     published then
   */
  public static long publishAlerting(Settings settings, String tenant, List<Path> files) {
    List<Stated> policies = alerting(files);
    try (ReferenceLog log = ReferenceLog.open(settings)) {
      return publish(log, tenant, ALERTING, List.of(ReferenceKind.POLICY), policies);
    }
  }

  private static List<Stated> alerting(List<Path> files) {
    List<Stated> policies = new ArrayList<>();
    SortedSet<String> ids = new TreeSet<>();
    for (Path file : files) {
      try {
        for (JsonNode policy : new YAMLMapper().readTree(Files.readString(file)).path("policies")) {
          String id = policy.path("id").asText();
          if (id.isEmpty() || !ids.add(id)) {
            throw new PlatformException(file + ": id: " + id + ": missing, or stated twice");
          }
          String json = new ObjectMapper().writeValueAsString(policy);
          if (PolicyJson.policy(id, json, null, null).equals(PolicyJson.Policy.NONE)) {
            throw new PlatformException(
                file + ": " + id + ": type: silence, maintenance or alert_routing is expected");
          }
          policies.add(new Stated(ReferenceKind.POLICY, id, null, null, json));
        }
      } catch (IOException e) {
        throw new PlatformException("cannot read " + file + ": " + e.getMessage(), e);
      } catch (IllegalArgumentException e) {
        throw new PlatformException(file + ": " + e.getMessage(), e);
      }
    }
    return policies;
  }

  private static List<Stated> budgets(String tenant, List<Path> files) {
    ObjectMapper yamlReader =
        new YAMLMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
    List<Stated> budgets = new ArrayList<>();
    SortedSet<String> ids = new TreeSet<>();
    for (Path file : files) {
      try {
        String yaml = Files.readString(file);
        for (Budget budget : BudgetReader.readFile(file.toString(), tenant, yaml)) {
          if (!ids.add(budget.id())) {
            throw new PlatformException(file + ": id: a second budget of the name " + budget.id());
          }
        }
        for (JsonNode budget : yamlReader.readTree(yaml).path("budgets")) {
          budgets.add(
              new Stated(
                  ReferenceKind.BUDGET,
                  budget.path("id").asText(),
                  null,
                  null,
                  new ObjectMapper().writeValueAsString(budget)));
        }
      } catch (IOException e) {
        throw new PlatformException("cannot read " + file + ": " + e.getMessage(), e);
      } catch (IllegalArgumentException e) {
        throw new PlatformException(String.valueOf(e.getMessage()), e);
      }
    }
    return budgets;
  }

  /**
   * Publishes policies of anomalies; those that the files no longer state are withdrawn.
   *
   * @param files policy files (YAML)
   * @return the version in force afterwards
   * @throws PlatformException when a file is refused, naming file, policy and key; nothing is
   *     published then
   */
  public static long publishPolicies(Settings settings, String tenant, List<Path> files) {
    List<Stated> policies = policies(files);
    try (ReferenceLog log = ReferenceLog.open(settings)) {
      return publish(log, tenant, POLICIES, List.of(ReferenceKind.POLICY), policies);
    }
  }

  private static List<Stated> policies(List<Path> files) {
    List<PolicyRow> rows = new ArrayList<>();
    List<Stated> stated = new ArrayList<>();
    for (Path file : files) {
      try {
        for (PolicyRow row : PolicyReader.readFile(file.toString(), Files.readString(file))) {
          rows.add(row);
          stated.add(
              new Stated(
                  ReferenceKind.POLICY,
                  "anomaly." + row.id(),
                  null,
                  null,
                  new ObjectMapper().writeValueAsString(row.toMap())));
        }
      } catch (IOException e) {
        throw new PlatformException("cannot read " + file + ": " + e.getMessage(), e);
      } catch (PolicyException e) {
        throw new PlatformException(String.valueOf(e.getMessage()), e);
      }
    }
    try {
      new RuleBook(rows); // refuses what contradicts itself between files
    } catch (PolicyException e) {
      throw new PlatformException(String.valueOf(e.getMessage()), e);
    }
    return stated;
  }

  /**
   * Publishes evaluation policies; those that the files no longer state are withdrawn.
   *
   * @param files policy files (YAML)
   * @return the version in force afterwards
   * @throws PlatformException when a file is refused, naming file, line and field; nothing is
   *     published then
   */
  public static long publishEvalPolicies(Settings settings, String tenant, List<Path> files) {
    List<Stated> policies = EvalPolicyFiles.read(tenant, files);
    try (ReferenceLog log = ReferenceLog.open(settings)) {
      return publish(log, tenant, EVAL_POLICIES, List.of(ReferenceKind.POLICY), policies);
    }
  }

  /**
   * Publishes erasures, beside those that are there.
   *
   * @param ids what they name, see {@link dev.tributary.normalize.core.Erasures#referenceId}
   * @return the version in force afterwards
   */
  public static long publishErasures(Settings settings, String tenant, List<String> ids) {
    try (ReferenceLog log = ReferenceLog.open(settings)) {
      SortedSet<String> all = new TreeSet<>(ids);
      for (Reference reference : log.read(tenant).values()) {
        if (reference.getKind() == ReferenceKind.ERASURE) {
          all.add(reference.getId());
        }
      }
      List<Stated> stated =
          all.stream().map(id -> new Stated(ReferenceKind.ERASURE, id, null, null, "{}")).toList();
      return publish(log, tenant, ERASURE, List.of(ReferenceKind.ERASURE), stated);
    }
  }

  private static long publish(
      ReferenceLog log,
      String tenant,
      String source,
      List<ReferenceKind> kinds,
      List<Stated> stated) {
    var current = log.read(tenant);
    var next =
        ReferenceTimelines.next(
            tenant,
            current,
            source,
            kinds,
            stated,
            CuratedCatalogue.VERSION,
            ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()));
    if (next == null) {
      return ReferenceTimelines.versionOf(tenant, current);
    }
    log.append(next.changed());
    log.append(List.of(next.manifest()));
    return ReferenceTimelines.versionOf(tenant, log.read(tenant));
  }

  private static List<Stated> cards() {
    return CuratedCatalogue.load().cards().stream().map(PriceFiles::row).toList();
  }

  private static List<Stated> rules(List<Path> files) {
    List<Stated> rules = new ArrayList<>();
    for (Path file : files) {
      try {
        String yaml = Files.readString(file);
        OwnershipReader.readFile(file.toString(), yaml);
        for (JsonNode rule : new YAMLMapper().readTree(yaml).path("rules")) {
          rules.add(
              new Stated(
                  ReferenceKind.OWNERSHIP,
                  rule.path("id").asText(),
                  null,
                  null,
                  new ObjectMapper().writeValueAsString(rule)));
        }
      } catch (IOException e) {
        throw new PlatformException("cannot read " + file + ": " + e.getMessage(), e);
      } catch (IllegalArgumentException e) {
        throw new PlatformException(String.valueOf(e.getMessage()), e);
      }
    }
    return rules;
  }
}
