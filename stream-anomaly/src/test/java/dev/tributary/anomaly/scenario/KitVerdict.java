package dev.tributary.anomaly.scenario;

import dev.tributary.schemas.Cause;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Whether the causes named are what was done.
 *
 * @param hasSlice whether there is a slice, or a swapped model, to be named
 * @param isSliceRight whether the first one named is it
 * @param hasFactor whether one factor should lead the split
 * @param isFactorRight whether it does
 * @param areBothNamed whether both of two causes are among the slices
 */
record KitVerdict(
    boolean hasSlice,
    boolean isSliceRight,
    boolean hasFactor,
    boolean isFactorRight,
    boolean areBothNamed) {

  static KitVerdict of(KitFeature feature, Injection injection, List<Cause> causes) {
    Scenario scenario = injection.scenario();
    List<Map<String, String>> slices =
        causes.stream()
            .filter(cause -> cause.getDriver().equals("slice"))
            .map(Cause::getSlice)
            .toList();
    boolean isSwap = scenario == Scenario.QUALITY_DROP;
    boolean isRight =
        isSwap
            ? namesModel(causes, KitDraw.swapped(injection))
            : !slices.isEmpty() && isRight(scenario, feature, slices.get(0));
    boolean areBoth =
        scenario == Scenario.TWO_CAUSES
            && slices.contains(feature.slice(scenario))
            && slices.contains(feature.secondSlice());
    return new KitVerdict(
        isSwap || scenario.hasSlice(),
        isRight,
        scenario.factor() != null || scenario == Scenario.TWO_CAUSES,
        isFactorRight(scenario, leading(causes)),
        areBoth);
  }

  private static boolean namesModel(List<Cause> causes, String model) {
    return causes.stream()
        .anyMatch(
            cause ->
                cause.getDriver().equals("model") && model.equals(cause.getSlice().get("model")));
  }

  /** A new prompt version names its workspace by itself, where only that one has it. */
  static boolean isRight(Scenario scenario, KitFeature feature, Map<String, String> slice) {
    Map<String, String> wanted = feature.slice(scenario);
    TreeMap<String, String> named = new TreeMap<>(slice);
    if (scenario == Scenario.VERBOSE_PROMPT && "v13".equals(named.remove("prompt_version"))) {
      return named.isEmpty() || named.equals(wanted);
    }
    return named.equals(wanted)
        || (scenario == Scenario.TWO_CAUSES && named.equals(feature.secondSlice()));
  }

  private static String leading(List<Cause> causes) {
    return causes.stream()
        .filter(cause -> cause.getAmount() != null && cause.getShare() != null)
        .filter(cause -> cause.getShare() > 0)
        .map(Cause::getDriver)
        .findFirst()
        .orElse("");
  }

  private static boolean isFactorRight(Scenario scenario, String leading) {
    if (scenario == Scenario.TWO_CAUSES) {
      return Set.of("volume", "tokens_per_call").contains(leading);
    }
    return scenario.factor() != null
        && leading.equals(scenario.factor().name().toLowerCase(Locale.ROOT));
  }
}
