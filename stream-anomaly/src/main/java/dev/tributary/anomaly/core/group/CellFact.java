package dev.tributary.anomaly.core.group;

import dev.tributary.anomaly.core.StateReader;
import dev.tributary.anomaly.core.StateWriter;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A cell as explanations need it.
 *
 * @param dimensions values by label, sorted
 * @param startUs start, microseconds
 * @param tokens tokens by price bucket, buckets without any left out
 * @param costs cost by price bucket
 * @param rateCards rate cards used, sorted
 * @param dearest call that was booked with the highest cost; null: none is known
 * @param byChance call chosen by chance; null: none is known
 */
public record CellFact(
    Map<String, String> dimensions,
    long startUs,
    long calls,
    long errors,
    long pricedCalls,
    Map<String, Long> tokens,
    Map<String, BigDecimal> costs,
    List<String> rateCards,
    @Nullable ExampleCall dearest,
    @Nullable ExampleCall byChance) {
  /** Label of the dimension that every cell has. */
  public static final String FEATURE = "feature";

  public CellFact {
    dimensions = new TreeMap<>(dimensions);
    tokens = new TreeMap<>(tokens);
    costs = new TreeMap<>(costs);
    rateCards = List.copyOf(rateCards);
  }

  /** A cell of which no call is known by name. */
  public CellFact(
      Map<String, String> dimensions,
      long startUs,
      long calls,
      long errors,
      long pricedCalls,
      Map<String, Long> tokens,
      Map<String, BigDecimal> costs,
      List<String> rateCards) {
    this(dimensions, startUs, calls, errors, pricedCalls, tokens, costs, rateCards, null, null);
  }

  /** Feature of the cell. */
  public String feature() {
    return dimensions.getOrDefault(FEATURE, "unattributed");
  }

  /** Whether the cell has all these values. */
  boolean isIn(Map<String, String> slice) {
    return slice.entrySet().stream()
        .allMatch(wanted -> wanted.getValue().equals(dimensions.get(wanted.getKey())));
  }

  BigDecimal cost() {
    return costs.values().stream().reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  /** Tokens of input or of output. */
  long tokens(boolean isInput) {
    return tokens.entrySet().stream()
        .filter(bucket -> bucket.getKey().startsWith("in.") == isInput)
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  /** Writes the cell, without calls by name. */
  public void save(StateWriter to) {
    to.texts(dimensions).whole(startUs).whole(calls).whole(errors).whole(pricedCalls);
    to.whole(tokens.size());
    tokens.forEach((bucket, count) -> to.text(bucket).whole(count));
    to.whole(costs.size());
    costs.forEach((bucket, cost) -> to.text(bucket).amount(cost));
    to.whole(rateCards.size());
    rateCards.forEach(to::text);
  }

  /** Writes the calls by name; behind everything else, where older versions end. */
  public void saveCalls(StateWriter to) {
    ExampleCall.save(to, dearest);
    ExampleCall.save(to, byChance);
  }

  /** The cell with the calls that {@link #saveCalls} wrote; the same where nothing more follows. */
  public CellFact withCalls(StateReader from) {
    return from.hasMore()
        ? new CellFact(
            dimensions,
            startUs,
            calls,
            errors,
            pricedCalls,
            tokens,
            costs,
            rateCards,
            ExampleCall.load(from),
            ExampleCall.load(from))
        : this;
  }

  /** Reads what {@link #save} wrote. */
  public static CellFact load(StateReader from) {
    Map<String, String> dimensions = from.texts();
    long startUs = from.whole();
    long calls = from.whole();
    long errors = from.whole();
    long pricedCalls = from.whole();
    Map<String, Long> tokens = new TreeMap<>();
    for (long i = from.whole(); i > 0; i--) {
      String bucket = from.text();
      tokens.put(bucket, from.whole());
    }
    Map<String, BigDecimal> costs = new TreeMap<>();
    for (long i = from.whole(); i > 0; i--) {
      String bucket = from.text();
      costs.put(bucket, from.amount());
    }
    List<String> cards = new ArrayList<>();
    for (long i = from.whole(); i > 0; i--) {
      cards.add(from.text());
    }
    return new CellFact(dimensions, startUs, calls, errors, pricedCalls, tokens, costs, cards);
  }
}
