package dev.tributary.evaldispatch.core;

/**
 * Jobs that wait for an answer, as a team sees them: production and staging are two queues.
 *
 * @param environment of the subjects; {@code unattributed}: nobody says
 * @param team that owns the subjects; {@code unattributed}: nobody says
 * @param route fast, judge or human
 */
public record Queue(
    String tenant, String environment, String team, String evaluator, String route) {
  /** What nobody states. */
  public static final String UNATTRIBUTED = "unattributed";

  /** The queue for people, and part of the key of its signal. */
  public String scope() {
    return "eval_queue:" + route + ':' + evaluator + ':' + team + '@' + environment;
  }

  String[] parts() {
    return new String[] {tenant, environment, team, evaluator, route};
  }
}
