package dev.tributary.standalone.compare;

import dev.tributary.pricing.YamlFields;
import dev.tributary.pricing.YamlMapping;
import dev.tributary.quality.Comparison;
import dev.tributary.quality.Dimension;
import dev.tributary.quality.GatePolicy;
import dev.tributary.quality.GateRule;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a gate's policy from YAML; what is wrong is refused with file, line and field. */
public final class GateFile {
  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

  private GateFile() {}

  /**
   * The policy.
   *
   * @param reading how often one looks, where the file does not say
   */
  public static GatePolicy parse(String sourceName, String text, Comparison.Reading reading) {
    YamlMapping root =
        YamlFields.parse(sourceName, text)
            .mapping(Set.of("alpha", "least", "reading", "undecided", "rules"));
    double alpha =
        root.find("alpha").map(field -> number(field, "a number in (0, 1)")).orElse(0.05);
    int least =
        root.find("least")
            .map(field -> field.convert("a whole number", Integer::parseInt))
            .orElse(Comparison.LIVE.least());
    Comparison.Reading stated =
        root.find("reading")
            .map(
                field ->
                    field.convert(
                        "any_time or once",
                        word -> Comparison.Reading.valueOf(word.toUpperCase(Locale.ROOT))))
            .orElse(reading);
    GatePolicy.Undecided undecided =
        root.find("undecided")
            .map(
                field ->
                    field.convert(
                        "wait, pass or fail",
                        word -> GatePolicy.Undecided.valueOf(word.toUpperCase(Locale.ROOT))))
            .orElse(GatePolicy.Undecided.WAIT);
    List<GateRule> rules = new ArrayList<>();
    for (YamlFields item : root.need("rules").items()) {
      rules.add(rule(item));
    }
    try {
      return new GatePolicy(new Comparison(alpha, least, stated), undecided, rules);
    } catch (IllegalArgumentException e) {
      throw root.place().refuse(e);
    }
  }

  private static GateRule rule(YamlFields item) {
    YamlMapping fields =
        item.mapping(Set.of("dimension", "may_rise", "may_fall", "at_most", "at_least"));
    YamlFields dimension = fields.need("dimension");
    String name = dimension.text();
    Dimension known = Dimensions.find(name);
    if (known == null) {
      throw dimension.refuse(
          "unknown dimension " + name + "; allowed are score.NAME and " + Dimensions.ofCalls());
    }
    if (fields.find("may_rise").isPresent() && fields.find("may_fall").isPresent()) {
      throw item.refuse("a rule limits either a rise or a fall; write two rules for both");
    }
    GateRule.Change change = change(fields, "may_rise", true);
    change = change == null ? change(fields, "may_fall", false) : change;
    try {
      return new GateRule(name, change, limit(fields, "at_most"), limit(fields, "at_least"))
          .of(known);
    } catch (IllegalArgumentException e) {
      throw item.refuse(e);
    }
  }

  private static GateRule.@Nullable Change change(
      YamlMapping fields, String name, boolean isIncrease) {
    YamlFields field = fields.find(name).orElse(null);
    if (field == null) {
      return null;
    }
    String text = field.text();
    boolean isRelative = text.endsWith("%");
    BigDecimal amount =
        field.convert(
            "a number such as 0.02, or a share of the baseline such as 5%",
            all -> new BigDecimal(isRelative ? all.substring(0, all.length() - 1).strip() : all));
    try {
      return new GateRule.Change(
          isIncrease,
          isRelative ? amount.divide(HUNDRED).doubleValue() : amount.doubleValue(),
          isRelative);
    } catch (IllegalArgumentException e) {
      throw field.refuse(e);
    }
  }

  private static @Nullable Double limit(YamlMapping fields, String name) {
    return fields.find(name).map(field -> number(field, "a number")).orElse(null);
  }

  private static double number(YamlFields field, String what) {
    return field.convert(what, text -> new BigDecimal(text)).doubleValue();
  }
}
