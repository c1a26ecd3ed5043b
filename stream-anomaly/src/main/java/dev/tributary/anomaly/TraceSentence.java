package dev.tributary.anomaly;

import dev.tributary.schemas.Signal;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** An open trace that runs away, loops or stalls, in one plain sentence. */
final class TraceSentence {
  private TraceSentence() {}

  /**
   * The sentence, without the owner.
   *
   * @param environment to be named; null: it goes without saying
   */
  static String of(Signal signal, @Nullable String environment) {
    String rule = ':' + signal.getKind();
    String scope = signal.getScope();
    String trace =
        scope.endsWith(rule) ? scope.substring(0, scope.length() - rule.length()) : scope;
    String subject =
        trace.replace(':', ' ') + (environment == null ? "" : " (" + environment + ")");
    // A trace may have broken several rules, of which the others go on.
    return signal.getActive()
        ? subject + reason(signal)
        : "the " + signal.getKind().replace('_', ' ') + " of " + subject + " is over";
  }

  private static String reason(Signal signal) {
    String value = plain(signal.getValue());
    return switch (signal.getKind()) {
      case "runaway_cost" -> " is still open and has cost " + value;
      case "tool_loop" ->
          " is still open and repeats one call of "
              + named("tool ", signal.getDetail().get("tool"), "a tool")
              + ' '
              + value
              + " times";
      default ->
          " has been silent for "
              + value
              + " s since "
              + named("agent ", signal.getDetail().get("from_agent"), "an agent")
              + " handed over to one that does not come";
    };
  }

  private static String named(String before, @Nullable String name, String otherwise) {
    return name == null || name.isEmpty() ? otherwise : before + name;
  }

  private static String plain(@Nullable BigDecimal value) {
    return value == null ? "" : value.stripTrailingZeros().toPlainString();
  }
}
