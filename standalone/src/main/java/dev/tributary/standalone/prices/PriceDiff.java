package dev.tributary.standalone.prices;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tributary.pricing.Catalogue;
import dev.tributary.pricing.CatalogueDiff;
import dev.tributary.pricing.Rate;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Two catalogues side by side. */
public final class PriceDiff {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private PriceDiff() {}

  /** A line for each card that differs, its prices below it, and the sum of them. */
  public static void print(Catalogue before, Catalogue after, PrintWriter out) {
    CatalogueDiff diff = CatalogueDiff.between(before, after);
    int added = 0;
    int removed = 0;
    for (CatalogueDiff.Change change : diff.changes()) {
      added += change.kind() == CatalogueDiff.Kind.ADDED ? 1 : 0;
      removed += change.kind() == CatalogueDiff.Kind.REMOVED ? 1 : 0;
      out.printf("%s %s%n", sign(change.kind()), change.key());
      change
          .rates()
          .forEach(
              (bucket, rate) ->
                  out.printf(
                      "    %-18s %s -> %s%s%n",
                      bucket.wireName(),
                      RateText.of(bucket, rate.before()),
                      RateText.of(bucket, rate.after()),
                      factor(rate)));
      change.terms().forEach(term -> out.printf("    %s%n", term));
    }
    out.printf(
        "%d added, %d removed, %d changed, of %d and %d cards%n",
        added,
        removed,
        diff.changes().size() - added - removed,
        before.cards().size(),
        after.cards().size());
  }

  /** A JSON line for each card that differs. */
  public static void printJson(Catalogue before, Catalogue after, PrintWriter out) {
    for (CatalogueDiff.Change change : CatalogueDiff.between(before, after).changes()) {
      ObjectNode line = MAPPER.createObjectNode();
      line.put("change", change.kind().name().toLowerCase(Locale.ROOT));
      line.put("key", change.key());
      line.put("surface", change.card().surface()).put("model", change.card().canonicalModel());
      ObjectNode rates = line.putObject("rates");
      change
          .rates()
          .forEach(
              (bucket, rate) -> {
                ObjectNode node = rates.putObject(bucket.wireName());
                put(node, "before", rate.before());
                put(node, "after", rate.after());
              });
      change.terms().forEach(term -> line.withArray("terms").add(term));
      out.println(line);
    }
  }

  private static void put(ObjectNode node, String name, @Nullable Rate rate) {
    if (rate == null) {
      node.putNull(name);
    } else {
      node.putObject(name).put("amount", rate.amount().toPlainString()).put("per", rate.per());
    }
  }

  private static char sign(CatalogueDiff.Kind kind) {
    return switch (kind) {
      case ADDED -> '+';
      case REMOVED -> '-';
      case CHANGED -> '~';
    };
  }

  private static String factor(CatalogueDiff.RateChange change) {
    Rate before = change.before();
    Rate after = change.after();
    if (before == null || after == null || before.isZero()) {
      return "";
    }
    BigDecimal factor =
        after
            .amount()
            .multiply(BigDecimal.valueOf(before.per()))
            .divide(
                before.amount().multiply(BigDecimal.valueOf(after.per())),
                4,
                RoundingMode.HALF_EVEN);
    return " (x" + (factor.signum() == 0 ? "0" : factor.stripTrailingZeros().toPlainString()) + ")";
  }
}
