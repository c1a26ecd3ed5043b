package dev.tributary.standalone.demo;

import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;

/**
 * The simulator's own books: what it sent, counted in integers as it was sent. Expected results are
 * read from here, never from the product.
 */
final class Books {
  /** What stands for a tag nobody stated. */
  static final String UNATTRIBUTED = "unattributed";

  /** Sums over model calls (failed attempts included, without usage). */
  static final class Sums {
    long calls;
    long failed;
    long unpriced;
    long uncached;
    long cacheRead;
    long cacheWrite;
    long text;
    long reasoning;
    long picodollars;

    void add(Model model, CallTokens tokens) {
      calls++;
      uncached += tokens.uncached();
      cacheRead += tokens.cacheRead();
      cacheWrite += tokens.cacheWrite();
      text += tokens.text();
      reasoning += tokens.reasoning();
      if (model.isPriced()) {
        picodollars = Math.addExact(picodollars, model.cost(tokens));
      } else {
        unpriced++;
      }
    }

    void addFailed() {
      calls++;
      failed++;
    }

    /** Exact cost, US dollars. */
    BigDecimal dollars() {
      return BigDecimal.valueOf(picodollars, 12);
    }

    long tokens() {
      return uncached + cacheRead + cacheWrite + text + reasoning;
    }
  }

  /**
   * Who a call belongs to.
   *
   * @param feature feature, or {@link #UNATTRIBUTED}
   * @param team team, or {@link #UNATTRIBUTED}
   * @param promptVersion prompt version, or {@link #UNATTRIBUTED}
   * @param environment environment
   * @param session session id, or empty for none
   */
  record Owner(
      String feature, String team, String promptVersion, String environment, String session) {}

  private final Sums total = new Sums();
  private final Map<String, Sums> byFeature = new TreeMap<>();
  private final Map<String, Sums> byTeam = new TreeMap<>();
  private final Map<String, Sums> byPrompt = new TreeMap<>();
  private final Map<String, Sums> byModel = new TreeMap<>();
  private final Map<String, Long> sessionPicodollars = new TreeMap<>();
  private long spans;
  private long traces;

  void span() {
    spans++;
  }

  void trace() {
    traces++;
  }

  void call(Owner owner, Model model, CallTokens tokens) {
    total.add(model, tokens);
    sums(byFeature, owner.feature()).add(model, tokens);
    sums(byTeam, owner.team()).add(model, tokens);
    sums(byPrompt, prompt(owner)).add(model, tokens);
    sums(byModel, model.returned()).add(model, tokens);
    if (!owner.session().isEmpty() && model.isPriced()) {
      sessionPicodollars.merge(owner.session(), model.cost(tokens), Math::addExact);
    }
  }

  void failedCall(Owner owner, Model model) {
    total.addFailed();
    sums(byFeature, owner.feature()).addFailed();
    sums(byTeam, owner.team()).addFailed();
    sums(byPrompt, prompt(owner)).addFailed();
    sums(byModel, model.requested()).addFailed();
  }

  Sums total() {
    return total;
  }

  Map<String, Sums> byFeature() {
    return byFeature;
  }

  Map<String, Sums> byTeam() {
    return byTeam;
  }

  /** Keyed {@code feature / version}. */
  Map<String, Sums> byPrompt() {
    return byPrompt;
  }

  /** Keyed by the returned model; failed calls by the requested one. */
  Map<String, Sums> byModel() {
    return byModel;
  }

  /** The dearest session's id and cost in US dollars; few traces may have none. */
  Map.Entry<String, BigDecimal> dearestSession() {
    Map.Entry<String, Long> dearest =
        sessionPicodollars.entrySet().stream()
            .max(Map.Entry.comparingByValue())
            .orElse(Map.entry("none", 0L));
    return Map.entry(dearest.getKey(), BigDecimal.valueOf(dearest.getValue(), 12));
  }

  long spans() {
    return spans;
  }

  long traces() {
    return traces;
  }

  private static String prompt(Owner owner) {
    return owner.feature() + " / " + owner.promptVersion();
  }

  private static Sums sums(Map<String, Sums> map, String key) {
    return map.computeIfAbsent(key, k -> new Sums());
  }
}
