package dev.tributary.standalone.demo;

import java.util.List;

/**
 * A product feature of the company.
 *
 * @param name the feature
 * @param team its owner
 * @param saysTeam whether its spans state the team; otherwise the ownership table knows it
 * @param service service that serves it
 * @param shape how its traces look
 * @param main model it calls
 * @param fallback model it falls back to
 * @param weight share of the traffic, relative to the other features
 * @param inputTokens typical prompt size, tokens
 * @param outputTokens typical answer size, tokens
 */
record Feature(
    String name,
    String team,
    boolean saysTeam,
    String service,
    Shape shape,
    Model main,
    Model fallback,
    int weight,
    int inputTokens,
    int outputTokens) {

  /** How a trace of the feature looks. */
  enum Shape {
    /** One call. */
    CHAT,
    /** An embedding, a retrieval and one call. */
    RAG,
    /** An agent that calls tools in a loop, and repeats its usage on its own span. */
    AGENT
  }

  /** Prompt versions in use: the older one for most, the newer one for a third of the traffic. */
  static final List<String> PROMPT_VERSIONS = List.of("v1", "v2");

  /** Name of the feature's prompt template. */
  String promptName() {
    return name + "-prompt";
  }
}
