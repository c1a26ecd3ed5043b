package dev.tributary.standalone.correct;

import dev.tributary.schemas.Topic;
import dev.tributary.schemas.TopicNames;
import dev.tributary.schemas.Topics;
import java.time.Duration;
import java.util.List;

/**
 * The topics of a replay: those that attribution writes, and its commands' (which stays empty),
 * under a prefix of their own.
 *
 * @param names names on the cluster
 * @param id the replay's
 */
record Shadow(TopicNames names, String id) {
  /**
   * Spans are read from so long before the period, so that its traces are whole: the age at which
   * any trace closes.
   */
  static final Duration LEAD = Duration.ofHours(6);

  static final List<Topic<?, ?>> TOPICS =
      List.of(
          Topics.CORRECTIONS,
          Topics.LEDGER,
          Topics.TRACES,
          Topics.SESSIONS,
          Topics.SIGNALS,
          Topics.REJECTED);

  private static final String MARK = "run.";

  /** Checks the id, which becomes part of topic and group names. */
  Shadow {
    if (!id.matches("[a-z0-9][a-z0-9-]{0,40}")) {
      throw new dev.tributary.standalone.platform.PlatformException(
          "a replay's id has lower-case letters, digits and dashes, at most 41: " + id);
    }
  }

  String prefix() {
    return names.prefix() + MARK + id + ".";
  }

  String name(Topic<?, ?> topic) {
    return new TopicNames(prefix()).of(topic);
  }

  /** Prefix of the application id. */
  static String applicationPrefix(String configured, String id) {
    return configured + "-run-" + id;
  }
}
