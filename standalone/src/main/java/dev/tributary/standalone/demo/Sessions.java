package dev.tributary.standalone.demo;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

/** Conversations in progress: each feature has a few, which go on for up to eight turns. */
final class Sessions {
  private static final int OPEN_PER_FEATURE = 40;
  private static final int MAX_TURNS = 8;

  /**
   * One turn of a conversation.
   *
   * @param session session id
   * @param workspace customer
   * @param user user id
   * @param number turn, from 1
   */
  record Turn(String session, String workspace, String user, int number) {}

  private final SplittableRandom random;
  private final Map<String, Turn> open = new HashMap<>();
  private long started;

  Sessions(SplittableRandom random) {
    this.random = random;
  }

  /** The next turn of one of the feature's conversations, or the first of a new one. */
  Turn next(Feature feature) {
    String slot = feature.name() + random.nextInt(OPEN_PER_FEATURE);
    Turn last = open.get(slot);
    Turn next =
        last == null || last.number() >= MAX_TURNS || random.nextInt(4) == 0
            ? start(feature)
            : new Turn(last.session(), last.workspace(), last.user(), last.number() + 1);
    open.put(slot, next);
    return next;
  }

  private Turn start(Feature feature) {
    started++;
    String workspace = Company.WORKSPACES.get(random.nextInt(Company.WORKSPACES.size()));
    return new Turn(
        "sess-" + feature.name() + "-" + started,
        workspace,
        workspace + "-user-" + random.nextInt(500),
        1);
  }
}
