package dev.tributary.pricing.importer;

import dev.tributary.pricing.ModelName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A list's conditions on names, as the further names that cards carry. Equal texts become aliases,
 * beginnings and parts become globs in the list's order; a regular expression has no such form. Not
 * thread-safe.
 */
public final class NamesAsPatterns {
  private final Map<String, Set<ModelName>> names = new HashMap<>();
  private final Map<String, String> taken = new HashMap<>();
  private final List<String> leftOut = new ArrayList<>();

  NamesAsPatterns() {}

  /** The names of a model; empty where it has none but its own. */
  public List<ModelName> of(String surface, String model) {
    return List.copyOf(names.getOrDefault(surface + '|' + model, Set.of()));
  }

  /**
   * The names of a model that had some by an earlier list: those of this one, and earlier aliases
   * that it gives to nobody else. Where it knows no name of the model, all earlier ones; patterns
   * have their places among those of their own list.
   *
   * @param earlier in their order, which is kept
   */
  public List<ModelName> of(String surface, String model, List<ModelName> earlier) {
    List<ModelName> stated = of(surface, model);
    Set<ModelName> all = new LinkedHashSet<>(earlier);
    all.removeIf(
        name ->
            !stated.contains(name)
                && (name.kind() == ModelName.Kind.PATTERN
                    ? !stated.isEmpty()
                    : !model.equals(taken.getOrDefault(surface + '|' + name.value(), model))));
    all.addAll(stated);
    return List.copyOf(all);
  }

  /** Conditions that names cannot say, a line each. */
  public List<String> leftOut() {
    return List.copyOf(leftOut);
  }

  /** Keeps a model's own name from becoming another's alias. */
  void reserve(String surface, String model) {
    taken.putIfAbsent(surface + '|' + model.toLowerCase(Locale.ROOT), model);
  }

  void add(String surface, String model, MatchRule rule, int priority) {
    if (rule instanceof MatchRule.Any any) {
      any.rules().forEach(part -> add(surface, model, part, priority));
    } else if (rule instanceof MatchRule.Text text && text.text().indexOf('*') < 0) {
      addText(surface, model, text, priority);
    } else {
      leftOut.add(surface + '|' + model + ": no name says " + rule);
    }
  }

  private void addText(String surface, String model, MatchRule.Text rule, int priority) {
    String text = rule.text();
    if (rule.kind() != MatchRule.Kind.EQUALS) {
      String glob =
          switch (rule.kind()) {
            case STARTS_WITH -> text + '*';
            case ENDS_WITH -> '*' + text;
            default -> '*' + text + '*';
          };
      put(surface, model, ModelName.pattern(glob, priority));
      return;
    }
    String owner = taken.putIfAbsent(surface + '|' + text, model);
    if (owner == null || (owner.equals(model) && !text.equalsIgnoreCase(model))) {
      put(surface, model, ModelName.alias(text));
    } else if (!owner.equals(model)) {
      leftOut.add(surface + '|' + model + ": the name " + text + " is " + owner + "'s");
    }
  }

  private void put(String surface, String model, ModelName name) {
    names.computeIfAbsent(surface + '|' + model, unused -> new LinkedHashSet<>()).add(name);
  }
}
