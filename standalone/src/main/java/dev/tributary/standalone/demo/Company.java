package dev.tributary.standalone.demo;

import dev.tributary.standalone.demo.Feature.Shape;
import java.util.List;

/** The simulated company: five teams, twelve features, nine models of four providers. */
final class Company {
  static final List<Feature> FEATURES =
      List.of(
          new Feature(
              "support-answer",
              "team-support",
              true,
              "support-api",
              Shape.RAG,
              Model.SONNET,
              Model.HAIKU,
              18,
              5_200,
              420),
          new Feature(
              "support-triage",
              "team-support",
              true,
              "support-api",
              Shape.CHAT,
              Model.HAIKU,
              Model.GPT_4O_MINI,
              14,
              900,
              60),
          new Feature(
              "support-agent",
              "team-support",
              false,
              "support-agents",
              Shape.AGENT,
              Model.SONNET,
              Model.GPT_4O,
              7,
              3_800,
              310),
          new Feature(
              "search-answer",
              "team-search",
              true,
              "search-api",
              Shape.RAG,
              Model.GPT_4O,
              Model.GPT_4O_MINI,
              16,
              4_100,
              260),
          new Feature(
              "query-rewrite",
              "team-search",
              false,
              "search-api",
              Shape.CHAT,
              Model.GPT_4O_MINI,
              Model.GEMINI_FLASH,
              20,
              350,
              45),
          new Feature(
              "code-review",
              "team-devtools",
              true,
              "code-bots",
              Shape.AGENT,
              Model.GPT_5,
              Model.SONNET,
              5,
              9_500,
              900),
          new Feature(
              "commit-message",
              "team-devtools",
              true,
              "code-bots",
              Shape.CHAT,
              Model.GPT_4O_MINI,
              Model.MISTRAL_LARGE,
              12,
              1_400,
              70),
          new Feature(
              "contract-review",
              "team-legal",
              true,
              "legal-api",
              Shape.CHAT,
              Model.SONNET,
              Model.GPT_5,
              3,
              38_000,
              1_600),
          new Feature(
              "clause-search",
              "team-legal",
              false,
              "legal-api",
              Shape.RAG,
              Model.MISTRAL_LARGE,
              Model.GPT_4O_MINI,
              6,
              6_300,
              380),
          new Feature(
              "campaign-copy",
              "team-growth",
              true,
              "growth-api",
              Shape.CHAT,
              Model.GEMINI_FLASH,
              Model.GPT_4O_MINI,
              9,
              1_100,
              520),
          new Feature(
              "lead-scoring",
              "team-growth",
              false,
              "growth-jobs",
              Shape.CHAT,
              Model.ATLAS,
              Model.GEMINI_FLASH,
              8,
              700,
              25),
          new Feature(
              "onboarding-agent",
              "team-growth",
              true,
              "growth-api",
              Shape.AGENT,
              Model.GEMINI_FLASH,
              Model.GPT_4O_MINI,
              6,
              2_600,
              240));

  static final List<String> WORKSPACES =
      List.of("acme", "globex", "initech", "umbrella", "hooli", "stark", "wayne", "wonka");

  static final List<String> TOOLS =
      List.of("lookup_order", "search_docs", "run_tests", "open_ticket", "read_file", "send_email");

  static final List<String> INDEXES = List.of("help-center", "product-catalog", "contracts");

  /** Service whose traffic states no tags at all. */
  static final String UNTAGGED_SERVICE = "nightly-batch";

  static final int TOTAL_WEIGHT = FEATURES.stream().mapToInt(Feature::weight).sum();

  private Company() {}

  /** The feature that a point of the weighted range falls on. */
  static Feature featureAt(int point) {
    int rest = Math.floorMod(point, TOTAL_WEIGHT);
    for (Feature feature : FEATURES) {
      rest -= feature.weight();
      if (rest < 0) {
        return feature;
      }
    }
    throw new IllegalStateException("weights do not add up: " + TOTAL_WEIGHT);
  }
}
