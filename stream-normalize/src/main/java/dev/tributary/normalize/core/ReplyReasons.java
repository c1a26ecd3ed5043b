package dev.tributary.normalize.core;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tributary.schemas.FrameworkAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Finish reasons where no attribute of their own states them: at each choice, or in the reply. */
final class ReplyReasons {
  /** Texts that hold the messages or the reply, with a reason in each choice. */
  private static final Attr[] REPLIES = {
    Attr.OUTPUT_MESSAGES,
    Attr.COMPLETION,
    Attr.ADK_LLM_RESPONSE,
    Attr.LANGFUSE_OUTPUT,
    Attr.OUTPUT_VALUE,
    Attr.MLFLOW_OUTPUTS,
    Attr.LOGFIRE_RESPONSE
  };

  private static final String[] LISTS = {"choices", "candidates", "generations"};
  private static final String[] WORDS = {
    "finish_reason", "finishReason", "stop_reason", "stopReason"
  };

  private ReplyReasons() {}

  /** The reasons, one for each choice that has one; empty: none. */
  static List<String> of(OtlpSpan span, Facts facts) {
    List<String> reasons = indexed(span.attributes());
    if (reasons.isEmpty()) {
      reasons = ofEvents(span);
    }
    for (int i = 0; reasons.isEmpty() && i < REPLIES.length; i++) {
      String text = facts.has(REPLIES[i]) ? facts.text(REPLIES[i]) : null;
      if (text != null && mayHold(text)) {
        reasons = inTree(Json.tree(text));
      }
    }
    return reasons;
  }

  /** {@code gen_ai.completion.0.finish_reason}, in the order of the numbers. */
  private static List<String> indexed(Attributes attributes) {
    TreeMap<String, String> byIndex =
        new TreeMap<>(Comparator.comparingInt(String::length).thenComparing(name -> name));
    for (int i = 0; i < attributes.size(); i++) {
      String name = attributes.name(i);
      boolean isReason =
          name.endsWith(FrameworkAttributes.FINISH_REASON_SUFFIX)
              && (name.startsWith(FrameworkAttributes.COMPLETION_PREFIX)
                  || name.startsWith(FrameworkAttributes.OUTPUT_MESSAGE_PREFIX));
      if (isReason && attributes.value(i) instanceof String reason && !reason.isBlank()) {
        byIndex.put(name, reason);
      }
    }
    return List.copyOf(byIndex.values());
  }

  private static List<String> ofEvents(OtlpSpan span) {
    List<String> reasons = new ArrayList<>(0);
    for (OtlpSpan.Event event : span.events()) {
      Object reason =
          event.name().equals(FrameworkAttributes.CHOICE_EVENT)
              ? event.find(FrameworkAttributes.FINISH_REASON_SUFFIX)
              : null;
      if (reason instanceof String word && !word.isBlank()) {
        reasons.add(word);
      }
    }
    return reasons;
  }

  /** Saves parsing a long text that cannot hold a reason. */
  private static boolean mayHold(String text) {
    return text.contains("inish") || text.contains("stop_reason") || text.contains("stopReason");
  }

  private static List<String> inTree(@Nullable JsonNode tree) {
    List<String> reasons = new ArrayList<>(1);
    if (tree == null) {
      return reasons;
    }
    for (String list : LISTS) {
      tree.path(list).forEach(choice -> add(reasons, choice));
    }
    if (tree.isArray()) {
      tree.forEach(message -> add(reasons, message));
    } else if (reasons.isEmpty()) {
      add(reasons, tree);
    }
    return reasons;
  }

  private static void add(List<String> reasons, JsonNode choice) {
    for (String word : WORDS) {
      String reason = choice.path(word).textValue();
      if (reason != null && !reason.isBlank()) {
        reasons.add(reason);
        return;
      }
    }
  }
}
