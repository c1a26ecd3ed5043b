package dev.tributary.normalize.reply;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a reply says beside its usage. Every value is a name of at most 256 characters on one line;
 * text never gets here.
 *
 * @param model the model that answered; null: not stated
 * @param responseId null: not stated
 * @param serviceTier as the provider names it; null: not stated
 * @param region where the provider says it ran the call; null: not stated
 * @param finishReasons as the provider writes them, one for each choice that states one
 * @param isStream whether the reply came in several parts
 */
public record ReplyFacts(
    @Nullable String model,
    @Nullable String responseId,
    @Nullable String serviceTier,
    @Nullable String region,
    List<String> finishReasons,
    boolean isStream) {
  /** Nothing said. */
  public static final ReplyFacts NONE = new ReplyFacts(null, null, null, null, List.of(), false);

  /** Copies the list. */
  public ReplyFacts {
    finishReasons = List.copyOf(finishReasons);
  }
}
