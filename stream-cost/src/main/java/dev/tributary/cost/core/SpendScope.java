package dev.tributary.cost.core;

import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.ResolvedTag;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What spend is summed by for budgets: a dimension of calls, {@code environment}, or a configured
 * tag as {@code tag.<name>}.
 *
 * @param label as configuration and budgets name it
 * @param dimension null: the environment, or a tag
 */
public record SpendScope(String label, @Nullable Dimension dimension) {
  private static final String ENVIRONMENT = "environment";
  private static final String TAG = "tag.";
  private static final Pattern TAG_LABEL = Pattern.compile("tag\\.[A-Za-z0-9_.-]{1,63}");

  /**
   * The scope of a label.
   *
   * @throws IllegalArgumentException when calls have no such dimension
   */
  public static SpendScope parse(String label) {
    if (label.equals(ENVIRONMENT) || TAG_LABEL.matcher(label).matches()) {
      return new SpendScope(label, null);
    }
    Optional<Dimension> dimension =
        Dimension.ofLabel(label).filter(known -> (known.roles() & LineRole.CALL.bit()) != 0);
    return new SpendScope(
        label,
        dimension.orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no scope of a budget: \""
                        + label
                        + "\"; known: environment, tag.<name> and the dimensions of calls, such as"
                        + " team, feature, workspace, model")));
  }

  /** The line's value; {@link Dimension#UNATTRIBUTED} where it states none. */
  String of(LedgerLine line) {
    if (dimension != null) {
      return dimension.of(line);
    }
    if (label.equals(ENVIRONMENT)) {
      return Dimension.environmentOf(line.getAttribution());
    }
    ResolvedTag tag = line.getAttribution().getCustom().get(label.substring(TAG.length()));
    String value = tag == null ? null : tag.getValue();
    return value == null ? Dimension.UNATTRIBUTED : value;
  }
}
